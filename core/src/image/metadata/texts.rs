//! What the texts of a PNG say, by the keywords that its standard names and those of ImageMagick.

use super::dates::parse;
use super::values::{clean, description, taken};
use crate::types::{DateRank, DateSource, Facts};

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
