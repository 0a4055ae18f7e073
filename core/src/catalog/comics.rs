//! Comics, their photos and their versions.

use rusqlite::{OptionalExtension, Row};
use serde::{Deserialize, Serialize};

use super::connection::{Catalog, Change, now_ms};
use super::ledger::Bill;
use super::names::{from_name, name};
use crate::error::{Error, Result};
use crate::types::{
    Comic, ComicId, ComicLayout, ComicVersion, FaultCode, PhotoId, ReasonCode, RequestId, Usage, VersionId,
};

/// A picture that is to be kept in a comic. Its bytes are on disk already.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewVersion {
    /// The version that was changed; its comic gets the new one.
    pub parent: Option<VersionId>,
    /// The photos of a new comic, with their paths; without an id if they are not of the library.
    pub photos: Vec<(Option<PhotoId>, String)>,
    /// What a new comic is.
    pub layout: ComicLayout,
    /// The first line is the title of a new comic.
    pub prompt: String,
    /// The request that it came of.
    pub request: RequestId,
    /// What was counted for it; `None`: it is only a preview.
    pub bill: Option<Bill>,
    /// File name in the folder of comics.
    pub file: String,
}

impl Catalog {
    /// Keeps a picture, in a new comic or as a further version of one, and closes its request if it is the whole one.
    pub fn add_version(&self, version: &NewVersion) -> Result<(ComicId, VersionId)> {
        self.write(|change| {
            let comic = match version.parent {
                Some(parent) => change.sql.query_row(
                    "SELECT comic FROM comic_versions WHERE id = ?1",
                    [parent.0],
                    |row| row.get(0),
                )?,
                None => change.add_comic(version)?,
            };
            if let Some(bill) = &version.bill {
                change.bill(version.request, bill)?;
            }
            change.sql.execute(
                "INSERT INTO drawings (request, file, partial, made_at) VALUES (?1, ?2, ?3, ?4)",
                (version.request.0, &version.file, version.bill.is_none(), now_ms()),
            )?;
            let drawing = change.sql.last_insert_rowid();
            change.sql.execute(
                "INSERT INTO comic_versions (comic, parent, drawing, created_at) VALUES (?1, ?2, ?3, ?4)",
                (comic, version.parent.map(|parent| parent.0), drawing, now_ms()),
            )?;
            Ok((ComicId(comic), VersionId(change.sql.last_insert_rowid())))
        })
    }

    /// All comics that are not deleted, newest first.
    pub fn comics(&self) -> Result<Vec<Comic>> {
        self.read(|sql| {
            let mut comics = sql
                .prepare_cached(
                    "SELECT id, title, layout, created_at FROM comics WHERE deleted_at IS NULL ORDER BY id DESC",
                )?
                .query_map([], |row| {
                    Ok(Comic {
                        id: ComicId(row.get(0)?),
                        title: row.get(1)?,
                        layout: from_name(row, 2)?,
                        photos: Vec::new(),
                        versions: Vec::new(),
                        created_at: row.get(3)?,
                    })
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            for comic in &mut comics {
                comic.photos = sql
                    .prepare_cached("SELECT photo FROM comic_photos WHERE comic = ?1 AND photo IS NOT NULL ORDER BY position")?
                    .query_map([comic.id.0], |row| Ok(PhotoId(row.get(0)?)))?
                    .collect::<rusqlite::Result<_>>()?;
                comic.versions = sql
                    .prepare_cached(
                        "SELECT comic_versions.id, parent, prompt, route, text_model, image_model, host, size, quality,
                           partial, usage, cost_usd, created_at
                         FROM comic_versions JOIN drawings ON drawings.id = drawing JOIN requests ON requests.id = request
                         WHERE comic = ?1 ORDER BY comic_versions.id",
                    )?
                    .query_map([comic.id.0], version)?
                    .collect::<rusqlite::Result<_>>()?;
            }
            Ok(comics)
        })
    }

    /// The comic of a version.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn comic_of(&self, version: VersionId) -> Result<Comic> {
        let comics = self.comics()?;
        comics
            .into_iter()
            .find(|comic| comic.versions.iter().any(|each| each.id == version))
            .ok_or_else(|| Error::NotFound(FaultCode::ComicNotFound.reason()))
    }

    /// The name of a version's file in the folder of comics.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn version_file(&self, version: VersionId) -> Result<String> {
        let file = self.read(|sql| {
            sql.query_row(
                "SELECT file FROM drawings WHERE id = (SELECT drawing FROM comic_versions WHERE id = ?1)",
                [version.0],
                |row| row.get(0),
            )
            .optional()
        })?;
        file.ok_or_else(|| Error::NotFound(FaultCode::PictureNotFound.reason()))
    }
}

impl Change<'_> {
    fn add_comic(&self, version: &NewVersion) -> rusqlite::Result<i64> {
        let title = version.prompt.lines().next().unwrap_or_default();
        self.sql.execute(
            "INSERT INTO comics (title, layout, created_at) VALUES (?1, ?2, ?3)",
            (title, name(version.layout), now_ms()),
        )?;
        let comic = self.sql.last_insert_rowid();
        for (position, (photo, path)) in (0_i64..).zip(&version.photos) {
            self.sql.execute(
                "INSERT INTO comic_photos (comic, position, photo, path) VALUES (?1, ?2, ?3, ?4)",
                (comic, position, photo.map(|photo| photo.0), path),
            )?;
        }
        Ok(comic)
    }

    /// Hides a comic (`deleted`) or shows it again.
    pub(super) fn set_comic_deleted(&self, comic: ComicId, deleted: bool) -> rusqlite::Result<()> {
        let since = deleted.then(now_ms);
        self.sql.execute("UPDATE comics SET deleted_at = ?2 WHERE id = ?1", (comic.0, since))?;
        Ok(())
    }
}

fn version(row: &Row<'_>) -> rusqlite::Result<ComicVersion> {
    let usage: Option<String> = row.get(10)?;
    Ok(ComicVersion {
        id: VersionId(row.get(0)?),
        parent: row.get::<_, Option<i64>>(1)?.map(VersionId),
        prompt: row.get(2)?,
        route: row.get(3)?,
        text_model: row.get(4)?,
        image_model: row.get(5)?,
        host: row.get(6)?,
        size: row.get(7)?,
        quality: from_name(row, 8)?,
        partial: row.get(9)?,
        usage: usage.and_then(|usage| serde_json::from_str::<Usage>(&usage).ok()),
        cost_usd: row.get(11)?,
        created_at: row.get(12)?,
    })
}
