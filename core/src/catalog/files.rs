//! What a walk or the watcher saw becomes rows: new, changed, moved and vanished files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension, params};

use super::{Catalog, Change};
use crate::error::Result;
use crate::photo::{ContentHash, DateSource, FolderId, Gps};

/// What the catalogue remembers of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub modified: i64,
    /// Whether it was gone when last looked for.
    pub gone: bool,
    /// Whether it vanished with many others, and its photo is still shown.
    pub missing: bool,
}

/// What the start of a file tells; sizes as seen upright.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Name of the format.
    pub format: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Wall clock in milliseconds, as if UTC.
    pub taken_at: i64,
    /// Where `taken_at` comes from.
    pub date_source: DateSource,
    /// Maker and model.
    pub camera: Option<String>,
    /// Where it was taken.
    pub gps: Option<Gps>,
}

/// A new or changed file.
#[derive(Clone, Debug)]
pub struct SeenFile {
    /// The folder that it belongs to.
    pub folder: FolderId,
    /// Absolute path, valid UTF-8.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub modified: i64,
    /// What its start tells, or why it is no photo.
    pub probe: std::result::Result<Probe, String>,
    /// Its content, where it had to be read already to tell whether it moved here.
    pub content: Option<ContentHash>,
}

/// What applying changes did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Photos that are new in the grid.
    pub added: u32,
    /// Photos whose file changed.
    pub changed: u32,
    /// Photos that were found again at another path.
    pub moved: u32,
    /// Files that are gone.
    pub gone: u32,
}

impl std::ops::AddAssign for Applied {
    fn add_assign(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.moved += other.moved;
        self.gone += other.gone;
    }
}

impl Catalog {
    /// All files below `root` that the catalogue knows, gone ones included.
    pub fn known_files(&self, root: &Path) -> Result<HashMap<PathBuf, KnownFile>> {
        let prefix = root.to_string_lossy();
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT path, size, modified, gone_since IS NOT NULL, missing > 0 FROM files
                 WHERE path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0')",
            )?
            .query_map([prefix.trim_end_matches('/')], |row| {
                let path = PathBuf::from(row.get::<_, String>(0)?);
                let [gone, missing] = [row.get(3)?, row.get(4)?];
                Ok((path, KnownFile { size: row.get(1)?, modified: row.get(2)?, gone, missing }))
            })?
            .collect()
        })
    }

    /// Paths of read files of this size: a new file of the same size may be one of them, moved.
    pub fn files_of_size(&self, size: u64) -> Result<Vec<PathBuf>> {
        self.read(|sql| {
            sql.prepare_cached("SELECT path FROM files WHERE size = ?1 AND content IS NOT NULL LIMIT 50")?
                .query_map([size], |row| Ok(PathBuf::from(row.get::<_, String>(0)?)))?
                .collect()
        })
    }

    /// Applies one batch in one transaction. `returned` are gone or missing files that are there again unchanged;
    /// `left_out` are files that the folder no longer takes.
    pub fn apply(&self, seen: &[SeenFile], returned: &[PathBuf], left_out: &[PathBuf]) -> Result<Applied> {
        self.write(|change| {
            let mut applied = Applied::default();
            for path in returned {
                change.set_gone(path, None)?;
            }
            for file in seen {
                change.see(file, &mut applied)?;
            }
            for path in left_out {
                applied.gone += u32::from(change.set_gone(path, Some(ON_PURPOSE))?);
            }
            Ok(applied)
        })
    }
}

/// `gone_since` of files that were left out or forgotten on purpose.
pub(super) const ON_PURPOSE: i64 = 0;

impl Change<'_> {
    pub(super) fn set_gone(&self, path: &Path, since: Option<i64>) -> rusqlite::Result<bool> {
        let photo = self
            .sql
            .prepare_cached(
                "UPDATE files SET gone_since = ?2, missing = 0
                 WHERE path = ?1 AND (missing > 0 OR (gone_since IS NULL) != (?2 IS NULL)) RETURNING photo",
            )?
            .query_row((path.to_string_lossy(), since), |row| row.get::<_, Option<i64>>(0))
            .optional()?;
        if let Some(Some(photo)) = photo {
            self.settle(photo)?;
        }
        Ok(photo.is_some())
    }

    fn see(&self, file: &SeenFile, applied: &mut Applied) -> rusqlite::Result<()> {
        let known = self
            .sql
            .prepare_cached("SELECT id, photo FROM files WHERE path = ?1")?
            .query_row([&file.path], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match known {
            Some((id, photo)) => self.see_changed(id, photo, file, applied),
            None => self.see_new(file, applied),
        }
    }

    fn see_new(&self, file: &SeenFile, applied: &mut Applied) -> rusqlite::Result<()> {
        let known_photo = match file.content {
            Some(content) => self.photo_of_content(content)?,
            None => None,
        };
        let photo = match (&file.probe, known_photo) {
            (_, Some(photo)) => {
                applied.moved += 1;
                Some(photo)
            }
            (Ok(probe), None) => {
                applied.added += 1;
                Some(self.insert_photo(probe)?)
            }
            (Err(_), None) => None,
        };
        self.sql
            .prepare_cached(
                "INSERT INTO files (folder, photo, path, size, modified, content, problem)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                file.folder.0,
                photo,
                file.path,
                file.size,
                file.modified,
                known_photo.and(file.content).map(|content| content.0),
                file.probe.as_ref().err(),
            ])?;
        photo.map_or(Ok(()), |photo| self.settle(photo))
    }

    /// An edit in place keeps the id. A file that never was a photo may become one.
    fn see_changed(
        &self,
        id: i64,
        photo: Option<i64>,
        file: &SeenFile,
        applied: &mut Applied,
    ) -> rusqlite::Result<()> {
        let photo = match (photo, &file.probe) {
            (None, Ok(probe)) => {
                applied.added += 1;
                Some(self.insert_photo(probe)?)
            }
            (photo, _) => {
                applied.changed += 1;
                photo
            }
        };
        self.sql
            .prepare_cached(
                "UPDATE files SET folder = ?2, photo = ?3, size = ?4, modified = ?5, content = NULL, problem = ?6,
                   gone_since = NULL, missing = 0 WHERE id = ?1",
            )?
            .execute(params![
                id,
                file.folder.0,
                photo,
                file.size,
                file.modified,
                file.probe.as_ref().err()
            ])?;
        photo.map_or(Ok(()), |photo| self.settle(photo))
    }

    /// The photo with this content, whether or not it has a file now.
    pub(super) fn photo_of_content(&self, content: ContentHash) -> rusqlite::Result<Option<i64>> {
        self.sql
            .prepare_cached("SELECT id FROM photos WHERE content = ?1")?
            .query_row([content.0], |row| row.get(0))
            .optional()
    }

    pub(super) fn insert_photo(&self, probe: &Probe) -> rusqlite::Result<i64> {
        self.sql
            .prepare_cached(
                "INSERT INTO photos (format, width, height, taken_at, date_source, camera, latitude, longitude, revision)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                probe.format,
                probe.width,
                probe.height,
                probe.taken_at,
                source_number(probe.date_source),
                probe.camera,
                probe.gps.map(|gps| gps.latitude),
                probe.gps.map(|gps| gps.longitude),
                self.revision,
            ])?;
        Ok(self.sql.last_insert_rowid())
    }

    pub(super) fn update_probe(&self, photo: i64, probe: &Probe) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached(
                "UPDATE photos SET format = ?2, width = ?3, height = ?4, taken_at = ?5, date_source = ?6, camera = ?7,
                   latitude = ?8, longitude = ?9 WHERE id = ?1",
            )?
            .execute(params![
                photo,
                probe.format,
                probe.width,
                probe.height,
                probe.taken_at,
                source_number(probe.date_source),
                probe.camera,
                probe.gps.map(|gps| gps.latitude),
                probe.gps.map(|gps| gps.longitude),
            ])?;
        Ok(())
    }
}

fn source_number(source: DateSource) -> i64 {
    match source {
        DateSource::Exif => 0,
        DateSource::File => 1,
    }
}
