//! What the camera wrote into the file: date, orientation, camera, place. Tolerant: a broken part costs that part only.

use std::io::Cursor;

use exif::{Exif, In, Tag, Value};
use jiff::civil;

use crate::photo::Gps;
use crate::pixels::Orientation;

/// Facts about one photo. All but the orientation may be missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    /// How to turn the pixels.
    pub orientation: Orientation,
    /// Wall-clock time of the picture in milliseconds, as if it were UTC.
    pub taken_at: Option<i64>,
    /// Maker and model.
    pub camera: Option<String>,
    /// Where it was taken.
    pub gps: Option<Gps>,
}

/// Reads the metadata from the start of a file (or all of it).
pub fn read(bytes: &[u8]) -> Metadata {
    let Some(exif) = exif(bytes) else {
        return Metadata { orientation: Orientation::UPRIGHT, taken_at: None, camera: None, gps: None };
    };
    Metadata {
        orientation: exif_orientation(&exif),
        taken_at: [Tag::DateTimeOriginal, Tag::DateTimeDigitized, Tag::DateTime]
            .into_iter()
            .find_map(|tag| date(&exif, tag)),
        camera: camera(&exif),
        gps: gps(&exif),
    }
}

/// Reads the orientation only.
pub fn orientation(bytes: &[u8]) -> Orientation {
    exif(bytes).map_or(Orientation::UPRIGHT, |exif| exif_orientation(&exif))
}

/// Whether a photo without a profile says in its EXIF data that it is in Adobe RGB, in the way of "Design rule for
/// Camera File system" (colour space unknown and interoperability `R03`) or in the plainer one of some cameras.
pub(super) fn names_adobe_rgb(bytes: &[u8]) -> bool {
    let Some(exif) = exif(bytes) else { return false };
    let value = exif.get_field(Tag::ColorSpace, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    match value {
        Some(2) => true,
        Some(0xFFFF) => text(&exif, Tag::InteroperabilityIndex).as_deref() == Some("R03"),
        _ => false,
    }
}

fn exif(bytes: &[u8]) -> Option<Exif> {
    // Strict reading drops everything on one bad link, which real files have (a thumbnail directory cut short).
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    match super::exif_block(bytes) {
        Some(tiff) => reader.read_raw(tiff.into_owned()),
        None => reader.read_from_container(&mut Cursor::new(bytes)),
    }
    .or_else(|error| error.distill_partial_result(|_| {}))
    .ok()
}

fn exif_orientation(exif: &Exif) -> Orientation {
    let value = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    Orientation::from_exif(value.unwrap_or(1))
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let field = exif.get_field(tag, In::PRIMARY)?;
    let Value::Ascii(parts) = &field.value else { return None };
    let text = String::from_utf8_lossy(parts.first()?).trim_matches([' ', '\0']).to_owned();
    (!text.is_empty()).then_some(text)
}

fn date(exif: &Exif, tag: Tag) -> Option<i64> {
    let parsed = exif::DateTime::from_ascii(text(exif, tag)?.as_bytes()).ok()?;
    let part = |value: u8| i8::try_from(value).ok();
    let date = civil::DateTime::new(
        i16::try_from(parsed.year).ok()?,
        part(parsed.month)?,
        part(parsed.day)?,
        part(parsed.hour)?,
        part(parsed.minute)?,
        part(parsed.second)?,
        0,
    )
    .ok()?;
    as_if_utc(date)
}

/// Milliseconds since 1970 of a wall-clock time, as if it were UTC.
pub fn as_if_utc(wall_clock: civil::DateTime) -> Option<i64> {
    Some(wall_clock.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

fn camera(exif: &Exif) -> Option<String> {
    let (make, model) = (text(exif, Tag::Make), text(exif, Tag::Model));
    match (make, model) {
        // Some makers repeat their name in the model.
        (Some(make), Some(model)) if !model.to_lowercase().starts_with(&make.to_lowercase()) => {
            Some(format!("{make} {model}"))
        }
        (make, model) => model.or(make),
    }
}

fn gps(exif: &Exif) -> Option<Gps> {
    let latitude = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, "S")?;
    let longitude = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, "W")?;
    let is_valid = latitude.abs() <= 90.0 && longitude.abs() <= 180.0 && (latitude, longitude) != (0.0, 0.0);
    is_valid.then_some(Gps { latitude, longitude })
}

fn degrees(exif: &Exif, tag: Tag, reference: Tag, negative: &str) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.as_slice() else { return None };
    let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    let sign = if text(exif, reference).as_deref() == Some(negative) { -1.0 } else { 1.0 };
    value.is_finite().then_some(sign * value)
}
