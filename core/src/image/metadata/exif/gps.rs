//! Where a picture was taken: degrees in all the forms in which devices write them.

use super::fields::Fields;
use crate::types::Gps;

const LATITUDE_SIDE: u16 = 1;
const LATITUDE: u16 = 2;
const LONGITUDE_SIDE: u16 = 3;
const LONGITUDE: u16 = 4;

/// The place, if it is whole and on earth.
pub(super) fn place(fields: &Fields<'_>) -> Option<Gps> {
    Gps {
        latitude: degrees(fields, LATITUDE, LATITUDE_SIDE, 'S')?,
        longitude: degrees(fields, LONGITUDE, LONGITUDE_SIDE, 'W')?,
    }
    .on_earth()
}

/// Degrees; degrees and minutes; or degrees, minutes and seconds. The letter says which half of the earth it is; where
/// there is none, the sign does. A part that has no value costs the place.
fn degrees(fields: &Fields<'_>, tag: u16, side: u16, negative: char) -> Option<f64> {
    let value = fields.gps(tag)?;
    let written = value.text().filter(|_| value.bytes.len() > 3);
    let parts: Vec<f64> = match &written {
        Some(text) => numbers_in(text),
        None => value.numbers().take(3).collect(),
    };
    let size: f64 = parts.iter().zip([1.0, 60.0, 3600.0]).map(|(part, unit)| part.abs() / unit).sum();
    let letter = |text: &str| {
        text.trim().chars().next().map(|c| c.to_ascii_uppercase()).filter(char::is_ascii_alphabetic)
    };
    let letter = fields.gps(side).and_then(|side| letter(&side.text()?));
    let letter = letter.or_else(|| written.as_deref().and_then(side_in_text));
    let is_negative =
        letter.map_or(parts.first()?.is_sign_negative(), |letter| letter.eq_ignore_ascii_case(&negative));
    size.is_finite().then_some(if is_negative { -size } else { size })
}

/// The letter before or behind the numbers of a text.
fn side_in_text(text: &str) -> Option<char> {
    let text = text.trim();
    [text.chars().next(), text.chars().next_back()].into_iter().flatten().find(char::is_ascii_alphabetic)
}

/// The numbers of a text such as `40 deg 25' 12.3" N`.
fn numbers_in(text: &str) -> Vec<f64> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != '-')
        .filter_map(|number| number.parse().ok())
        .take(3)
        .collect()
}
