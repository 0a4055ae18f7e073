//! Files that vanished. Few are taken at their word. Many at once are more likely a fault (a disk, a share, a slip of
//! the hand): their photos stay in the grid as missing until the person answers. See docs/decisions/0008.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::connection::{Catalog, Change, now_ms};
use crate::error::Result;
use crate::types::{EditId, FolderId};

/// Fewer photos than this are never asked about.
const FEWEST: u32 = 10;
/// One photo of so many in the folder: more than 20 % are asked about.
const ONE_OF: u32 = 5;
/// What vanishes within this long vanishes at once, in milliseconds: a watcher reports it piece by piece.
const AT_ONCE: i64 = 10_000;

/// What became of files that vanished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vanished {
    /// Files that are taken to be gone.
    pub gone: u32,
    /// Files of photos that stay in the grid, and that the person is asked about.
    pub asked: u32,
}

impl Catalog {
    /// Takes files of one folder that are no longer there. A photo that has another file does not vanish, so moves do
    /// not count; apply what was seen first.
    pub fn vanish(&self, folder: FolderId, paths: &[PathBuf]) -> Result<Vanished> {
        self.write(|change| {
            let now = now_ms();
            let mut vanished = Vanished::default();
            for path in paths {
                vanished.gone += u32::from(change.set_gone(path, Some(now))?);
            }
            let lost = change.lost_since(folder, now - AT_ONCE)?;
            let photos: BTreeSet<i64> = lost.iter().map(|(_, photo)| *photo).collect();
            if change.is_asking(folder)? || change.is_mass(folder, photos.len())? {
                for (file, photo) in &lost {
                    change
                        .sql
                        .execute("UPDATE files SET gone_since = NULL, missing = 1 WHERE id = ?1", [file])?;
                    change.resolve(*photo)?;
                    change.join_beside(*file)?;
                }
                vanished.asked = u32::try_from(lost.len()).unwrap_or(u32::MAX);
                vanished.gone = vanished.gone.saturating_sub(vanished.asked);
            }
            Ok(vanished)
        })
    }

    /// Takes back a question that would not be asked now, because most of its photos are there again: those that are
    /// not are gone. To be called once the whole folder was seen. Returns how many files are gone.
    pub fn drop_small_question(&self, folder: FolderId) -> Result<u32> {
        self.write(|change| {
            let asked = change.missing_files(folder, false)?;
            let photos: BTreeSet<i64> = asked.iter().filter_map(|file| file.photo).collect();
            if asked.is_empty() || change.is_mass(folder, photos.len())? {
                return Ok(0);
            }
            let now = now_ms();
            for MissingFile { file, photo, .. } in &asked {
                change
                    .sql
                    .execute("UPDATE files SET gone_since = ?2, missing = 0 WHERE id = ?1", (file, now))?;
                photo.map_or(Ok(()), |photo| change.resolve(photo))?;
                change.join_beside(*file)?;
            }
            Ok(u32::try_from(asked.len()).unwrap_or(u32::MAX))
        })
    }

    /// One of the missing files of a folder: where it is there again, others may be.
    pub fn one_missing(&self, folder: FolderId) -> Result<Option<PathBuf>> {
        self.read(|sql| {
            let mut query =
                sql.prepare_cached("SELECT path FROM files WHERE folder = ?1 AND missing > 0 LIMIT 1")?;
            let mut rows = query.query_map([folder.0], |row| row.get::<_, String>(0))?;
            Ok(rows.next().transpose()?.map(|path| Path::new(&path).to_owned()))
        })
    }
}

/// A missing file of a photo.
pub(super) struct MissingFile {
    pub file: i64,
    pub photo: Option<i64>,
    /// 1 the person is asked about it, 2 the person keeps it.
    pub missing: u8,
}

impl Change<'_> {
    /// The missing files of a folder that an answer is about.
    pub(super) fn missing_files(&self, folder: FolderId, forget: bool) -> rusqlite::Result<Vec<MissingFile>> {
        let most = if forget { 2 } else { 1 };
        self.sql
            .prepare_cached(
                "SELECT id, photo, missing FROM files WHERE folder = ?1 AND missing BETWEEN 1 AND ?2",
            )?
            .query_map((folder.0, most), |row| {
                Ok(MissingFile { file: row.get(0)?, photo: row.get(1)?, missing: row.get(2)? })
            })?
            .collect()
    }

    /// Has the person's answer (`answered`) or takes it back: the missing files of an edit leave the grid (`forget`), or
    /// stay in it without a further question. Files that came back meanwhile are left alone.
    pub(super) fn set_missing_of(&self, edit: EditId, forget: bool, answered: bool) -> rusqlite::Result<()> {
        let (from, to) = match (forget, answered) {
            (true, true) => ("files.missing > 0", "gone_since = 0, missing = 0"),
            (true, false) => ("gone_since = 0", "gone_since = NULL, missing = edit_files.missing"),
            (false, true) => ("files.missing = 1", "missing = 2"),
            (false, false) => ("files.missing = 2", "missing = edit_files.missing"),
        };
        let files = self
            .sql
            .prepare(&format!(
                "UPDATE files SET {to} FROM edit_files
                 WHERE edit_files.edit = ?1 AND edit_files.file = files.id AND {from} RETURNING id, photo"
            ))?
            .query_map([edit.0], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(i64, Option<i64>)>>>()?;
        for (file, photo) in files {
            photo.map_or(Ok(()), |photo| self.resolve(photo))?;
            self.join_beside(file)?;
        }
        Ok(())
    }

    /// Files of the folder that are gone since then, by whose absence their photo is lost: `(file, photo)`.
    fn lost_since(&self, folder: FolderId, since: i64) -> rusqlite::Result<Vec<(i64, i64)>> {
        self.sql
            .prepare_cached(
                "SELECT id, photo FROM files WHERE gone_since >= ?2 AND folder = ?1 AND photo IS NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM files AS other
                     WHERE other.photo = files.photo AND other.role = 0 AND other.gone_since IS NULL
                       AND other.missing = 0)",
            )?
            .query_map((folder.0, since), |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    }

    /// Whether a question about the folder stands. What vanishes meanwhile joins it.
    fn is_asking(&self, folder: FolderId) -> rusqlite::Result<bool> {
        let is_asking = "SELECT EXISTS (SELECT 1 FROM files WHERE folder = ?1 AND missing = 1)";
        self.sql.prepare_cached(is_asking)?.query_row([folder.0], |row| row.get(0))
    }

    /// Whether so many lost photos are too many to be forgotten without a question.
    fn is_mass(&self, folder: FolderId, lost: usize) -> rusqlite::Result<bool> {
        let lost = u32::try_from(lost).unwrap_or(u32::MAX);
        if lost < FEWEST {
            return Ok(false);
        }
        let left: u32 = self
            .sql
            .prepare_cached(
                "SELECT COUNT(*) FROM photos JOIN files ON files.id = photos.file
                 WHERE files.folder = ?1 AND files.missing = 0",
            )?
            .query_row([folder.0], |row| row.get(0))?;
        Ok(lost > (left.saturating_add(lost)) / ONE_OF)
    }
}
