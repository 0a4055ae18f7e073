//! Makes a damaged catalogue readable: a copy of it with the end, the header or the schema that it lost.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::damage::is_corrupt;
use crate::error::{Error, Result};

/// The length of a database's header, whose fields are told at <https://www.sqlite.org/fileformat2.html#the_database_header>.
const HEADER: usize = 100;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const PAGE_SIZE: usize = 16;
const PAGE_COUNT: usize = 28;
const USER_VERSION: usize = 60;

/// The version of the catalogue's form as its header says; 0 where it says none that can be.
pub(super) fn version(path: &Path) -> i64 {
    match header(path) {
        Ok(header) if is_header(&header) => i64::from(number(&header, USER_VERSION)).clamp(0, 10_000),
        _ => i64::MAX,
    }
}

/// Opens what can be read of the database at `path`: itself, or a copy at `scratch` that was repaired by the example of
/// `sound`, a database of the same form. `None` when nothing can be read.
///
/// # Errors
/// Those of the disk; the database is as it was then.
pub(super) fn open(path: &Path, scratch: &Path, sound: &Connection) -> Result<Option<Connection>> {
    let length = path.metadata().map_err(|error| Error::read(path, error))?.len();
    let header = header(path).map_err(|error| Error::read(path, error))?;
    let mut source = path.to_owned();
    if !is_header(&header) || length < whole_length(&header) {
        source = copy(path, scratch)?;
        mend_file(&source, &header, sound)?;
    }
    if let Some(old) = readable(&source)? {
        return Ok(Some(old));
    }
    if source == path {
        source = copy(path, scratch)?;
    }
    match mend_schema(&source, sound) {
        Err(error) if !is_corrupt(&error) => return Err(error.into()),
        // What is left of the schema is read as it is.
        _ => {}
    }
    let old = open_for_reading(&source)?;
    old.pragma_update(None, "writable_schema", true)?;
    let tables = old.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, u64>(0));
    Ok(tables.is_ok_and(|count| count > 0).then_some(old))
}

/// A connection, if the schema can be read.
fn readable(path: &Path) -> Result<Option<Connection>> {
    let old = open_for_reading(path)?;
    match old.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, u64>(0)) {
        Ok(count) => Ok((count > 0).then_some(old)),
        Err(error) if is_corrupt(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn open_for_reading(path: &Path) -> Result<Connection> {
    Ok(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

/// The header, filled up with zeros where the file is shorter.
fn header(path: &Path) -> std::io::Result<[u8; HEADER]> {
    let mut bytes = Vec::with_capacity(HEADER);
    File::open(path)?.take(HEADER as u64).read_to_end(&mut bytes)?;
    bytes.resize(HEADER, 0);
    Ok(bytes.try_into().expect("it has this length"))
}

fn number(header: &[u8; HEADER], at: usize) -> u32 {
    u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
}

/// Bytes of a page; 1 stands for 65,536.
fn page_size(header: &[u8; HEADER]) -> u64 {
    match u16::from_be_bytes([header[PAGE_SIZE], header[PAGE_SIZE + 1]]) {
        1 => 65_536,
        size => size.into(),
    }
}

fn is_header(header: &[u8; HEADER]) -> bool {
    header.starts_with(MAGIC) && page_size(header) >= 512 && page_size(header).is_power_of_two()
}

fn whole_length(header: &[u8; HEADER]) -> u64 {
    page_size(header) * u64::from(number(header, PAGE_COUNT))
}

/// What SQLite keeps beside a database, such as its log `-wal`.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn copy(path: &Path, scratch: &Path) -> Result<PathBuf> {
    let log = |path: &Path| with_ending(path, "-wal");
    std::fs::copy(path, scratch).map_err(|error| Error::write(scratch, error))?;
    if log(path).exists() {
        std::fs::copy(log(path), log(scratch)).map_err(|error| Error::write(scratch, error))?;
    }
    Ok(scratch.to_owned())
}

/// Gives a file its header back, and zeros for the pages at the end that it lost: each is then a damaged page among others.
fn mend_file(path: &Path, header: &[u8; HEADER], sound: &Connection) -> Result<()> {
    let failed = |error| Error::write(path, error);
    let mut file = File::options().read(true).write(true).open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    if is_header(header) {
        return file.set_len(whole_length(header)).map_err(failed);
    }
    let example = sound.path().map(Path::new).expect("the new catalogue is a file");
    let mut example = self::header(example).map_err(|error| Error::read(example, error))?;
    let pages = u32::try_from(length.div_ceil(page_size(&example))).unwrap_or(u32::MAX);
    example[PAGE_COUNT..PAGE_COUNT + 4].copy_from_slice(&pages.to_be_bytes());
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    file.write_all(&example).map_err(failed)?;
    file.set_len(whole_length(&example)).map_err(failed)
}

/// Writes each table's statement as a sound database of the same form has it. A table is known by its name or, where that
/// is damaged, by its statement.
fn mend_schema(path: &Path, sound: &Connection) -> rusqlite::Result<()> {
    let mut damaged = Connection::open(path)?;
    damaged.pragma_update(None, "writable_schema", true)?;
    let mending = damaged.transaction()?;
    let mut tables = sound.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")?;
    let mut rows = tables.query([])?;
    while let Some(row) = rows.next()? {
        let table: (String, String) = (row.get(0)?, row.get(1)?);
        mending.execute(
            "UPDATE sqlite_schema SET type = 'table', name = ?1, tbl_name = ?1, sql = ?2
             WHERE sql IS NOT NULL AND ((type = 'table' AND name = ?1) OR sql = ?2)",
            table,
        )?;
    }
    mending.commit()
}
