//! The truth about the library, in SQLite. One writer; thumbnails and vector stores can be rebuilt from here.
//!
//! Reading order: [`files`] applies what a walk or the watcher saw, [`missing`] asks before many are forgotten, [`pairs`]
//! says which files are one photo and [`settle`] what it shows, [`work`] answers what is left to do and takes results,
//! [`photos`] answers the window, [`favourites`] keeps what the person marked, [`embeddings`] feeds the vector stores,
//! [`folders`] and [`comics`].

mod comics;
mod embeddings;
mod favourites;
mod files;
mod folders;
mod missing;
mod pairs;
mod photos;
mod rebuild;
mod settle;
mod work;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

pub use comics::NewVersion;
pub use embeddings::EmbeddedPhoto;
pub use files::{Applied, KnownFile, Probe, SeenFile, Told};
pub use folders::Root;
pub(crate) use folders::deepest;
pub use missing::Vanished;
pub use rebuild::Rebuilt;
pub use work::{Counts, FileId, Finished, Outcome, WorkItem};

use crate::error::Result;

const MIGRATIONS: &[M<'_>] = &[
    M::up(include_str!("../../migrations/0001_initial.sql")),
    M::up(include_str!("../../migrations/0002_metadata.sql")),
    M::up(include_str!("../../migrations/0003_folders.sql")),
    M::up(include_str!("../../migrations/0004_favourites.sql")),
];

/// The open catalogue. Shared by threads: reads and writes have a connection each.
pub struct Catalog {
    reader: Mutex<Connection>,
    /// Closed last: then it folds the write-ahead log into the file, which a reader cannot.
    writer: Mutex<Connection>,
    revision: AtomicI64,
    path: PathBuf,
}

impl Catalog {
    /// Opens or creates the catalogue at `path` and brings it to the newest form.
    ///
    /// # Errors
    /// When the file is no catalogue, was made by a newer version, or cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
        let mut writer = Connection::open(path)?;
        configure(&writer)?;
        Migrations::from_slice(MIGRATIONS).to_latest(&mut writer)?;
        forget_unread(&mut writer)?;
        let reader = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        reader.busy_timeout(Duration::from_secs(5))?;
        let revision = newest_revision(&writer)?;
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            revision: AtomicI64::new(revision),
            path: path.to_owned(),
        })
    }

    /// The newest revision of the photos, as far as this process wrote it.
    pub fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }

    /// The newest revision of the photos, also where another process wrote it.
    pub fn newest_revision(&self) -> Result<i64> {
        self.read(newest_revision)
    }

    fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let reader = self.reader.lock().expect("no thread panics while it reads the catalogue");
        query(&reader).map_err(|error| self.met(error))
    }

    /// Runs one transaction. Photos that it touches carry `change.revision`.
    fn write<T>(&self, apply: impl FnOnce(&Change<'_>) -> rusqlite::Result<T>) -> Result<T> {
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
        rebuild::suspect(&self.path, &error);
        error.into()
    }
}

fn newest_revision(sql: &Connection) -> rusqlite::Result<i64> {
    sql.prepare_cached(
        "SELECT max(COALESCE((SELECT MAX(revision) FROM photos), 0), COALESCE((SELECT MAX(marked) FROM photos), 0))",
    )?
    .query_row([], |row| row.get(0))
}

fn configure(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // With WAL this loses nothing on kill -9; after a power cut the last moments are indexed again.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(())
}

/// Drops what was seen once, never read, and is gone: nothing could be recognised by it.
fn forget_unread(writer: &mut Connection) -> Result<()> {
    let transaction = writer.transaction()?;
    transaction.execute("DELETE FROM files WHERE gone_since IS NOT NULL AND content IS NULL", [])?;
    transaction.execute("DELETE FROM photos WHERE file IS NULL AND content IS NULL", [])?;
    Ok(transaction.commit()?)
}

/// A transaction under way.
struct Change<'a> {
    sql: Transaction<'a>,
    revision: i64,
}

/// Milliseconds since 1970.
pub fn now_ms() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}
