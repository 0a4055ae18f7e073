//! What the window asks about photos.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row};

use super::connection::Catalog;
use super::resolve::date_source;
use super::work::reason;
use crate::error::{Error, Result};
use crate::types::{
    ContentHash, Exposure, FaultCode, FolderId, Gps, Mark, PhotoDetail, PhotoFile, PhotoId, PhotoTile,
    Reason, ReasonCode, Role,
};

/// ?2 is the model whose vectors count.
const TILE: &str = "photos.id, photos.width, photos.height, taken_at, color, thumbnail, photos.content, files.path, files.folder,
     (SELECT group_concat(mark) FROM marks WHERE photo = photos.id) AS marks, files.missing > 0 AS missing,
     EXISTS (SELECT 1 FROM embeddings WHERE photo = photos.id AND region = 0 AND model = ?2) AS embedded";

impl Catalog {
    /// Those of `ids` that have a file, in the order of `ids`. `model` is the one whose vectors count.
    pub fn tiles(&self, ids: &[PhotoId], model: &str) -> Result<Vec<PhotoTile>> {
        self.read(|sql| tiles(sql, ids, model))
    }

    /// Everything about one photo.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it has no file.
    pub fn photo(&self, id: PhotoId, model: &str) -> Result<PhotoDetail> {
        let detail = self.read(|sql| {
            let (mut files, mut copies) = (Vec::new(), Vec::new());
            let mut all = sql.prepare_cached(
                "SELECT path, size, role FROM files WHERE photo = ?1 AND gone_since IS NULL ORDER BY role, id",
            )?;
            for file in all.query_map([id.0], file)? {
                let file = file?;
                let is_copy = file.role == Role::Photo && !files.is_empty();
                if is_copy { copies.push(file.path) } else { files.push(file) }
            }
            sql.prepare_cached(&format!(
                "SELECT {TILE}, files.size, photos.format, date_source, zone, camera, lens, exposure_s, aperture, iso,
                   focal_mm, latitude, longitude, rating, keywords, description, files.problem
                 FROM photos JOIN files ON files.id = photos.file WHERE photos.id = ?1"
            ))?
            .query_row((id.0, model), |row| detail(row, files, copies))
            .optional()
        })?;
        detail.ok_or_else(|| Error::NotFound(FaultCode::PhotoNotFound.reason()))
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
        path.ok_or_else(|| Error::NotFound(FaultCode::PhotoNotFound.reason()))
    }

    /// The shown files of those photos that have one, in the order of `ids`.
    pub fn paths_of(&self, ids: &[PhotoId]) -> Result<Vec<(PhotoId, PathBuf)>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT photos.id, files.path FROM json_each(?1) AS asked CROSS JOIN photos ON photos.id = asked.value
                 JOIN files ON files.id = photos.file ORDER BY asked.key",
            )?
            .query_map([json(ids)], |row| {
                Ok((PhotoId(row.get(0)?), PathBuf::from(row.get::<_, String>(1)?)))
            })?
            .collect()
        })
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

    /// What is wrong with a file that is there.
    pub fn problem_at(&self, path: &Path) -> Result<Option<Reason>> {
        self.read(|sql| {
            let problem = sql
                .prepare_cached("SELECT problem FROM files WHERE path = ?1 AND gone_since IS NULL")?
                .query_row([path.to_string_lossy()], |row| row.get::<_, Option<String>>(0))
                .optional()?;
            Ok(problem.flatten().map(|stored| reason(&stored)))
        })
    }

    /// Photos that have a thumbnail, with their contents, by id; at most `limit` behind `after`.
    pub fn with_thumbnails(&self, after: PhotoId, limit: usize) -> Result<Vec<(PhotoId, ContentHash)>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT id, content FROM photos WHERE id > ?1 AND thumbnail AND content IS NOT NULL ORDER BY id LIMIT ?2",
            )?
            .query_map((after.0, limit), |row| Ok((PhotoId(row.get(0)?), ContentHash(row.get(1)?))))?
            .collect()
        })
    }

    /// Makes the next work query ask for a thumbnail again, because its file is no longer in the cache.
    pub fn forget_thumbnail(&self, id: PhotoId) -> Result<()> {
        self.write(|change| {
            change.sql.execute("UPDATE photos SET thumbnail = 0 WHERE id = ?1", [id.0])?;
            change.resolve(id.0)
        })
    }
}

/// For `json_each`, which takes any number of them in one question.
pub(super) fn json(ids: &[PhotoId]) -> String {
    serde_json::to_string(ids).expect("numbers are always JSON")
}

pub(super) fn tiles(sql: &Connection, ids: &[PhotoId], model: &str) -> rusqlite::Result<Vec<PhotoTile>> {
    sql.prepare_cached(&format!(
        "SELECT {TILE} FROM json_each(?1) AS asked CROSS JOIN photos ON photos.id = asked.value
         JOIN files ON files.id = photos.file ORDER BY asked.key"
    ))?
    .query_map((json(ids), model), tile)?
    .collect()
}

fn tile(row: &Row<'_>) -> rusqlite::Result<PhotoTile> {
    let content: Option<[u8; 32]> = row.get(6)?;
    let version = content.map(|content| ContentHash(content).to_hex()[..12].to_owned());
    let has_thumbnail: bool = row.get(5)?;
    let marks: Option<String> = row.get("marks")?;
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
        marks: marks.iter().flat_map(|names| names.split(',')).filter_map(Mark::named).collect(),
        embedded: row.get("embedded")?,
    })
}

fn file(row: &Row<'_>) -> rusqlite::Result<PhotoFile> {
    let role = match row.get(2)? {
        0 => Role::Photo,
        1 => Role::Raw,
        2 => Role::Motion,
        _ => Role::Sidecar,
    };
    Ok(PhotoFile { path: row.get::<_, String>(0)?.into(), role, bytes: row.get(1)? })
}

fn detail(row: &Row<'_>, files: Vec<PhotoFile>, copies: Vec<PathBuf>) -> rusqlite::Result<PhotoDetail> {
    let (latitude, longitude): (Option<f64>, Option<f64>) = (row.get("latitude")?, row.get("longitude")?);
    let keywords: Option<String> = row.get("keywords")?;
    Ok(PhotoDetail {
        tile: tile(row)?,
        path: row.get::<_, String>(7)?.into(),
        copies,
        files,
        bytes: row.get("size")?,
        format: row.get("format")?,
        date_source: date_source(row.get("date_source")?),
        zone: row.get("zone")?,
        camera: row.get("camera")?,
        lens: row.get("lens")?,
        exposure: Exposure {
            seconds: row.get("exposure_s")?,
            aperture: row.get("aperture")?,
            iso: row.get("iso")?,
            focal_mm: row.get("focal_mm")?,
        },
        gps: latitude.zip(longitude).map(|(latitude, longitude)| Gps { latitude, longitude }),
        rating: row.get("rating")?,
        keywords: keywords.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default(),
        description: row.get("description")?,
        problem: row.get::<_, Option<String>>("problem")?.map(|stored| reason(&stored)),
    })
}
