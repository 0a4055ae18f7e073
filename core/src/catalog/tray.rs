//! The tray, kept over restarts. Its photos stay in it while they are away.

use rusqlite::OptionalExtension;

use super::connection::Catalog;
use super::edits::{from_json, json};
use crate::error::Result;
use crate::types::{ComicRequest, PhotoId};

impl Catalog {
    /// The tray as it was kept last; its photos may be away. `None`: never.
    pub fn tray(&self) -> Result<Option<ComicRequest>> {
        self.read(|sql| {
            let request = sql
                .prepare_cached("SELECT request FROM tray")?
                .query_row([], |row| from_json::<ComicRequest>(row, 0))
                .optional()?;
            let Some(request) = request else { return Ok(None) };
            let photos = sql
                .prepare_cached("SELECT photo FROM tray_photos ORDER BY position")?
                .query_map([], |row| Ok(PhotoId(row.get(0)?)))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(Some(ComicRequest { photos, ..request }))
        })
    }

    /// Keeps the tray.
    pub fn keep_tray(&self, tray: &ComicRequest) -> Result<()> {
        self.write(|change| {
            let request = json(&ComicRequest { photos: Vec::new(), ..tray.clone() });
            change
                .sql
                .prepare_cached("INSERT OR REPLACE INTO tray (id, request) VALUES (1, ?1)")?
                .execute([request])?;
            change.sql.execute("DELETE FROM tray_photos", [])?;
            let mut add = change
                .sql
                .prepare_cached("INSERT OR IGNORE INTO tray_photos (position, photo) VALUES (?1, ?2)")?;
            (0_i64..).zip(&tray.photos).try_for_each(|(at, photo)| add.execute((at, photo.0)).map(drop))
        })
    }
}
