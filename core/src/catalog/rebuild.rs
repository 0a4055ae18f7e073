//! A damaged catalogue is kept aside, and a new one takes its place with what can still be read.
//!
//! The new one is built beside the damaged one and takes its name last. Whatever ends the program before, a full disk or a
//! power cut, leaves the damaged one to begin again from.

use std::fs::{File, remove_file, rename};
use std::path::{Path, PathBuf};

use super::connection::Catalog;
use super::damage::{SUSPECT, is_corrupt};
use super::repair::with_ending;
use super::{open, repair, salvage};
use crate::error::{Error, Result};
use crate::platform::files;

/// What is to be told of a catalogue that was opened.
#[derive(Debug)]
pub enum Mishap {
    /// It was damaged.
    Rebuilt(Rebuilt),
    /// It was gone or empty, although the folder holds pictures of a library.
    Lost,
}

/// A new catalogue and what became of the damaged one.
#[derive(Debug)]
pub struct Rebuilt {
    /// Where the damaged one is kept.
    pub aside: PathBuf,
    /// Vectors that could be taken over.
    pub vectors: u64,
    /// Whether all that a person did could be taken over, as far as that can be known.
    pub is_whole: bool,
}

/// Being made.
const BUILDING: &str = "catalog.rebuilding.sqlite";
/// Made, and not yet in its place.
const READY: &str = "catalog.rebuilt.sqlite";
/// A copy of the damaged one that can be read better.
const REPAIRED: &str = "catalog.repaired.sqlite";
const DAMAGED: &str = "catalog.damaged-";
/// Held while a catalogue is opened.
const OPENING: &str = "catalog.opening";
/// What else is in the folder of a library that was in use.
const TRACES: [&str; 3] = ["comics", "thumbnails", "vectors"];
/// A database and what SQLite keeps beside it.
const ENDINGS: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Tables that are small and read by everything; the others are checked where damage was met.
const CHECKED: [&str; 3] = ["folders", "files", "photos"];
/// Up to this many bytes of a catalogue, some 50,000 photos, they are checked at the start, within a twentieth of a second.
/// In larger ones later: a million photos take a second.
const SMALL: u64 = 256 << 20;

impl Catalog {
    /// Opens or creates the catalogue at `path`, one program after the other. Where it is damaged, it is kept aside and a
    /// new one is made of what can be read of it; `lock` proves that nobody else has it open.
    ///
    /// # Errors
    /// As [`Self::open`]; those of `lock` when it is damaged, and those of the disk, which leave the damaged one in place.
    pub fn open_or_rebuild<L>(
        path: &Path,
        lock: impl FnOnce() -> Result<L>,
    ) -> Result<(Self, Option<Mishap>)> {
        let opening = path.with_file_name(OPENING);
        // Two first starts would both make the tables.
        let turn = File::create(&opening).map_err(|error| Error::write(&opening, error))?;
        turn.lock().map_err(|error| Error::write(&opening, error))?;
        if path.with_file_name(READY).exists() {
            let _lock = lock()?;
            return finish(path);
        }
        let is_lost = path.metadata().map_or(0, |file| file.len()) == 0 && has_traces(path);
        match Self::open_sound(path) {
            Err(error) if is_damage(&error) => {
                tracing::error!(%error, path = %path.display(), "the catalogue is damaged");
                let _lock = lock()?;
                rebuild(path)
            }
            opened => Ok((opened?, is_lost.then_some(Mishap::Lost))),
        }
    }

    fn open_sound(path: &Path) -> Result<Self> {
        files::make_private(path)?;
        let catalog = Self::open(path)?;
        let suspect = path.with_file_name(SUSPECT);
        if suspect.exists() {
            catalog.check("PRAGMA quick_check(1)")?;
        } else if path.metadata().is_ok_and(|file| file.len() <= SMALL) {
            catalog.check_tables()?;
        }
        // Not there in most cases.
        let _ = remove_file(suspect);
        Ok(catalog)
    }

    /// Checks the tables that everything reads. Damage is noted for the next start, which mends it.
    ///
    /// # Errors
    /// [`Error::Catalog`] where there is damage.
    pub fn check_tables(&self) -> Result<()> {
        CHECKED.iter().try_for_each(|table| self.check(&format!("PRAGMA quick_check('{table}')")))
    }

    fn check(&self, pragma: &str) -> Result<()> {
        self.read(|sql| {
            let answer: String = sql.query_row(pragma, [], |row| row.get(0))?;
            if answer == "ok" {
                return Ok(());
            }
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
            Err(rusqlite::Error::SqliteFailure(code, Some(answer)))
        })
    }
}

fn has_traces(path: &Path) -> bool {
    let holds_some =
        |name| std::fs::read_dir(path.with_file_name(name)).is_ok_and(|mut entries| entries.next().is_some());
    TRACES.into_iter().any(holds_some)
}

/// Whether an error is about a damaged file rather than of a disk or of rights.
fn is_damage(error: &Error) -> bool {
    match error {
        Error::Catalog(error) => is_corrupt(error),
        Error::Migration(rusqlite_migration::Error::RusqliteError { err, .. }) => is_corrupt(err),
        _ => false,
    }
}

fn rebuild(path: &Path) -> Result<(Catalog, Option<Mishap>)> {
    let building = path.with_file_name(BUILDING);
    remove_database(&building)?;
    let salvaged = build(path, &building);
    remove_database(&path.with_file_name(REPAIRED))?;
    let is_whole = salvaged?;
    let ready = path.with_file_name(READY);
    sync(&building)?;
    rename(&building, &ready).map_err(|error| Error::write(&ready, error))?;
    let (catalog, mishap) = finish(path)?;
    let told = mishap.map(|mishap| match mishap {
        Mishap::Rebuilt(rebuilt) => Mishap::Rebuilt(Rebuilt { is_whole, ..rebuilt }),
        Mishap::Lost => Mishap::Lost,
    });
    Ok((catalog, told))
}

/// Makes the new catalogue. Returns whether all that a person did was read.
fn build(path: &Path, building: &Path) -> Result<bool> {
    // Of the form that the old one has: `Catalog::open` brings what it takes over to the newest one.
    let mut new = open::create(building, repair::version(path))?;
    // One file without a log beside it, so that one rename puts it in its place.
    new.pragma_update(None, "journal_mode", "DELETE")?;
    new.pragma_update(None, "synchronous", "FULL")?;
    match repair::open(path, &path.with_file_name(REPAIRED), &new)? {
        Some(old) => salvage::take_over(&old, &mut new),
        None => Ok(false),
    }
}

/// Puts a new catalogue that is ready in the place of the damaged one, which is kept aside. Can be done again.
fn finish(path: &Path) -> Result<(Catalog, Option<Mishap>)> {
    let aside = keep_aside(path)?;
    let ready = path.with_file_name(READY);
    rename(&ready, path).map_err(|error| Error::write(path, error))?;
    files::make_private(path)?;
    // Not there where the damage was met at the start.
    let _ = remove_file(path.with_file_name(SUSPECT));
    let catalog = Catalog::open(path)?;
    let vectors =
        catalog.read(|sql| sql.query_row("SELECT COUNT(*) FROM embeddings", [], |row| row.get(0)))?;
    Ok((catalog, Some(Mishap::Rebuilt(Rebuilt { aside, vectors, is_whole: true }))))
}

/// Renames the damaged catalogue with its log. Returns its name, also where an earlier start did it.
fn keep_aside(path: &Path) -> Result<PathBuf> {
    let now = jiff::Zoned::now().strftime("%Y-%m-%d-%H%M%S");
    let aside = path.with_file_name(format!("{DAMAGED}{now}.sqlite"));
    // The log first: a new catalogue must never meet the log of another one.
    let named = ["-wal", "-shm", ""].map(|ending| (with_ending(path, ending), with_ending(&aside, ending)));
    for (from, to) in &named {
        match rename(from, to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::write(from, error));
            }
            _ => {}
        }
    }
    Ok(if aside.exists() { aside } else { newest_aside(path).unwrap_or(aside) })
}

fn newest_aside(path: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(path.parent()?).ok()?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let newest = names.filter(|name| name.starts_with(DAMAGED) && name.ends_with(".sqlite")).max()?;
    Some(path.with_file_name(newest))
}

fn remove_database(path: &Path) -> Result<()> {
    for file in ENDINGS.map(|ending| with_ending(path, ending)) {
        match remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::write(&file, error));
            }
            _ => {}
        }
    }
    Ok(())
}

fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|error| Error::write(path, error))
}
