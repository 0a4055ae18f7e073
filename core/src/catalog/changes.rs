//! The log of what changed last: one row for each thing, which the window and the vector stores follow by revision.

use rusqlite::Params;

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

    /// Notes that the things changed whose numbers a statement returns.
    pub(super) fn note_each(&self, what: Changed, query: &str, params: impl Params) -> rusqlite::Result<()> {
        let ids = self
            .sql
            .prepare_cached(query)?
            .query_map(params, |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        ids.into_iter().try_for_each(|id| self.note(what, id))
    }
}
