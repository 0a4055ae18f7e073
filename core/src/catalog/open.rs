//! Opening the catalogue: its form, and what each connection is set to.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use super::connection::{Catalog, newest_revision};
use crate::error::Result;

const MIGRATIONS: &[M<'_>] = &[
    M::up(include_str!("../../migrations/0001_initial.sql")),
    M::up(include_str!("../../migrations/0002_metadata.sql")),
    M::up(include_str!("../../migrations/0003_folders.sql")),
    M::up(include_str!("../../migrations/0004_favourites.sql")),
];

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
