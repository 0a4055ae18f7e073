//! What tells which of photos that look alike is the best, and files that are one photo.

use std::path::PathBuf;

use rusqlite::Row;

use super::connection::Catalog;
use super::photos::json;
use super::resolve::date_source;
use crate::error::Result;
use crate::types::{DateSource, LookAlike, PhotoId};

/// A photo as it is compared with those that look like it.
#[derive(Clone, Debug)]
pub struct ComparedPhoto {
    /// What is told of it; its files but for the shown one are left out.
    pub shown: LookAlike,
    /// Whether the person marked it as favourite.
    pub is_favourite: bool,
    /// Stars; -1: rejected, 0: none.
    pub rating: i8,
    /// Maker and model of the camera.
    pub camera: Option<String>,
    /// Wall clock in milliseconds, as if UTC.
    pub taken_at: i64,
    /// Where that is from.
    pub date_source: DateSource,
}

impl Catalog {
    /// Those of `ids` that have a file, in the order of `ids`.
    pub fn compared_photos(&self, ids: &[PhotoId]) -> Result<Vec<ComparedPhoto>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT photos.id, files.path, photos.width, photos.height, files.size, COALESCE(rating, 0), camera,
                   taken_at, date_source,
                   EXISTS (SELECT 1 FROM marks WHERE photo = photos.id AND mark = 'favourite') AS favourite
                 FROM json_each(?1) AS asked CROSS JOIN photos ON photos.id = asked.value
                 JOIN files ON files.id = photos.file ORDER BY asked.key",
            )?
            .query_map([json(ids)], compared)?
            .collect()
        })
    }

    /// Photos of which several files are there, by id, with their files: the shown one first.
    pub fn photos_with_copies(&self) -> Result<Vec<(PhotoId, Vec<PathBuf>)>> {
        self.read(|sql| {
            let mut found: Vec<(PhotoId, Vec<PathBuf>)> = Vec::new();
            let mut query = sql.prepare_cached(
                "SELECT photos.id, files.path FROM files JOIN photos ON photos.id = files.photo
                 WHERE photos.id IN (SELECT photo FROM files WHERE role = 0 AND gone_since IS NULL
                                     GROUP BY photo HAVING count(*) > 1)
                   AND role = 0 AND gone_since IS NULL AND missing = 0 AND files.content = photos.content
                 ORDER BY photos.id, files.id != photos.file, files.id",
            )?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let (photo, path) = (PhotoId(row.get(0)?), PathBuf::from(row.get::<_, String>(1)?));
                match found.last_mut().filter(|(last, _)| *last == photo) {
                    Some((_, paths)) => paths.push(path),
                    None => found.push((photo, vec![path])),
                }
            }
            found.retain(|(_, paths)| paths.len() > 1);
            Ok(found)
        })
    }
}

fn compared(row: &Row<'_>) -> rusqlite::Result<ComparedPhoto> {
    Ok(ComparedPhoto {
        shown: LookAlike {
            id: PhotoId(row.get(0)?),
            paths: vec![row.get::<_, String>(1)?.into()],
            width: row.get(2)?,
            height: row.get(3)?,
            bytes: row.get(4)?,
        },
        rating: row.get(5)?,
        camera: row.get(6)?,
        taken_at: row.get(7)?,
        date_source: date_source(row.get(8)?),
        is_favourite: row.get("favourite")?,
    })
}
