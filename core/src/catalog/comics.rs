//! Comics, their photos and their versions.

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::connection::{Catalog, Change, now_ms};
use crate::error::{Error, Result};
use crate::types::{
    Comic, ComicId, ComicLayout, ComicVersion, FaultCode, PhotoId, Quality, ReasonCode, Route, Usage,
    VersionId,
};

/// A drawn picture that is to be kept. Its bytes are on disk already.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// The version that was changed; its comic gets the new one.
    pub parent: Option<VersionId>,
    /// The photos of a new comic, with their paths; without an id if they are not of the library.
    pub photos: Vec<(Option<PhotoId>, String)>,
    /// What a new comic is.
    pub layout: ComicLayout,
    /// What the person wrote.
    pub prompt: String,
    /// How the service was asked.
    pub route: Route,
    /// The main model, on the Responses route.
    pub text_model: Option<String>,
    /// The model that drew.
    pub image_model: String,
    /// The host that drew.
    pub host: String,
    /// Width and height as asked for.
    pub size: String,
    /// How carefully.
    pub quality: Quality,
    /// Whether it is only a preview.
    pub partial: bool,
    /// The service's name for the answer.
    pub response_id: Option<String>,
    /// Tokens as the service counted them.
    pub usage: Option<Usage>,
    /// Price in US dollars.
    pub cost_usd: Option<f64>,
    /// File name in the folder of comics.
    pub file: String,
}

impl Catalog {
    /// Keeps a drawn picture, in a new comic or as a further version of one.
    pub fn add_version(&self, version: &NewVersion) -> Result<(ComicId, VersionId)> {
        self.write(|change| {
            let sql = &change.sql;
            let comic: i64 = if let Some(parent) = version.parent {
                sql.query_row("SELECT comic FROM comic_versions WHERE id = ?1", [parent.0], |row| row.get(0))?
            } else {
                let title = version.prompt.lines().next().unwrap_or_default();
                sql.execute(
                    "INSERT INTO comics (title, layout, created_at) VALUES (?1, ?2, ?3)",
                    (title, name(version.layout), now_ms()),
                )?;
                let comic = sql.last_insert_rowid();
                for (position, (photo, path)) in (0_i64..).zip(&version.photos) {
                    sql.execute(
                        "INSERT INTO comic_photos (comic, position, photo, path) VALUES (?1, ?2, ?3, ?4)",
                        (comic, position, photo.map(|photo| photo.0), path),
                    )?;
                }
                comic
            };
            sql.execute(
                "INSERT INTO comic_versions (comic, parent, prompt, route, text_model, image_model, host, size,
                   quality, partial, response_id, usage, cost_usd, file, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                params![
                    comic,
                    version.parent.map(|parent| parent.0),
                    version.prompt,
                    name(version.route),
                    version.text_model,
                    version.image_model,
                    version.host,
                    version.size,
                    name(version.quality),
                    version.partial,
                    version.response_id,
                    version.usage.map(|usage| serde_json::to_string(&usage).expect("numbers are JSON")),
                    version.cost_usd,
                    version.file,
                    now_ms(),
                ],
            )?;
            Ok((ComicId(comic), VersionId(sql.last_insert_rowid())))
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
                        "SELECT id, parent, prompt, route, text_model, image_model, host, size, quality, partial,
                           usage, cost_usd, created_at FROM comic_versions WHERE comic = ?1 ORDER BY id",
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
            sql.query_row("SELECT file FROM comic_versions WHERE id = ?1", [version.0], |row| row.get(0))
                .optional()
        })?;
        file.ok_or_else(|| Error::NotFound(FaultCode::PictureNotFound.reason()))
    }
}

impl Change<'_> {
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
        route: from_name(row, 3)?,
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

/// The name that serde gives a variant, as it also crosses to the window.
fn name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => unreachable!("a unit variant serialises to its name"),
    }
}

fn from_name<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let name: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(name)).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}
