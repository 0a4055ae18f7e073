//! A damaged catalogue is kept aside, and a new one takes over what can still be read: photos by content with their
//! vectors, folders, comics. Files are left to the next scan, which recognises their photos by content.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use super::connection::Catalog;
use super::damage::{SUSPECT, is_corrupt};
use super::embeddings;
use super::open::create;
use crate::error::{Error, Result};

/// A new catalogue and what became of the damaged one.
#[derive(Debug)]
pub struct Rebuilt {
    /// Where the damaged one is kept.
    pub aside: PathBuf,
    /// Vectors that could be taken over.
    pub vectors: u64,
}

/// Tables that are small and read by everything; the others are checked where damage was met.
const CHECKED: [&str; 3] = ["folders", "files", "photos"];
/// Rows that are skipped at most to get past a damaged page.
const LONGEST_SKIP: i64 = 1 << 24;

impl Catalog {
    /// Opens or creates the catalogue at `path`. Where it is damaged, it is kept aside and a new one is made of what can
    /// be read of it; `lock` proves that nobody else has it open.
    ///
    /// # Errors
    /// As [`Self::open`]; those of `lock` when it is damaged.
    pub fn open_or_rebuild<L>(
        path: &Path,
        lock: impl FnOnce() -> Result<L>,
    ) -> Result<(Self, Option<Rebuilt>)> {
        match Self::open_sound(path) {
            Err(error) if is_damage(&error) => {
                tracing::error!(%error, path = %path.display(), "the catalogue is damaged");
                let _lock = lock()?;
                let rebuilt = rebuild(path)?;
                Ok((Self::open(path)?, Some(rebuilt)))
            }
            opened => Ok((opened?, None)),
        }
    }

    fn open_sound(path: &Path) -> Result<Self> {
        let catalog = Self::open(path)?;
        let suspect = path.with_file_name(SUSPECT);
        let checks = if suspect.exists() {
            vec!["PRAGMA quick_check(1)".to_owned()]
        } else {
            CHECKED.iter().map(|table| format!("PRAGMA quick_check('{table}')")).collect()
        };
        for check in checks {
            let answer: String = catalog.read(|sql| sql.query_row(&check, [], |row| row.get(0)))?;
            if answer != "ok" {
                let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
                return Err(rusqlite::Error::SqliteFailure(code, Some(answer)).into());
            }
        }
        // Not there in most cases.
        let _ = std::fs::remove_file(suspect);
        Ok(catalog)
    }
}

/// Whether an error is about a damaged file rather than of a disk or of rights.
fn is_damage(error: &Error) -> bool {
    match error {
        Error::Catalog(error) => is_corrupt(error),
        Error::Migration(rusqlite_migration::Error::RusqliteError { err, .. }) => is_corrupt(err),
        _ => false,
    }
}

fn rebuild(path: &Path) -> Result<Rebuilt> {
    let now = jiff::Zoned::now().strftime("%Y-%m-%d-%H%M%S");
    let aside = path.with_file_name(format!("catalog.damaged-{now}.sqlite"));
    for ending in ["", "-wal", "-shm"] {
        let with = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
        match std::fs::rename(with(path), with(&aside)) {
            Err(error) if ending.is_empty() => return Err(Error::write(path, error)),
            // Not every catalogue has them.
            _ => {}
        }
    }
    let vectors = Connection::open_with_flags(&aside, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(Error::from)
        .and_then(|old| take_over(&old, &mut new_of_the_form_of(&old, path)?))
        .unwrap_or_else(|error| {
            tracing::warn!(%error, "nothing can be read of the damaged catalogue");
            0
        });
    // Not there where the damage was met at the start.
    let _ = std::fs::remove_file(path.with_file_name(SUSPECT));
    Ok(Rebuilt { aside, vectors })
}

/// A new catalogue of the form that the old one has: [`Catalog::open`] brings what it takes over to the newest one.
fn new_of_the_form_of(old: &Connection, path: &Path) -> Result<Connection> {
    let version = old.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap_or(0);
    create(path, version)
}

/// Takes over the rows of all tables but files, as far as they can be read. Returns how many vectors there are.
fn take_over(old: &Connection, new: &mut Connection) -> Result<u64> {
    // A child may be copied before its parent; those that are left without one are dropped in the end.
    new.pragma_update(None, "foreign_keys", false)?;
    let new = new.transaction()?;
    // Those of a full-text index (virtual and shadow) are filled by triggers while the others are copied.
    let tables = new
        .prepare(
            "SELECT name FROM pragma_table_list JOIN sqlite_master USING (name)
             WHERE schema = 'main' AND pragma_table_list.type = 'table'
               AND name NOT IN ('files', 'indexing') AND name NOT LIKE 'sqlite%' ORDER BY sqlite_master.rowid",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    for table in &tables {
        match copy(old, &new, table) {
            Ok(rows) => tracing::info!(table, rows, "taken over from the damaged catalogue"),
            // A table that is gone whole leaves the others.
            Err(error) => tracing::warn!(table, %error, "not taken over from the damaged catalogue"),
        }
    }
    drop_orphans(&new)?;
    let vectors = new.query_row("SELECT COUNT(*) FROM embeddings", [], |row| row.get(0))?;
    new.commit()?;
    Ok(vectors)
}

/// Drops rows that name a row which could not be read, and those that name them.
fn drop_orphans(new: &Connection) -> rusqlite::Result<()> {
    loop {
        let orphans = new
            .prepare("SELECT \"table\", rowid FROM pragma_foreign_key_check")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(String, i64)>>>()?;
        if orphans.is_empty() {
            return Ok(());
        }
        for (table, row) in orphans {
            tracing::warn!(table, row, "names a row that is lost");
            new.execute(&format!("DELETE FROM {table} WHERE rowid = ?1"), [row])?;
        }
    }
}

fn copy(old: &Connection, new: &Connection, table: &str) -> rusqlite::Result<u64> {
    let columns = |sql: &Connection| -> rusqlite::Result<Vec<String>> {
        sql.prepare("SELECT name FROM pragma_table_info(?1)")?.query_map([table], |row| row.get(0))?.collect()
    };
    let kept = columns(old)?;
    // Which file a photo shows is found out by the next scan.
    let is_taken = |name: &String| kept.contains(name) && (table, name.as_str()) != ("photos", "file");
    let columns: Vec<_> = columns(new)?.into_iter().filter(is_taken).collect();
    let (names, count) = (columns.join(", "), columns.len());
    let holes = vec!["?"; count].join(", ");
    let mut read =
        old.prepare(&format!("SELECT rowid, {names} FROM {table} WHERE rowid > ?1 ORDER BY rowid"))?;
    let mut write = new.prepare(&format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({holes})"))?;
    let (mut last, mut skip, mut copied) = (0_i64, 0_i64, 0);
    loop {
        let mut rows = read.query([last + skip])?;
        let ended = loop {
            match rows.next() {
                Ok(Some(row)) => {
                    (last, skip) = (row.get(0)?, 0);
                    let values =
                        (1..=count).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()?;
                    if is_sound(table, &columns, &values) {
                        // A row that contradicts another one is the damaged one.
                        copied += write.execute(params_from_iter(values)).unwrap_or(0) as u64;
                    }
                }
                ended => break ended.map(drop),
            }
        };
        match ended {
            Ok(()) => return Ok(copied),
            Err(error) if !is_corrupt(&error) || skip >= LONGEST_SKIP => return Err(error),
            // What cannot be read is stepped over, by more and more.
            Err(_) => skip = (skip * 2).max(1),
        }
    }
}

/// Whether a row can be what was written: SQLite notices a torn page, not a changed bit.
fn is_sound(table: &str, columns: &[String], values: &[Value]) -> bool {
    let value = |name: &str| columns.iter().position(|column| column == name).map(|at| &values[at]);
    match table {
        // Nothing could be recognised by a photo that was never read.
        "photos" => matches!(value("content"), Some(Value::Blob(hash)) if hash.len() == 32),
        "embeddings" => matches!(value("vector"), Some(Value::Blob(bytes)) if embeddings::is_unit(bytes)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL_TEXT: &str = "
        CREATE VIRTUAL TABLE words USING fts5 (title);
        CREATE TRIGGER comic_words AFTER INSERT ON comics BEGIN
            INSERT INTO words (rowid, title) VALUES (new.id, new.title);
        END;";

    #[test]
    fn a_full_text_index_is_filled_anew_and_not_copied() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = |name: &str| {
            let catalog = create(&folder.path().join(name), i64::MAX).unwrap();
            catalog.execute_batch(FULL_TEXT).unwrap();
            catalog
        };
        let (old, mut new) = (catalog("old.sqlite"), catalog("new.sqlite"));
        let titles = "INSERT INTO comics (title, layout, created_at)
                        VALUES ('Cola steals a mouse', 'strip', 1), ('Lost', 'strip', 2);
                      -- Still a word of the old index, which does not know of deletions.
                      DELETE FROM comics WHERE title = 'Lost';";
        old.execute_batch(titles).unwrap();
        take_over(&old, &mut new).unwrap();
        let found = |word: &str| {
            let query = "SELECT rowid FROM words WHERE words MATCH ?1";
            let mut query = new.prepare(query).unwrap();
            let rows = query.query_map([word], |row| row.get(0)).unwrap();
            rows.collect::<rusqlite::Result<Vec<i64>>>().unwrap()
        };
        assert_eq!(found("mouse"), [1]);
        assert_eq!(found("lost"), Vec::<i64>::new());
        new.execute_batch("INSERT INTO words (words) VALUES ('integrity-check')").unwrap();
        let rows: i64 = new.query_row("SELECT count(*) FROM words", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1);
    }
}
