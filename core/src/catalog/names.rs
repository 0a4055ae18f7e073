//! Variants by name, as they lie in the catalogue and cross to the window, and names that people give.

use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::connection::Change;

/// What names that differ in case alone have in common.
pub(super) fn key(name: &str) -> String {
    name.to_lowercase()
}

impl Change<'_> {
    /// The name, with a number behind it where another thing of this table, but for `own`, has it.
    pub(super) fn free_name(&self, table: &str, name: &str, own: Option<i64>) -> rusqlite::Result<String> {
        let mut taken = self.sql.prepare_cached(&format!(
            "SELECT 1 FROM {table} WHERE key = ?1 AND id IS NOT ?2 AND removed_at IS NULL"
        ))?;
        let (mut free, mut number) = (name.to_owned(), 2);
        while taken.exists((key(&free), own))? {
            free = format!("{name} {number}");
            number += 1;
        }
        Ok(free)
    }
}

/// The name that serde gives a variant.
pub(super) fn name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => unreachable!("a unit variant serialises to its name"),
    }
}

pub(super) fn from_name<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let name: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(name)).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}
