//! Variants by name, as they lie in the catalogue and cross to the window, and names that people give.

use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What names that differ in case alone have in common.
pub(super) fn key(name: &str) -> String {
    name.to_lowercase()
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
