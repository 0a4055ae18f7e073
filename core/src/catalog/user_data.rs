//! What is a person's among what hangs on a photo, and how it moves along when two rows turn out to be one photo. When a
//! damaged catalogue is rebuilt it moves with the rows, which keep their ids.

use super::changes::Changed;
use super::connection::Change;

/// Tables whose column `photo` a person filled.
pub(super) const NAMED_BY: [&str; 9] = [
    "marks",
    "comic_photos",
    "edit_photos",
    "tray_photos",
    "subject_answers",
    "edit_answers",
    "album_photos",
    "album_examples",
    "edit_album_photos",
];

impl Change<'_> {
    /// Hands all that the person did with a photo on to the one that took its files, where the photo itself can never
    /// return: it has neither a file nor a known content.
    pub(super) fn carry_user_data(&self, from: i64, to: i64) -> rusqlite::Result<()> {
        let can_return = "SELECT 1 FROM photos WHERE id = ?1 AND (file IS NOT NULL OR content IS NOT NULL)";
        if self.sql.prepare_cached(can_return)?.exists([from])? {
            return Ok(());
        }
        for table in NAMED_BY {
            // The one row of both, where the other one is named already.
            self.sql
                .prepare_cached(&format!("UPDATE OR REPLACE {table} SET photo = ?2 WHERE photo = ?1"))?
                .execute((from, to))?;
        }
        self.carry_drawn_regions(from, to)?;
        self.note(Changed::Marks, to)
    }
}
