//! Photos that the person marked.

use super::connection::{Catalog, Change};
use crate::error::Result;
use crate::types::PhotoId;

impl Catalog {
    /// Marks photos, or takes their marks away. Those that are not there are left out.
    pub fn set_favourites(&self, photos: &[PhotoId], is_favourite: bool) -> Result<()> {
        self.write(|change| {
            let mut mark = change.sql.prepare_cached(
                "UPDATE photos SET favourite = ?2, marked = ?3 WHERE id = ?1 AND favourite != ?2",
            )?;
            photos
                .iter()
                .try_for_each(|photo| mark.execute((photo.0, is_favourite, change.revision)).map(drop))
        })
    }

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
    /// Has the photo that took the files of another one take its mark too, where the other can never return.
    pub(super) fn hand_mark_on(&self, from: i64, to: i64) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached(
                "UPDATE photos SET favourite = 1 WHERE id = ?2 AND EXISTS
                   (SELECT 1 FROM photos WHERE id = ?1 AND favourite AND file IS NULL AND content IS NULL)",
            )?
            .execute((from, to))?;
        Ok(())
    }
}
