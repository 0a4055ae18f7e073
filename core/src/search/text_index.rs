//! What is written about photos, to be searched by words: names of files, folders and albums, keywords, descriptions, cameras. Made of
//! the catalogue, followed by revision, and kept in a file that can always be made anew.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior, params};

use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::types::{PhotoId, PointId};

/// Photos that are read at a time.
const PAGE: usize = 2000;
/// Raised when the form of the file changes.
const VERSION: i64 = 1;
/// Another process that writes is waited for so long.
const PATIENCE: Duration = Duration::from_secs(5);
/// After all rows of a revision.
const END: PointId = PointId(i64::MAX);
/// Words of fewer letters are in too many names to say anything.
const SHORTEST: usize = 3;

/// See the module.
pub(super) struct TextIndex(Mutex<Connection>);

impl TextIndex {
    /// The index in the data folder; an empty one where there is none that fits.
    ///
    /// # Errors
    /// When no file can be made there.
    pub(super) fn open(data: &Path) -> Result<Self> {
        let path = data.join("texts.sqlite");
        let sql = open(&path).or_else(|error| {
            use ErrorCode::{DatabaseCorrupt, NotADatabase};
            if !matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase)) {
                return Err(error);
            }
            tracing::warn!(%error, "the index of texts is made anew");
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(data.join(format!("texts.sqlite{end}")));
            }
            open(&path)
        })?;
        Ok(Self(Mutex::new(sql)))
    }

    /// Takes in what changed in the catalogue. Where another process is at it for long, what is there answers.
    ///
    /// # Errors
    /// When the catalogue cannot be read or the index not be written.
    pub(super) fn advance(&self, catalog: &Catalog) -> Result<()> {
        match self.try_advance(catalog) {
            Err(Error::Catalog(error)) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                tracing::info!("another process indexes texts");
                Ok(())
            }
            ended => ended,
        }
    }

    fn try_advance(&self, catalog: &Catalog) -> Result<()> {
        let mut sql = self.lock();
        let newest = catalog.newest_revision()?;
        let mut after = (reached(&sql)?, END);
        if after.0 > newest {
            // It is of another catalogue.
            sql.execute_batch("DELETE FROM texts; DELETE FROM reached;")?;
            after = (0, END);
        }
        while after != (newest, END) {
            let page = catalog.texts_after(after, newest, PAGE)?;
            // From the start: one that only becomes a writer later fails where another has written meanwhile.
            let change = sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for row in &page {
                change.prepare_cached("DELETE FROM texts WHERE rowid = ?1")?.execute([row.photo.0])?;
                if let Some(text) = &row.text {
                    change
                        .prepare_cached("INSERT INTO texts (rowid, text) VALUES (?1, ?2)")?
                        .execute(params![row.photo.0, text])?;
                }
            }
            after = page.last().map_or((newest, END), |last| (last.revision, PointId(last.photo.0)));
            // Others of the last revision may be on the next page.
            let whole = if after.1 == END { newest } else { after.0 - 1 };
            // Another process may have got further.
            change.execute(
                "INSERT INTO reached (id, revision) VALUES (1, ?1)
                 ON CONFLICT DO UPDATE SET revision = max(revision, excluded.revision)",
                [whole],
            )?;
            change.commit()?;
        }
        Ok(())
    }

    /// The photos about which some of the words are written, each with the share of the words that are. Each word may be
    /// written in several ways, and be the beginning of a longer one.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(super) fn search(&self, words: &[Vec<String>]) -> Result<HashMap<PhotoId, f32>> {
        let words: Vec<String> = words.iter().filter_map(|forms| expression(forms)).collect();
        let mut found: HashMap<PhotoId, f32> = HashMap::new();
        let sql = self.lock();
        for word in &words {
            let mut query = sql.prepare_cached("SELECT rowid FROM texts WHERE texts MATCH ?1")?;
            for photo in query.query_map([word], |row| Ok(PhotoId(row.get(0)?)))? {
                *found.entry(photo?).or_default() += 1.0 / words.len() as f32;
            }
        }
        Ok(found)
    }

    /// Words that are written about photos and begin so, the most frequent first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(super) fn beginning(&self, start: &str, limit: usize) -> Result<Vec<String>> {
        let sql = self.lock();
        let mut query = sql.prepare_cached(
            "SELECT term FROM terms WHERE term >= ?1 AND term < ?1 || char(1114111) AND length(term) >= ?2
             ORDER BY doc DESC, term LIMIT ?3",
        )?;
        let terms = query.query_map(params![start, SHORTEST, limit], |row| row.get(0))?;
        Ok(terms.collect::<rusqlite::Result<_>>()?)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let mut sql = Connection::open(path)?;
    sql.busy_timeout(PATIENCE)?;
    // Where another process opens it at this moment, it has the same done.
    if let Err(error) = sql.pragma_update(None, "journal_mode", "WAL") {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy) => {}
            _ => return Err(error),
        }
    }
    sql.pragma_update(None, "synchronous", "NORMAL")?;
    let change = sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version != VERSION {
        change.execute_batch(&format!(
            "DROP TABLE IF EXISTS terms; DROP TABLE IF EXISTS texts; DROP TABLE IF EXISTS reached;
             CREATE VIRTUAL TABLE texts USING fts5(text, content='', contentless_delete=1,
               tokenize='unicode61 remove_diacritics 2');
             CREATE VIRTUAL TABLE terms USING fts5vocab(texts, row);
             CREATE TABLE reached (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT;
             PRAGMA user_version = {VERSION};"
        ))?;
    }
    change.commit()?;
    Ok(sql)
}

fn reached(sql: &Connection) -> rusqlite::Result<i64> {
    let reached = sql.query_row("SELECT revision FROM reached", [], |row| row.get(0)).optional()?;
    Ok(reached.unwrap_or(0))
}

/// What FTS5 is asked for one word; `None` where it says nothing.
fn expression(forms: &[String]) -> Option<String> {
    let is_word =
        |form: &&String| form.chars().count() >= SHORTEST && form.chars().any(char::is_alphanumeric);
    let forms: Vec<_> =
        forms.iter().filter(is_word).map(|form| format!("\"{}\"*", form.replace('"', ""))).collect();
    (!forms.is_empty()).then(|| forms.join(" OR "))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn several_processes_open_and_fill_it_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(&folder.path().join("catalog.sqlite")).unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        catalog.set_paused(false).unwrap();
                        let index = TextIndex::open(folder.path()).unwrap();
                        index.advance(&catalog).unwrap();
                        assert!(index.search(&[vec!["nothing".into()]]).unwrap().is_empty());
                    }
                });
            }
        });
    }

    #[test]
    fn rubbish_in_its_place_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("texts.sqlite"), "rubbish".repeat(1000)).unwrap();
        let index = TextIndex::open(folder.path()).unwrap();
        assert_eq!(index.beginning("a", 3).unwrap(), [""; 0]);
    }
}
