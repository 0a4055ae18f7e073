//! What is written about photos, for an index that follows the catalogue by revision.

use super::changes::Changed;
use super::connection::Catalog;
use crate::error::Result;
use crate::types::{PhotoId, PointId};

/// All that is written about a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoText {
    /// The photo.
    pub photo: PhotoId,
    /// The revision of its last change.
    pub revision: i64,
    /// Its path below the library's folder, keywords, description, camera and plain albums; `None` where it has no file.
    pub text: Option<String>,
}

impl Catalog {
    /// One page of the photos that changed, by revision and number, after this one and up to the revision `newest`.
    pub fn texts_after(
        &self,
        (revision, photo): (i64, PointId),
        newest: i64,
        limit: usize,
    ) -> Result<Vec<PhotoText>> {
        self.read(|sql| {
            sql.prepare_cached(&format!(
                "SELECT changes.id, revision, substr(files.path, length(folders.path) + 1) || ' ' ||
                   coalesce(photos.keywords, '') || ' ' || coalesce(photos.description, '') || ' ' || coalesce(photos.camera, '') ||
                   ' ' || coalesce((SELECT group_concat(name, ' ') FROM album_photos JOIN albums ON albums.id = album
                                    WHERE album_photos.photo = photos.id AND removed_at IS NULL), '')
                 FROM changes LEFT JOIN photos ON photos.id = changes.id LEFT JOIN files ON files.id = photos.file
                 LEFT JOIN folders ON folders.id = files.folder
                 WHERE changes.kind IN ({}, {}) AND (revision, changes.id) > (?1, ?2) AND revision <= ?3
                 ORDER BY revision, changes.id LIMIT ?4",
                Changed::Photo as i64,
                Changed::Marks as i64
            ))?
            .query_map((revision, photo.0, newest, limit), |row| {
                Ok(PhotoText { photo: PhotoId(row.get(0)?), revision: row.get(1)?, text: row.get(2)? })
            })?
            .collect()
        })
    }
}
