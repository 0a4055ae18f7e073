//! Values as cameras and editors write them, made sure: text, names of cameras, measures, dates.

use jiff::civil;

use super::dates::Written;
use crate::types::{DateRank, DateSource, Taken};

/// More characters than any real name of a camera, lens or keyword has.
const MAX_TEXT: usize = 256;
/// More than anybody writes below a photo.
const MAX_WORDS: usize = 5000;
/// What makers put behind their name, in lower case.
const FIRM: [&str; 22] = [
    "ag",
    "co",
    "communications",
    "company",
    "computer",
    "corp",
    "corporation",
    "camera",
    "cameras",
    "electric",
    "electronics",
    "gmbh",
    "imaging",
    "inc",
    "kg",
    "limited",
    "llc",
    "ltd",
    "mobile",
    "optical",
    "techwin",
    "technologies",
];

/// Milliseconds since 1970 of a wall-clock time, as if it were UTC.
pub fn as_if_utc(wall_clock: civil::DateTime) -> Option<i64> {
    Some(wall_clock.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

pub(super) fn taken(written: Written, rank: DateRank, source: DateSource) -> Option<Taken> {
    Some(Taken { at: as_if_utc(written.wall_clock)?, zone: written.zone, source, rank })
}

/// Text without what cannot be read; `None` when nothing is left.
pub(super) fn clean(text: &str) -> Option<String> {
    let readable: String = text.trim_matches([' ', '\0']).chars().filter(|c| !c.is_control()).collect();
    let text: String = readable.trim().chars().take(MAX_TEXT).collect();
    (!text.is_empty()).then_some(text)
}

/// [`clean`] for names: a row of dashes or dots is none.
pub(super) fn name(text: &str) -> Option<String> {
    clean(text).filter(|name| name.chars().any(char::is_alphanumeric))
}

/// [`clean`] for what people write below a photo, in lines.
pub(super) fn description(text: &str) -> Option<String> {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let readable: String = lines.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let text: String = readable.trim().chars().take(MAX_WORDS).collect();
    (!text.is_empty()).then_some(text)
}

/// Maker and model in one, as people call the camera: without the kind of firm, and without the maker where the model
/// begins with it.
pub(super) fn camera(make: Option<String>, model: Option<String>) -> Option<String> {
    match (make.as_deref().map(brand), model) {
        (Some(brand), Some(model)) if !repeats(&brand, &model) => Some(format!("{brand} {model}")),
        (_, Some(model)) => Some(model),
        (brand, None) => brand,
    }
}

/// The maker's name without the words that follow it: `NIKON CORPORATION` is NIKON.
fn brand(make: &str) -> String {
    let words: Vec<&str> = make.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let is_firm = |word: &&&str| FIRM.contains(&word.trim_end_matches('.').to_lowercase().as_str());
    let firm = words.iter().skip(1).rev().take_while(is_firm).count();
    if firm == 0 { make.to_owned() } else { words[..words.len() - firm].join(" ") }
}

/// Whether the model begins with a word of the brand, or with its initials.
fn repeats(brand: &str, model: &str) -> bool {
    let (brand, model) = (brand.to_lowercase(), model.to_lowercase());
    let initials: String = brand.split([' ', '-']).filter_map(|word| word.chars().next()).collect();
    brand.split(' ').any(|word| word.len() > 1 && model.starts_with(word))
        || initials.len() > 1 && model.split(' ').next() == Some(&initials)
}

/// A measure that can be true.
pub(super) fn positive(value: f64) -> Option<f64> {
    (value.is_finite() && value > 0.0 && value < 1e6).then_some(value)
}

/// Stars from 0 to 5, or -1 for rejected.
pub(super) fn stars(value: f64) -> Option<i8> {
    (-1.0..=5.0).contains(&value).then_some(value.round() as i8)
}

/// Stars by the per cent that Windows writes: 1, 25, 50, 75, 99.
pub(super) fn stars_of_percent(percent: f64) -> Option<i8> {
    match percent {
        0.0 => Some(0),
        1.0..=100.0 => Some(1 + (percent / 25.0 + 0.05).floor().min(4.0) as i8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cameras_are_called_as_people_call_them() {
        let named = |make: &str, model: &str| {
            let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            camera(text(make), text(model)).unwrap_or_default()
        };
        for (make, model, name) in [
            ("NIKON CORPORATION", "NIKON D750", "NIKON D750"),
            ("NIKON", "COOLPIX P7000", "NIKON COOLPIX P7000"),
            ("EASTMAN KODAK COMPANY", "KODAK DX4530 ZOOM DIGITAL CAMERA", "KODAK DX4530 ZOOM DIGITAL CAMERA"),
            ("RICOH IMAGING COMPANY, LTD.", "PENTAX K-3", "RICOH PENTAX K-3"),
            ("OLYMPUS IMAGING CORP.", "E-M5", "OLYMPUS E-M5"),
            ("OLYMPUS OPTICAL CO.,LTD", "C860L", "OLYMPUS C860L"),
            ("CASIO COMPUTER CO.,LTD.", "EX-Z75", "CASIO EX-Z75"),
            ("Leica Camera AG", "LEICA Q2", "LEICA Q2"),
            ("Hewlett-Packard Company", "HP PhotoSmart R707", "HP PhotoSmart R707"),
            ("LG Electronics", "LG-H870", "LG-H870"),
            ("Minolta Co., Ltd.", "DiMAGE 7", "Minolta DiMAGE 7"),
            ("Canon", "Canon EOS R5", "Canon EOS R5"),
            ("SONY", "ILCE-7M3", "SONY ILCE-7M3"),
            ("Apple", "iPhone 12", "Apple iPhone 12"),
            ("Camera", "", "Camera"),
            ("", "X100", "X100"),
            ("", "", ""),
        ] {
            assert_eq!(named(make, model), name);
        }
    }

    #[test]
    fn per_cent_are_stars() {
        let stars =
            [0.0, 1.0, 25.0, 50.0, 75.0, 99.0, 100.0].map(|percent| stars_of_percent(percent).unwrap());
        assert_eq!(stars, [0, 1, 2, 3, 4, 5, 5]);
        assert_eq!([-1.0, 101.0, f64::NAN].map(stars_of_percent), [None; 3]);
    }

    #[test]
    fn descriptions_keep_their_lines() {
        assert_eq!(description(" At sea\r\nwith Ann\u{7}\0 ").as_deref(), Some("At sea\nwith Ann"));
        assert_eq!(description(" \n\0"), None);
        assert_eq!(name(" ---- "), None);
    }
}
