//! Opening the catalogue: its form, and what each connection is set to.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use super::connection::{Catalog, newest_revision};
use super::files::WITH_FOLDER;
use crate::error::Result;

/// Reads at a time; a further one waits. Each may hold 2 MB of pages.
const READERS: u32 = 8;
/// How long a connection waits for another process that writes.
const BUSY: Duration = Duration::from_secs(5);

const MIGRATIONS: &[M<'_>] = &[
    M::up(include_str!("../../migrations/0001_initial.sql")),
    M::up(include_str!("../../migrations/0002_metadata.sql")),
    M::up(include_str!("../../migrations/0003_folders.sql")),
    M::up(include_str!("../../migrations/0004_favourites.sql")),
    M::up(include_str!("../../migrations/0005_edits.sql")),
    M::up(include_str!("../../migrations/0006_changes.sql")),
    M::up(include_str!("../../migrations/0007_tray.sql")),
    M::up(include_str!("../../migrations/0008_reasons.sql")),
    M::up(include_str!("../../migrations/0009_requests.sql")),
    M::up(include_str!("../../migrations/0010_grid.sql")),
    M::up(include_str!("../../migrations/0011_descriptions.sql")),
    M::up(include_str!("../../migrations/0012_others.sql")),
    M::up(include_str!("../../migrations/0013_subjects.sql")),
    M::up(include_str!("../../migrations/0014_albums.sql")),
];

/// Creates the file of a catalogue, in the newest form or that of an earlier version, counted from 1.
pub(super) fn create(path: &Path, version: i64) -> Result<Connection> {
    let mut connection = Connection::open(path)?;
    configure(&connection)?;
    let version = usize::try_from(version).unwrap_or(0).clamp(1, MIGRATIONS.len());
    Migrations::from_slice(MIGRATIONS).to_version(&mut connection, version)?;
    Ok(connection)
}

impl Catalog {
    /// Opens or creates the catalogue at `path` and brings it to the newest form.
    ///
    /// # Errors
    /// When the file is not a catalogue, was made by a newer version, or cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
        let mut writer = Connection::open(path)?;
        configure(&writer)?;
        Migrations::from_slice(MIGRATIONS).to_latest(&mut writer)?;
        forget_unread(&mut writer)?;
        let revision = newest_revision(&writer)?;
        Ok(Self {
            writer: Mutex::new(writer),
            readers: readers(path)?,
            revision: AtomicI64::new(revision),
            path: path.to_owned(),
        })
    }
}

/// Opens all readers at once: none is added later, so none outlives the writer when the catalogue closes.
fn readers(path: &Path) -> Result<Pool<SqliteConnectionManager>> {
    let manager = SqliteConnectionManager::file(path)
        .with_flags(OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .with_init(|reader| reader.busy_timeout(BUSY));
    let pool =
        Pool::builder().max_size(READERS).max_lifetime(None).idle_timeout(None).test_on_check_out(false);
    Ok(pool.build(manager)?)
}

fn configure(connection: &Connection) -> Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // With WAL this loses nothing on kill -9; after a power cut the last moments are indexed again.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(())
}

/// Drops what was seen once, never read, and is gone: nothing could be recognised by it.
fn forget_unread(writer: &mut Connection) -> Result<()> {
    let transaction = writer.transaction()?;
    transaction.execute(
        "DELETE FROM files WHERE gone_since IS NOT NULL AND gone_since != ?1 AND content IS NULL",
        [WITH_FOLDER],
    )?;
    transaction.execute(
        "DELETE FROM photos WHERE file IS NULL AND content IS NULL AND id NOT IN
           (SELECT photo FROM files WHERE photo IS NOT NULL AND gone_since = ?1)",
        [WITH_FOLDER],
    )?;
    Ok(transaction.commit()?)
}
