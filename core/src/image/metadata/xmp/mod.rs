//! XMP, as cameras and editors embed it in photos of all kinds and put it beside them (ISO 16684-1).

mod packet;
mod properties;

use std::collections::HashSet;

use properties::{Name, Properties};

use super::dates::parse;
use super::values::{camera, clean, description, name, positive, stars, stars_of_percent, taken};
use crate::types::{DateRank, DateSource, Exposure, Facts, Gps, Taken};

/// More than any editor writes about one photo.
pub const MAX_BYTES: usize = 4 << 20;
const MAX_KEYWORDS: usize = 500;
/// Also counts those that are named again.
const MAX_NAMED: usize = 20 * MAX_KEYWORDS;

const XMP: &str = "http://ns.adobe.com/xap/1.0";
const DC: &str = "http://purl.org/dc/elements/1.1";
const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0";
const TIFF: &str = "http://ns.adobe.com/tiff/1.0";
const EXIF: &str = "http://ns.adobe.com/exif/1.0";
const EXIF_EX: &str = "http://cipa.jp/exif/1.0";
const AUX: &str = "http://ns.adobe.com/exif/1.0/aux";
const LIGHTROOM: &str = "http://ns.adobe.com/lightroom/1.0";
const DIGIKAM: &str = "http://www.digikam.org/ns/1.0";
const MICROSOFT: &str = "http://ns.microsoft.com/photo/1.0";

const DATES: [(Name<'_>, DateRank); 4] = [
    ((EXIF, "DateTimeOriginal"), DateRank::Original),
    ((PHOTOSHOP, "DateCreated"), DateRank::Original),
    ((XMP, "CreateDate"), DateRank::Created),
    ((EXIF, "DateTimeDigitized"), DateRank::Created),
];
/// Lists of keywords, the first that is there counts; what parts the levels of a hierarchy, of which the last counts.
const KEYWORDS: [(Name<'_>, Option<char>); 4] = [
    ((DC, "subject"), None),
    ((LIGHTROOM, "hierarchicalSubject"), Some('|')),
    ((DIGIKAM, "TagsList"), Some('/')),
    ((MICROSOFT, "LastKeywordXMP"), Some('/')),
];

/// Facts from a packet of XMP inside a photo.
pub(super) fn embedded(packet: &[u8]) -> Facts {
    if packet.len() > MAX_BYTES {
        return Facts::default();
    }
    let text = packet::decoded(packet);
    packet::root(&text)
        .and_then(packet::parsed)
        .map(|document| facts(&Properties::of(&document)))
        .unwrap_or_default()
}

/// Facts from a file beside the photo. One that is damaged or larger than [`MAX_BYTES`] says nothing. Its date, where it
/// is that of the picture, was set by a person.
pub fn sidecar(bytes: &[u8]) -> Facts {
    let mut facts = embedded(bytes);
    if let Some(taken) = facts.taken.as_mut().filter(|taken| taken.rank == DateRank::Original) {
        taken.rank = DateRank::Set;
    }
    facts
}

fn facts(properties: &Properties<'_, '_>) -> Facts {
    let text = |name| properties.text(name);
    let date = |(name, rank)| date(text(name)?, rank);
    let named = |key| text(key).and_then(name);
    let stars = || stars(text((XMP, "Rating"))?.parse().ok()?);
    let percent = || stars_of_percent(text((MICROSOFT, "Rating"))?.parse().ok()?);
    let words = |key| properties.default_text(key).and_then(description);
    Facts {
        taken: DATES.into_iter().find_map(date),
        camera: camera(named((TIFF, "Make")), named((TIFF, "Model"))),
        lens: named((EXIF_EX, "LensModel")).or_else(|| named((AUX, "Lens"))),
        exposure: exposure(properties),
        gps: place(properties),
        rating: stars().or_else(percent),
        keywords: keywords(properties),
        description: words((DC, "description")).or_else(|| words((TIFF, "ImageDescription"))),
    }
}

fn exposure(properties: &Properties<'_, '_>) -> Exposure {
    let number = |name| properties.text((EXIF, name)).and_then(ratio);
    Exposure {
        seconds: number("ExposureTime"),
        aperture: number("FNumber"),
        iso: sensitivity(properties),
        focal_mm: number("FocalLength"),
    }
}

/// As in EXIF: what does not fit into 16 bits stands elsewhere.
fn sensitivity(properties: &Properties<'_, '_>) -> Option<u32> {
    const OTHERS: [&str; 3] = ["RecommendedExposureIndex", "StandardOutputSensitivity", "ISOSpeed"];
    let first = properties.text((EXIF_EX, "PhotographicSensitivity")).into_iter();
    let list = properties.list((EXIF, "ISOSpeedRatings")).into_iter();
    let single = properties.text((EXIF, "ISOSpeedRatings")).into_iter();
    let others = OTHERS.into_iter().filter_map(|name| properties.text((EXIF_EX, name)));
    let written = first.chain(list).chain(single).chain(others);
    let all: Vec<u32> = written.filter_map(|iso| iso.trim().parse().ok()).filter(|iso| *iso > 0).collect();
    all.iter().find(|iso| **iso != 65535).or(all.first()).copied()
}

fn place(properties: &Properties<'_, '_>) -> Option<Gps> {
    let of = |name| degrees(properties.text((EXIF, name))?);
    Gps { latitude: of("GPSLatitude")?, longitude: of("GPSLongitude")? }.on_earth()
}

fn keywords(properties: &Properties<'_, '_>) -> Vec<String> {
    let of = |(name, levels): (Name<'_>, Option<char>)| {
        let mut seen = HashSet::new();
        let last = |text: &str| levels.and_then(|by| text.rsplit(by).next()).unwrap_or(text).to_owned();
        let all = properties.list(name).into_iter().take(MAX_NAMED).filter_map(|text| clean(&last(text)));
        all.filter(|keyword| seen.insert(keyword.clone())).take(MAX_KEYWORDS).collect()
    };
    KEYWORDS.into_iter().map(of).find(|found: &Vec<String>| !found.is_empty()).unwrap_or_default()
}

fn date(text: &str, rank: DateRank) -> Option<Taken> {
    taken(parse(text)?, rank, DateSource::Xmp)
}

/// `1/250` or `0.004`.
fn ratio(text: &str) -> Option<f64> {
    let value = match text.split_once('/') {
        Some((above, below)) => above.parse::<f64>().ok()? / below.parse::<f64>().ok()?,
        None => text.parse().ok()?,
    };
    positive(value)
}

/// `40,25.2N`, `40,25,12N`, or degrees alone with a letter or a sign.
fn degrees(text: &str) -> Option<f64> {
    let text = text.trim();
    let side =
        text.chars().last().map(|c| c.to_ascii_uppercase()).filter(|c| ['N', 'E', 'S', 'W'].contains(c));
    let numbers = if side.is_some() { text[..text.len() - 1].trim_end() } else { text };
    let is_negative = side.map_or(numbers.starts_with('-'), |side| side == 'S' || side == 'W');
    let mut value = 0.0;
    for (part, unit) in numbers.split(',').zip([1.0, 60.0, 3600.0]) {
        value += part.trim().parse::<f64>().ok()?.abs() / unit;
    }
    value.is_finite().then_some(if is_negative { -value } else { value })
}

#[cfg(test)]
mod tests;
