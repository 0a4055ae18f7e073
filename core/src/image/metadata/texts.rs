//! What the texts of a PNG say, by the keywords that its standard names and those of ImageMagick.

use jiff::civil;

use super::dates::{Written, parse};
use super::values::{clean, description, taken};
use crate::types::{DateRank, DateSource, Facts, Taken};

/// The time of a PNG's last change, in UTC: year, month, day, hour, minute, second. It is as good as that of the file, and stays
/// when the file is copied.
pub(super) fn changed(time: [u8; 7]) -> Option<Taken> {
    let [high, low, month, day, hour, minute, second] = time;
    let small = |value| i8::try_from(value).ok();
    let year = i16::from_be_bytes([high, low]);
    // A leap second is the one before it.
    let (hour, minute, second) = (small(hour)?, small(minute)?, small(second.min(59))?);
    let wall_clock = civil::DateTime::new(year, small(month)?, small(day)?, hour, minute, second, 0).ok()?;
    taken(Written { wall_clock, zone: Some(0) }, DateRank::File, DateSource::File)
}

/// Facts from keywords with their texts.
pub(super) fn facts(texts: &[(String, String)]) -> Facts {
    let text = |keyword: &str| {
        let is_it = |(named, _): &&(String, String)| named.eq_ignore_ascii_case(keyword);
        texts.iter().find(is_it).map(|(_, text)| text.as_str())
    };
    let date = |keyword, rank| taken(parse(text(keyword)?)?, rank, DateSource::Text);
    Facts {
        taken: date("exif:DateTimeOriginal", DateRank::Original)
            .or_else(|| date("Creation Time", DateRank::Created))
            .or_else(|| date("exif:DateTimeDigitized", DateRank::Created)),
        camera: text("exif:Model").and_then(clean),
        description: text("Description").or(text("Title")).or(text("Comment")).and_then(description),
        ..Facts::default()
    }
}
