//! Filters as conditions of a query over photos.

use rusqlite::types::Value;

use super::names::key;
use crate::types::{PhotoFilter, PictureShape};

/// What a photo that fulfils the filter is, in SQL with `?` for each value.
pub(super) fn condition(filter: &PhotoFilter, values: &mut Vec<Value>) -> String {
    let mut has = |column: &str, text: &str| {
        values.push(Value::Text(pattern(text)));
        format!("coalesce({column}, '') LIKE ? ESCAPE '\\'")
    };
    match filter {
        PhotoFilter::Camera { text } => has("photos.camera", text),
        PhotoFilter::Lens { text } => has("photos.lens", text),
        PhotoFilter::Keyword { text } => has("photos.keywords", text),
        PhotoFilter::Format { text } => {
            values.push(Value::Text(text.clone()));
            "photos.format = ? COLLATE NOCASE".into()
        }
        PhotoFilter::Path { text } => format!(
            "EXISTS (SELECT 1 FROM files JOIN folders ON folders.id = files.folder WHERE files.id = photos.file AND {})",
            has("substr(files.path, length(folders.path) + 1)", text)
        ),
        PhotoFilter::Album { text } => {
            values.push(Value::Text(pattern(&key(text))));
            in_album("key LIKE ? ESCAPE '\\'")
        }
        PhotoFilter::Shape { shape } => match shape {
            PictureShape::Square => {
                "abs(photos.width - photos.height) * 100 <= photos.width AND photos.width > 0"
            }
            PictureShape::Landscape => "(photos.width - photos.height) * 100 > photos.width",
            PictureShape::Portrait => {
                "(photos.height - photos.width) * 100 > photos.width AND photos.width > 0"
            }
        }
        .into(),
        PhotoFilter::Rating { least } => {
            values.push(Value::Integer((*least).into()));
            "coalesce(photos.rating, 0) >= ?".into()
        }
        PhotoFilter::Taken { from, until } => {
            values.extend([Value::Integer(*from), Value::Integer(*until)]);
            "photos.taken_at >= ? AND photos.taken_at < ?".into()
        }
        PhotoFilter::Favourite => "photos.id IN (SELECT photo FROM marks WHERE mark = 'favourite')".into(),
        PhotoFilter::Place => "photos.latitude IS NOT NULL".into(),
        PhotoFilter::Not { filter } => format!("NOT ({})", condition(filter, values)),
    }
}

/// What a photo is that is in a plain album of which this holds, in SQL.
pub(super) fn in_album(which: &str) -> String {
    format!(
        "photos.id IN (SELECT album_photos.photo FROM album_photos JOIN albums ON albums.id = album
                       WHERE removed_at IS NULL AND {which})"
    )
}

/// A pattern of LIKE for what has this text in it.
pub(super) fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern + "%"
}
