//! Photos that the person marked.

use super::connection::{Catalog, Change};
use crate::error::Result;
use crate::types::{EditId, PhotoId};

impl Catalog {
    /// The marked photos that have a file, by id.
    pub fn favourites(&self) -> Result<Vec<PhotoId>> {
        self.read(|sql| {
            sql.prepare_cached("SELECT id FROM photos WHERE favourite AND file IS NOT NULL ORDER BY id")?
                .query_map([], |row| Ok(PhotoId(row.get(0)?)))?
                .collect()
        })
    }
}

impl Change<'_> {
    /// Marks the photos of an edit, or takes their marks away.
    pub(super) fn set_favourites_of(&self, edit: EditId, is_favourite: bool) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached(
                "UPDATE photos SET favourite = ?2, marked = ?3
                 WHERE id IN (SELECT photo FROM edit_photos WHERE edit = ?1) AND favourite != ?2",
            )?
            .execute((edit.0, is_favourite, self.revision))?;
        Ok(())
    }
}
