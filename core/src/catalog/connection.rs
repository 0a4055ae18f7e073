//! The open catalogue: reads, and writes in transactions that carry a revision.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::damage::suspect;
use crate::error::Result;

/// The open catalogue, shared by threads. Each read has a connection of its own; writes share one.
pub struct Catalog {
    pub(super) readers: Pool<SqliteConnectionManager>,
    /// Closed last: then it folds the write-ahead log into the file, which a reader cannot.
    pub(super) writer: Mutex<Connection>,
    pub(super) revision: AtomicI64,
    pub(super) path: PathBuf,
}

impl Catalog {
    /// The newest revision of the photos, as far as this process wrote it.
    pub fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }

    /// The newest revision of the photos, also where another process wrote it.
    pub fn newest_revision(&self) -> Result<i64> {
        self.read(newest_revision)
    }

    pub(super) fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let reader = self.readers.get()?;
        query(&reader).map_err(|error| self.met(error))
    }

    /// Runs one transaction. What it notes in the log carries `change.revision`.
    pub(super) fn write<T>(&self, apply: impl FnOnce(&Change<'_>) -> rusqlite::Result<T>) -> Result<T> {
        let mut writer = self.writer.lock().expect("no thread panics while it writes the catalogue");
        let run = || {
            let sql = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            // Above what another process wrote: whoever has followed that far would miss this change.
            let revision = newest_revision(&sql)?.max(self.revision.load(Ordering::Acquire)) + 1;
            let change = Change { sql, revision };
            let answer = apply(&change)?;
            change.sql.commit()?;
            Ok((answer, revision))
        };
        let (answer, revision) = run().map_err(|error| self.met(error))?;
        self.revision.store(revision, Ordering::Release);
        Ok(answer)
    }
}

impl Catalog {
    /// Remembers over the next start that the file seems to be damaged.
    fn met(&self, error: rusqlite::Error) -> crate::error::Error {
        suspect(&self.path, &error);
        error.into()
    }
}

pub(super) fn newest_revision(sql: &Connection) -> rusqlite::Result<i64> {
    sql.prepare_cached("SELECT COALESCE(MAX(revision), 0) FROM changes")?.query_row([], |row| row.get(0))
}

/// A transaction under way.
pub(super) struct Change<'a> {
    pub(super) sql: Transaction<'a>,
    pub(super) revision: i64,
}

/// Milliseconds since 1970.
pub fn now_ms() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn a_slow_read_holds_up_neither_another_read_nor_a_write() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(&folder.path().join("catalog.sqlite")).unwrap();
        let (started, written) = (Barrier::new(2), Barrier::new(2));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let slow = catalog.read(|_| {
                    started.wait();
                    written.wait();
                    Ok(())
                });
                slow.unwrap();
            });
            started.wait();
            // Were there one reader for all, neither of these would ever return.
            assert_eq!(catalog.comics().unwrap(), []);
            catalog.write(|_| Ok(())).unwrap();
            written.wait();
        });
    }
}
