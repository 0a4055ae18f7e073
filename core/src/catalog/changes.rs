//! The log of what changed last: one row for each thing, which the window and the vector stores follow by revision.

use super::connection::Change;

/// What a row of the log is about. The numbers are those of the table.
#[derive(Clone, Copy)]
pub(super) enum Changed {
    /// A photo: its files, or what they say.
    Photo = 0,
    /// What the person says about a photo; stores do not keep it.
    Marks = 1,
    /// A region, or what a store keeps of its photo.
    Region = 2,
}

impl Change<'_> {
    /// Notes that a thing changed in this transaction.
    pub(super) fn note(&self, what: Changed, id: i64) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached("INSERT OR REPLACE INTO changes (revision, kind, id) VALUES (?1, ?2, ?3)")?
            .execute((self.revision, what as i64, id))?;
        Ok(())
    }
}
