//! What the window asks about photos.

use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension, Row};

use super::Catalog;
use crate::error::{Error, Result};
use crate::photo::{ContentHash, DateSource, FolderId, Gps, PhotoChanges, PhotoDetail, PhotoId, PhotoTile};

const TILE: &str =
    "photos.id, width, height, taken_at, color, thumbnail, photos.content, files.path, files.folder";

impl Catalog {
    /// Photos that changed after `revision`, newest photo first; 0 answers all that have a file.
    pub fn photos_since(&self, revision: i64) -> Result<PhotoChanges> {
        let newest = self.revision();
        self.read(|sql| {
            let tiles = sql
                .prepare_cached(&format!(
                    "SELECT {TILE}, files.missing > 0 AS missing FROM photos JOIN files ON files.id = photos.file
                     WHERE revision > ?1 ORDER BY taken_at DESC, photos.id DESC"
                ))?
                .query_map([revision], tile)?
                .collect::<rusqlite::Result<_>>()?;
            let removed = if revision == 0 {
                Vec::new()
            } else {
                sql.prepare_cached("SELECT id FROM photos WHERE revision > ?1 AND file IS NULL")?
                    .query_map([revision], |row| Ok(PhotoId(row.get(0)?)))?
                    .collect::<rusqlite::Result<_>>()?
            };
            Ok(PhotoChanges { revision: newest, tiles, removed })
        })
    }

    /// Everything about one photo.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it has no file.
    pub fn photo(&self, id: PhotoId, model: &str) -> Result<PhotoDetail> {
        let detail = self.read(|sql| {
            let copies = sql
                .prepare_cached("SELECT path FROM files WHERE photo = ?1 AND gone_since IS NULL ORDER BY id")?
                .query_map([id.0], |row| Ok(PathBuf::from(row.get::<_, String>(0)?)))?
                .skip(1)
                .collect::<rusqlite::Result<_>>()?;
            sql.prepare_cached(&format!(
                "SELECT {TILE}, files.size, format, date_source, camera, latitude, longitude, files.problem,
                   EXISTS (SELECT 1 FROM embeddings WHERE photo = photos.id AND model = ?2), files.missing > 0 AS missing
                 FROM photos JOIN files ON files.id = photos.file WHERE photos.id = ?1"
            ))?
            .query_row((id.0, model), |row| detail(row, copies))
            .optional()
        })?;
        detail.ok_or_else(|| Error::NotFound { what: "The photo".into() })
    }

    /// The shown file of a photo.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it has none.
    pub fn photo_path(&self, id: PhotoId) -> Result<PathBuf> {
        let path = self.read(|sql| {
            sql.prepare_cached(
                "SELECT path FROM photos JOIN files ON files.id = photos.file WHERE photos.id = ?1",
            )?
            .query_row([id.0], |row| Ok(PathBuf::from(row.get::<_, String>(0)?)))
            .optional()
        })?;
        path.ok_or_else(|| Error::NotFound { what: "The photo".into() })
    }

    /// The content of a photo that has been read.
    pub fn photo_content(&self, id: PhotoId) -> Result<Option<ContentHash>> {
        self.read(|sql| {
            let content = sql
                .prepare_cached("SELECT content FROM photos WHERE id = ?1")?
                .query_row([id.0], |row| row.get::<_, Option<[u8; 32]>>(0))
                .optional()?;
            Ok(content.flatten().map(ContentHash))
        })
    }

    /// The photo of a file that is there, if the library has it.
    pub fn photo_at(&self, path: &Path) -> Result<Option<PhotoId>> {
        self.read(|sql| {
            let photo = sql
                .prepare_cached("SELECT photo FROM files WHERE path = ?1 AND gone_since IS NULL")?
                .query_row([path.to_string_lossy()], |row| row.get::<_, Option<i64>>(0))
                .optional()?;
            Ok(photo.flatten().map(PhotoId))
        })
    }

    /// Makes the next work query ask for a thumbnail again, because its file is no longer in the cache.
    pub fn forget_thumbnail(&self, id: PhotoId) -> Result<()> {
        self.write(|change| {
            change.sql.execute("UPDATE photos SET thumbnail = 0 WHERE id = ?1", [id.0])?;
            change.settle(id.0)
        })
    }
}

fn tile(row: &Row<'_>) -> rusqlite::Result<PhotoTile> {
    let content: Option<[u8; 32]> = row.get(6)?;
    let version = content.map(|content| ContentHash(content).to_hex()[..12].to_owned());
    let has_thumbnail: bool = row.get(5)?;
    let path = PathBuf::from(row.get::<_, String>(7)?);
    Ok(PhotoTile {
        id: PhotoId(row.get(0)?),
        width: row.get(1)?,
        height: row.get(2)?,
        taken_at: row.get(3)?,
        color: row.get(4)?,
        thumbnail: version.filter(|_| has_thumbnail),
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        folder: FolderId(row.get(8)?),
        missing: row.get("missing")?,
    })
}

fn detail(row: &Row<'_>, copies: Vec<PathBuf>) -> rusqlite::Result<PhotoDetail> {
    let (latitude, longitude): (Option<f64>, Option<f64>) = (row.get(13)?, row.get(14)?);
    Ok(PhotoDetail {
        tile: tile(row)?,
        path: row.get::<_, String>(7)?.into(),
        copies,
        bytes: row.get(9)?,
        format: row.get(10)?,
        date_source: if row.get::<_, i64>(11)? == 0 { DateSource::Exif } else { DateSource::File },
        camera: row.get(12)?,
        gps: latitude.zip(longitude).map(|(latitude, longitude)| Gps { latitude, longitude }),
        problem: row.get(15)?,
        embedded: row.get(16)?,
    })
}
