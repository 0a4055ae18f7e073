//! Reads what can be read of a damaged catalogue into a new one: photos by content with their vectors, folders, comics, and
//! all that a person did. Files are left to the next scan, which recognises their photos by content.

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, params_from_iter};

use super::damage::is_corrupt;
use super::embeddings;
use super::user_data::NAMED_BY;
use crate::error::Result;

/// Rows that are skipped at most to get past a damaged page.
const LONGEST_SKIP: i64 = 1 << 24;
/// Tables whose rows are made again from the photos.
const MADE_AGAIN: [&str; 7] =
    ["photos", "files", "embeddings", "changes", "pass_problems", "passes", "indexing"];

/// Takes over the rows of all tables, as far as they can be read. Returns whether all that a person did was read.
///
/// # Errors
/// Those of the new catalogue, such as a full disk, and of a disk that cannot be read; damage alone is stepped over.
pub(super) fn take_over(old: &Connection, new: &mut Connection) -> Result<bool> {
    // A child may be copied before its parent; those that are left without one are dropped in the end.
    new.pragma_update(None, "foreign_keys", false)?;
    let new = new.transaction()?;
    // Those of a full-text index (virtual and shadow) are filled by triggers while the others are copied.
    let tables = new
        .prepare(
            "SELECT name FROM pragma_table_list JOIN sqlite_master USING (name)
             WHERE schema = 'main' AND pragma_table_list.type = 'table'
               AND name != 'indexing' AND name NOT LIKE 'sqlite%' ORDER BY sqlite_master.rowid",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    let mut damaged = Vec::new();
    for table in &tables {
        let copied = copy(old, &new, table)?;
        tracing::info!(
            table,
            rows = copied.rows,
            whole = copied.is_whole,
            "taken over from the damaged catalogue"
        );
        if !copied.is_whole {
            damaged.push(table.clone());
        }
    }
    leave_files_to_the_scan(&new)?;
    damaged.extend(drop_orphans(&new)?);
    new.commit()?;
    Ok(damaged.iter().all(|table| MADE_AGAIN.contains(&table.as_str())))
}

/// Files are found and recognised by content again. A photo that was never read has no content: it stays the photo of
/// its file where a person did something with it, and is forgotten where not.
fn leave_files_to_the_scan(new: &Connection) -> rusqlite::Result<()> {
    let exists = |table: &&&str| new.table_exists(None, **table).unwrap_or(false);
    let named: Vec<_> = NAMED_BY
        .iter()
        .filter(exists)
        .map(|table| format!("SELECT photo FROM {table} WHERE photo IS NOT NULL"))
        .collect();
    let named = named.join(" UNION ");
    new.execute_batch(&format!(
        "DELETE FROM photos WHERE content IS NULL AND id NOT IN ({named});
         DELETE FROM files WHERE photo IS NULL OR photo NOT IN (SELECT id FROM photos WHERE content IS NULL);
         UPDATE photos SET file = (SELECT id FROM files WHERE files.photo = photos.id ORDER BY id LIMIT 1)
           WHERE content IS NULL;"
    ))
}

/// Drops rows that name a row which could not be read, and those that name them. Returns the tables of which there were some.
fn drop_orphans(new: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut dropped = Vec::new();
    loop {
        let orphans = new
            .prepare("SELECT \"table\", rowid FROM pragma_foreign_key_check")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(String, i64)>>>()?;
        if orphans.is_empty() {
            return Ok(dropped);
        }
        for (table, row) in orphans {
            tracing::warn!(table, row, "names a row that is lost");
            new.execute(&format!("DELETE FROM {table} WHERE rowid = ?1"), [row])?;
            dropped.push(table);
        }
    }
}

struct Copied {
    rows: u64,
    /// Whether nothing had to be stepped over.
    is_whole: bool,
}

fn copy(old: &Connection, new: &Connection, table: &str) -> rusqlite::Result<Copied> {
    let lost = Copied { rows: 0, is_whole: false };
    let Some(kept) = readable(columns(old, table))? else { return Ok(lost) };
    // Which file a photo shows is found out by the next scan.
    let is_taken = |name: &String| kept.contains(name) && (table, name.as_str()) != ("photos", "file");
    let columns: Vec<_> = columns(new, table)?.into_iter().filter(is_taken).collect();
    let (names, count) = (columns.join(", "), columns.len());
    let query = format!("SELECT rowid, {names} FROM {table} WHERE rowid > ?1 ORDER BY rowid");
    let Some(mut read) = readable(old.prepare(&query))? else { return Ok(lost) };
    let holes = vec!["?"; count].join(", ");
    let mut write = new.prepare(&format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({holes})"))?;
    let (mut last, mut skip) = (0_i64, 0_i64);
    let mut copied = Copied { rows: 0, is_whole: true };
    loop {
        let mut rows = read.query([last + skip])?;
        loop {
            let Some(row) = readable(rows.next())? else {
                copied.is_whole = false;
                // What cannot be read is stepped over, by more and more.
                skip = (skip * 2).max(1);
                break;
            };
            let Some(row) = row else { return Ok(copied) };
            let Some(values) =
                readable((0..=count).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>())?
            else {
                copied.is_whole = false;
                continue;
            };
            (last, skip) = (row.get(0)?, 0);
            match keep(&mut write, table, &columns, &values[1..])? {
                true => copied.rows += 1,
                false => copied.is_whole = false,
            }
        }
        if skip > LONGEST_SKIP {
            return Ok(copied);
        }
    }
}

fn columns(sql: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    sql.prepare("SELECT name FROM pragma_table_info(?1)")?.query_map([table], |row| row.get(0))?.collect()
}

/// `None` for what damage makes unreadable.
///
/// # Errors
/// All others: they are of the disk or of the system, and may be over at the next start.
fn readable<T>(read: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_corrupt(&error) || is_of_the_row(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether an error comes of what one row or one statement says.
fn is_of_the_row(error: &rusqlite::Error) -> bool {
    use ErrorCode::{ConstraintViolation, TooBig, TypeMismatch, Unknown};
    !matches!(error, rusqlite::Error::SqliteFailure(..) | rusqlite::Error::SqlInputError { .. })
        || matches!(error.sqlite_error_code(), Some(ConstraintViolation | TooBig | TypeMismatch | Unknown))
}

/// Writes a row that can be what was written; one that contradicts another is the damaged one. Returns whether it did.
fn keep(
    write: &mut rusqlite::Statement<'_>,
    table: &str,
    columns: &[String],
    values: &[Value],
) -> rusqlite::Result<bool> {
    if !is_sound(table, columns, values) {
        return Ok(false);
    }
    let written = readable(write.execute(params_from_iter(values)))?;
    Ok(written == Some(1))
}

/// Whether a row can be what was written: SQLite notices a torn page, not a changed bit.
fn is_sound(table: &str, columns: &[String], values: &[Value]) -> bool {
    let value = |name: &str| columns.iter().position(|column| column == name).map(|at| &values[at]);
    match table {
        "photos" => match value("content") {
            Some(Value::Blob(hash)) => hash.len() == 32,
            content => matches!(content, Some(Value::Null)),
        },
        "embeddings" => matches!(value("vector"), Some(Value::Blob(bytes)) if embeddings::is_unit(bytes)),
        _ => true,
    }
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::open::create;

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
