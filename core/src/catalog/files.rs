//! What a walk or the watcher saw becomes rows: new, changed, moved and vanished files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension, params};

use super::connection::{Catalog, Change};
use crate::error::Result;
use crate::types::{ContentHash, Facts, FolderId, OtherKind, Reason, role};

/// Version of what is read from the start of a file. Raise it when more is read or more kinds are known: then all files
/// are scanned once more, and none is decoded or embedded again.
const READER: i64 = 4;

/// What the catalogue remembers of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub modified: i64,
    /// Whether it was gone when last looked for.
    pub gone: bool,
    /// Whether an older version of Fotonovela read its start.
    pub outdated: bool,
    /// Whether it vanished with many others, and its photo is still shown.
    pub missing: bool,
    /// Whether it is a photo or was taken for one: not what lies beside photos, nor what is not shown.
    pub is_photo: bool,
}

/// What a photo says; sizes as seen upright.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Name of the format.
    pub format: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The rest.
    pub facts: Facts,
}

/// What the start of a file says.
#[derive(Clone, Debug, PartialEq)]
pub enum ProbeResult {
    /// It is a photo.
    Photo(Probe),
    /// It says about a photo that lies beside it.
    Sidecar(Facts),
    /// It says about the photo that should be called so.
    Takeout {
        /// Absolute path.
        photo: PathBuf,
        /// What it says.
        facts: Facts,
    },
    /// It is no photo and is not shown.
    Other(OtherKind),
    /// It is neither; this is why.
    Problem(Reason),
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
    /// What its start says.
    pub probe: ProbeResult,
    /// Its content, where it had to be read already to know whether it moved here.
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
                "SELECT path, size, modified, gone_since IS NOT NULL, missing > 0, reader < ?2,
                   other IS NULL AND role NOT IN (2, 3) FROM files
                 WHERE path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0')",
            )?
            .query_map((prefix.trim_end_matches('/'), READER), |row| {
                let path = PathBuf::from(row.get::<_, String>(0)?);
                let file = KnownFile {
                    size: row.get(1)?,
                    modified: row.get(2)?,
                    gone: row.get(3)?,
                    missing: row.get(4)?,
                    outdated: row.get(5)?,
                    is_photo: row.get(6)?,
                };
                Ok((path, file))
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
                // A walk may end after its folder was removed.
                if change.root(file.folder)?.is_some() {
                    change.see(file, &mut applied)?;
                }
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
/// `gone_since` of files that went with their folder, and return with it when its removal is undone.
pub(super) const WITH_FOLDER: i64 = -1;

impl Change<'_> {
    pub(super) fn set_gone(&self, path: &Path, since: Option<i64>) -> rusqlite::Result<bool> {
        let changed = self
            .sql
            .prepare_cached(
                "UPDATE files SET gone_since = ?2, missing = 0
                 WHERE path = ?1 AND (missing > 0 OR (gone_since IS NULL) != (?2 IS NULL))
                   AND folder NOT IN (SELECT id FROM folders WHERE removed_at IS NOT NULL) RETURNING photo, stem",
            )?
            .query_row((path.to_string_lossy(), since), |row| {
                Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<String>>(1)?))
            })
            .optional()?;
        let Some((photo, stem)) = changed else { return Ok(false) };
        if let Some(photo) = photo {
            self.resolve(photo)?;
        }
        if let Some(stem) = stem {
            self.join(&stem)?;
        }
        Ok(true)
    }

    fn see(&self, file: &SeenFile, applied: &mut Applied) -> rusqlite::Result<()> {
        let known = self
            .sql
            .prepare_cached("SELECT id, size = ?2 AND modified = ?3 FROM files WHERE path = ?1")?
            .query_row((&file.path, file.size, file.modified), |row| {
                Ok((row.get(0)?, row.get::<_, bool>(1)?))
            })
            .optional()?;
        let id = match known {
            Some((id, is_same)) => {
                applied.changed += u32::from(!is_same);
                self.see_again(id, file)?;
                id
            }
            None => self.see_new(file, applied)?,
        };
        let stem = match &file.probe {
            ProbeResult::Takeout { photo, .. } => role::stem(photo),
            _ => role::stem(Path::new(&file.path)),
        };
        self.record(id, &file.probe, &stem)?;
        applied.added += self.join(&stem)?;
        Ok(())
    }

    fn see_new(&self, file: &SeenFile, applied: &mut Applied) -> rusqlite::Result<i64> {
        let known_photo = match file.content {
            Some(content) => self.photo_of_content(content)?,
            None => None,
        };
        applied.moved += u32::from(known_photo.is_some());
        self.sql
            .prepare_cached(
                "INSERT INTO files (folder, photo, path, size, modified, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                file.folder.0,
                known_photo,
                file.path,
                file.size,
                file.modified,
                known_photo.and(file.content).map(|content| content.0),
            ])?;
        Ok(self.sql.last_insert_rowid())
    }

    /// An edit in place keeps the photo; a file that did not change keeps its content too.
    fn see_again(&self, id: i64, file: &SeenFile) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached(
                "UPDATE files SET folder = ?2, size = ?3, modified = ?4, gone_since = NULL, missing = 0,
                   content = CASE WHEN size = ?3 AND modified = ?4 THEN content END WHERE id = ?1",
            )?
            .execute((id, file.folder.0, file.size, file.modified))?;
        Ok(())
    }

    fn record(&self, id: i64, probe: &ProbeResult, stem: &str) -> rusqlite::Result<()> {
        let problem = if let ProbeResult::Problem(reason) = probe { Some(to_json(reason)?) } else { None };
        let other: Option<&str> = if let ProbeResult::Other(kind) = probe { Some(kind.into()) } else { None };
        self.sql
            .prepare_cached(
                "UPDATE files SET problem = ?2, stem = ?3, reader = ?4, other = ?5 WHERE id = ?1",
            )?
            .execute((id, problem, stem, READER, other))?;
        match probe {
            ProbeResult::Photo(probe) => self.tell_photo(id, probe),
            ProbeResult::Sidecar(facts) | ProbeResult::Takeout { facts, .. } => {
                self.sql.execute("UPDATE files SET facts = ?2 WHERE id = ?1", (id, to_json(facts)?))?;
                Ok(())
            }
            ProbeResult::Problem(_) | ProbeResult::Other(_) => Ok(()),
        }
    }

    /// Notes what a photo probe, for [`Self::resolve`] to show.
    pub(super) fn tell_photo(&self, id: i64, probe: &Probe) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached(
                "UPDATE files SET format = ?2, width = ?3, height = ?4, facts = ?5 WHERE id = ?1",
            )?
            .execute((id, &probe.format, probe.width, probe.height, to_json(&probe.facts)?))?;
        Ok(())
    }

    /// The photo with this content, whether or not it has a file now.
    pub(super) fn photo_of_content(&self, content: ContentHash) -> rusqlite::Result<Option<i64>> {
        self.sql
            .prepare_cached("SELECT id FROM photos WHERE content = ?1")?
            .query_row([content.0], |row| row.get(0))
            .optional()
    }
}

pub(super) fn to_json(value: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}
