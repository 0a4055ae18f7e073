//! What the camera wrote: orientation, date and zone, camera, lens, exposure, place; and what people wrote beside it.

mod dates;
mod directories;
mod fields;
mod gps;
mod value;

use fields::Fields;

pub(in crate::image) use self::directories::DirectoryKind;
use super::values::{camera, clean, description, stars, stars_of_percent};
use crate::pixels::Orientation;
use crate::types::{Exposure, Facts};

const IMAGE_DESCRIPTION: u16 = 0x010E;
const MAKE: u16 = 0x010F;
const MODEL: u16 = 0x0110;
const ORIENTATION: u16 = 0x0112;
const PREVIEW_START: u16 = 0x0201;
const PREVIEW_LENGTH: u16 = 0x0202;
const XMP: u16 = 0x02BC;
const RATING: u16 = 0x4746;
const RATING_PERCENT: u16 = 0x4749;
const EXPOSURE_TIME: u16 = 0x829A;
const F_NUMBER: u16 = 0x829D;
const IPTC: u16 = 0x83BB;
const PHOTOSHOP: u16 = 0x8649;
/// Sensitivity, and where to look when it is more than 16 bits hold: recommended exposure index, standard output
/// sensitivity, ISO speed.
const SENSITIVITY: [u16; 4] = [0x8827, 0x8832, 0x8831, 0x8833];
const SHUTTER_SPEED: u16 = 0x9201;
const APERTURE: u16 = 0x9202;
const FOCAL_LENGTH: u16 = 0x920A;
const USER_COMMENT: u16 = 0x9286;
const WINDOWS_COMMENT: u16 = 0x9C9C;
const WINDOWS_KEYWORDS: u16 = 0x9C9E;
const COLOR_SPACE: u16 = 0xA001;
const LENS_MODEL: u16 = 0xA434;
const UNIQUE_MODEL: u16 = 0xC614;

/// What the sensitivity says when it does not fit into its 16 bits.
const TOO_SENSITIVE: f64 = 65535.0;
/// How descriptions begin that cameras and programs write below each photo, in lower case.
const OF_MAKERS: [&str; 11] = [
    "binary",
    "charset=",
    "digital camera",
    "exif_jpeg",
    "lead technologies",
    "<digimax",
    "<samsung",
    "sony dsc",
    "oplus_",
    "untitled",
    "{",
];

/// EXIF data of a file: one TIFF structure.
pub(super) struct Exif<'a> {
    bytes: &'a [u8],
    fields: Fields<'a>,
}

impl<'a> Exif<'a> {
    /// Reads what can be read of a structure whose first directory is of this kind.
    pub(super) fn of(bytes: &'a [u8], first: DirectoryKind) -> Self {
        Self { bytes, fields: Fields::of(bytes, first) }
    }

    /// How to turn the picture, where it says so.
    pub(super) fn orientation(&self) -> Option<Orientation> {
        let value = self.fields.main(ORIENTATION)?.numbers().next()?;
        (1.0..=8.0).contains(&value).then(|| Orientation::from_exif(value as u32))
    }

    /// What the camera says.
    pub(super) fn facts(&self) -> Facts {
        let fields = &self.fields;
        Facts {
            taken: dates::date(fields),
            camera: camera(fields.name(&[MAKE]), fields.name(&[MODEL, UNIQUE_MODEL])),
            lens: fields.name(&[LENS_MODEL]),
            exposure: self.exposure(),
            gps: gps::place(fields),
            ..Facts::default()
        }
    }

    /// What people say in tags of EXIF and of Windows.
    pub(super) fn words(&self) -> Facts {
        let stars = || self.fields.number(RATING).and_then(stars);
        let percent = || self.fields.number(RATING_PERCENT).and_then(stars_of_percent);
        Facts {
            rating: stars().or_else(percent),
            keywords: self.keywords(),
            description: self.description(),
            ..Facts::default()
        }
    }

    /// The packet of XMP, the data sets of IPTC and the resources of Photoshop that stand in tags.
    pub(super) fn packets(&self) -> [Option<&'a [u8]>; 3] {
        [XMP, IPTC, PHOTOSHOP].map(|tag| self.fields.main(tag).map(|value| value.bytes))
    }

    /// Whether it names Adobe RGB, in the way of "Design rule for Camera File system" (colour space unknown and
    /// interoperability `R03`) or in the plainer one of some cameras.
    pub(super) fn names_adobe_rgb(&self) -> bool {
        const INTEROPERABILITY_INDEX: u16 = 1;
        let index = self.fields.of_kind(DirectoryKind::Interoperability, INTEROPERABILITY_INDEX);
        match self.fields.number(COLOR_SPACE) {
            Some(2.0) => true,
            Some(65535.0) => index.and_then(|value| value.text()).is_some_and(|text| text == "R03"),
            _ => false,
        }
    }

    /// The camera's small picture.
    pub(super) fn preview(&self) -> Option<&'a [u8]> {
        let place = |tag| self.fields.of_kind(DirectoryKind::Next, tag)?.offsets().next();
        let start = place(PREVIEW_START)?;
        self.bytes.get(start..start.checked_add(place(PREVIEW_LENGTH)?)?)
    }

    fn exposure(&self) -> Exposure {
        let fields = &self.fields;
        // Powers of two, by the system APEX.
        let power = |tag, half: f64| {
            fields.number(tag).and_then(|value| super::values::positive((value * half).exp2()))
        };
        Exposure {
            seconds: fields.measure(EXPOSURE_TIME).or_else(|| power(SHUTTER_SPEED, -1.0)),
            aperture: fields.measure(F_NUMBER).or_else(|| power(APERTURE, 0.5)),
            iso: self.sensitivity(),
            focal_mm: fields.measure(FOCAL_LENGTH),
        }
    }

    fn sensitivity(&self) -> Option<u32> {
        let told = |tag| self.fields.get(tag)?.numbers().find(|iso| (1.0..1e8).contains(iso));
        let fits = SENSITIVITY.into_iter().filter_map(told).find(|iso| *iso != TOO_SENSITIVE);
        fits.or_else(|| told(SENSITIVITY[0])).map(|iso| iso as u32)
    }

    fn keywords(&self) -> Vec<String> {
        let written = self.fields.get(WINDOWS_KEYWORDS).map(|value| value.wide_text());
        written.iter().flat_map(|text| text.split(';')).filter_map(clean).collect()
    }

    fn description(&self) -> Option<String> {
        let written = self.fields.get(IMAGE_DESCRIPTION).and_then(|value| description(&value.text()?));
        let comment = || self.fields.get(USER_COMMENT).and_then(|value| description(&value.marked_text()?));
        let is_of_maker = |text: &String| {
            let text = text.to_lowercase();
            OF_MAKERS.iter().any(|start| text.starts_with(start)) || text.ends_with(" digital camera")
        };
        let by_windows = || description(&self.fields.get(WINDOWS_COMMENT)?.wide_text());
        let is_of_person = |text: &String| !is_of_maker(text);
        written.filter(is_of_person).or_else(by_windows).or_else(|| comment().filter(is_of_person))
    }
}

#[cfg(test)]
mod tests;
