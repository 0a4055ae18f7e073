//! What the person says about photos.

use super::changes::Changed;
use super::connection::{Catalog, Change};
use crate::error::Result;
use crate::types::{EditId, Mark, PhotoId};

impl Catalog {
    /// Photos with a mark that have a file, by id.
    pub fn marked(&self, mark: Mark) -> Result<Vec<PhotoId>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT photo FROM marks JOIN photos ON photos.id = photo
                 WHERE mark = ?1 AND file IS NOT NULL ORDER BY photo",
            )?
            .query_map([mark.name()], |row| Ok(PhotoId(row.get(0)?)))?
            .collect()
        })
    }
}

impl Change<'_> {
    /// Those of `photos` that are in the catalogue and whose mark is not as `set` says, each once, by id.
    pub(super) fn marked_otherwise(
        &self,
        photos: &[PhotoId],
        mark: Mark,
        set: bool,
    ) -> rusqlite::Result<Vec<i64>> {
        let mut differs = self.sql.prepare_cached(
            "SELECT 1 FROM photos WHERE id = ?1 AND
               EXISTS (SELECT 1 FROM marks WHERE photo = photos.id AND mark = ?2) != ?3",
        )?;
        let mut found = Vec::new();
        for photo in photos {
            if differs.exists((photo.0, mark.name(), set))? {
                found.push(photo.0);
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Marks the photos of an edit, or takes the mark away.
    pub(super) fn set_marks_of(&self, edit: EditId, mark: Mark, set: bool) -> rusqlite::Result<()> {
        let query = if set {
            "INSERT OR IGNORE INTO marks (mark, photo)
               SELECT ?2, photo FROM edit_photos JOIN photos ON photos.id = photo WHERE edit = ?1 RETURNING photo"
        } else {
            "DELETE FROM marks WHERE mark = ?2 AND photo IN (SELECT photo FROM edit_photos WHERE edit = ?1)
               RETURNING photo"
        };
        let changed = self
            .sql
            .prepare_cached(query)?
            .query_map((edit.0, mark.name()), |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        changed.into_iter().try_for_each(|photo| self.note(Changed::Marks, photo))
    }

    /// Marks one photo, or takes the mark away.
    pub(super) fn set_mark(&self, photo: i64, mark: Mark, set: bool) -> rusqlite::Result<()> {
        let query = if set {
            "INSERT OR IGNORE INTO marks (mark, photo) SELECT ?1, id FROM photos WHERE id = ?2"
        } else {
            "DELETE FROM marks WHERE mark = ?1 AND photo = ?2"
        };
        self.sql.prepare_cached(query)?.execute((mark.name(), photo))?;
        self.note(Changed::Marks, photo)
    }
}
