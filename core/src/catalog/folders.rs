//! The folders that the person added.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row};

use super::connection::{Catalog, Change, now_ms};
use super::files::{ON_PURPOSE, WITH_FOLDER, to_json};
use crate::error::Result;
use crate::types::{
    Edit, Folder, FolderCode, FolderId, FolderOptions, FolderState, Kind, Reason, ReasonCode,
};

/// A folder as the indexer knows it; cheaper than [`Folder`], which counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Root {
    /// The folder.
    pub id: FolderId,
    /// Absolute path.
    pub path: PathBuf,
    /// What it takes.
    pub options: FolderOptions,
    /// Whether it could not be reached when last looked at.
    pub offline: bool,
}

const ROOT: &str = "id, path, subfolders, exclude, kinds, offline";

impl Catalog {
    /// Adds a folder that takes everything, or returns the one that is there. `path` is absolute.
    pub fn add_folder(&self, path: &str) -> Result<FolderId> {
        self.edit(&Edit::AddFolder { path: path.to_owned(), options: FolderOptions::default() })?;
        let id = |root: &Root| (root.path == Path::new(path)).then_some(root.id);
        Ok(self.roots()?.iter().find_map(id).expect("it was added"))
    }

    /// All folders by path, with what the person should know about them.
    pub fn folders(&self) -> Result<Vec<Folder>> {
        self.read(|sql| {
            sql.prepare_cached(&format!(
                "SELECT {ROOT}, message, notice,
                   (SELECT COUNT(*) FROM photos JOIN files ON files.id = photos.file WHERE files.folder = folders.id),
                   (SELECT COUNT(DISTINCT photo) FROM files WHERE folder = folders.id AND missing > 0),
                   (SELECT COUNT(DISTINCT photo) FROM files WHERE folder = folders.id AND missing = 1)
                 FROM folders WHERE removed_at IS NULL ORDER BY path"
            ))?
            .query_map([], folder)?
            .collect()
        })
    }

    /// All folders by path, as the indexer needs them.
    pub fn roots(&self) -> Result<Vec<Root>> {
        self.read(roots)
    }

    /// Notes whether a folder can be reached, and what is wrong where it cannot.
    pub fn set_folder_reached(&self, folder: FolderId, trouble: Option<&Reason>) -> Result<()> {
        self.note(
            folder,
            "SELECT offline = (?2 IS NOT NULL) AND message IS ?2 FROM folders WHERE id = ?1",
            "UPDATE folders SET offline = (?2 IS NOT NULL), message = ?2 WHERE id = ?1",
            trouble,
        )
    }

    /// Notes what is wrong with a folder that can be reached.
    pub fn set_folder_notice(&self, folder: FolderId, notice: Option<&Reason>) -> Result<()> {
        self.note(
            folder,
            "SELECT notice IS ?2 FROM folders WHERE id = ?1",
            "UPDATE folders SET notice = ?2 WHERE id = ?1",
            notice,
        )
    }

    /// Writes only what is news: most looks find a folder as it was.
    fn note(&self, folder: FolderId, is_known: &str, note: &str, reason: Option<&Reason>) -> Result<()> {
        let text = reason.map(to_json).transpose()?;
        let known = self.read(|sql| {
            let ask = |row: &Row<'_>| row.get::<_, bool>(0);
            sql.prepare_cached(is_known)?.query_row((folder.0, &text), ask).optional()
        })?;
        if known.unwrap_or(true) {
            return Ok(());
        }
        self.write(|change| change.sql.execute(note, (folder.0, &text)).map(drop))
    }
}

/// The folder that holds `path`, the deepest one where folders nest.
pub(crate) fn deepest<'a>(roots: impl Iterator<Item = &'a Root>, path: &Path) -> Option<&'a Root> {
    roots.filter(|root| path.starts_with(&root.path)).max_by_key(|root| root.path.components().count())
}

fn roots(sql: &Connection) -> rusqlite::Result<Vec<Root>> {
    sql.prepare_cached(&format!("SELECT {ROOT} FROM folders WHERE removed_at IS NULL ORDER BY path"))?
        .query_map([], root)?
        .collect()
}

fn root(row: &Row<'_>) -> rusqlite::Result<Root> {
    let (exclude, kinds): (String, Option<String>) = (row.get(3)?, row.get(4)?);
    Ok(Root {
        id: FolderId(row.get(0)?),
        path: row.get::<_, String>(1)?.into(),
        options: FolderOptions {
            subfolders: row.get(2)?,
            exclude: exclude.lines().map(str::to_owned).collect(),
            kinds: kinds.map(|names| names.split(',').filter_map(Kind::named).collect()),
        },
        offline: row.get(5)?,
    })
}

fn folder(row: &Row<'_>) -> rusqlite::Result<Folder> {
    let Root { id, path, options, offline } = root(row)?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let (photos, missing, asked): (u32, u32, u32) = (row.get(8)?, row.get(9)?, row.get(10)?);
    let (state, message) = match (offline, asked) {
        (true, _) => (FolderState::Offline, reason(row, 6)?),
        (false, 0) => (FolderState::Online, reason(row, 7)?),
        (false, _) => (FolderState::Asking, Some(question(asked, photos))),
    };
    Ok(Folder { id, path, name, photos, state, message, missing, options })
}

/// One that a newer version wrote otherwise is noted anew.
fn reason(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Reason>> {
    let stored: Option<String> = row.get(column)?;
    Ok(stored.and_then(|stored| serde_json::from_str(&stored).ok()))
}

fn question(asked: u32, photos: u32) -> Reason {
    FolderCode::FolderAsking.with("asked", asked).with("photos", photos)
}

impl Change<'_> {
    /// A folder that is of the library.
    pub(super) fn root(&self, folder: FolderId) -> rusqlite::Result<Option<Root>> {
        self.sql
            .prepare_cached(&format!("SELECT {ROOT} FROM folders WHERE id = ?1 AND removed_at IS NULL"))?
            .query_row([folder.0], root)
            .optional()
    }

    /// The folder of the library with this path.
    pub(super) fn root_at(&self, path: &str) -> rusqlite::Result<Option<FolderId>> {
        self.sql
            .prepare_cached("SELECT id FROM folders WHERE path = ?1 AND removed_at IS NULL")?
            .query_row([path], |row| Ok(FolderId(row.get(0)?)))
            .optional()
    }

    /// The row of a folder that is to be added: a new one, or that of one that was removed. Files that went with it wait
    /// for the walk: much may have happened to them.
    pub(super) fn prepare_folder(&self, path: &str, options: &FolderOptions) -> rusqlite::Result<FolderId> {
        let now = now_ms();
        let id = self.sql.query_row(
            "INSERT INTO folders (path, added_at, removed_at) VALUES (?1, ?2, ?2)
             ON CONFLICT (path) DO UPDATE SET added_at = ?2, offline = 0, message = NULL, notice = NULL RETURNING id",
            (path, now),
            |row| row.get(0),
        )?;
        self.sql.execute(
            "UPDATE files SET gone_since = ?2 WHERE folder = ?1 AND gone_since = ?3",
            (id, ON_PURPOSE, WITH_FOLDER),
        )?;
        self.set_options(FolderId(id), options)?;
        Ok(FolderId(id))
    }

    /// Takes a folder into the library, or out of it. Returns its path, if that changed something.
    pub(super) fn set_folder_present(
        &self,
        folder: FolderId,
        present: bool,
    ) -> rusqlite::Result<Option<PathBuf>> {
        if self.root(folder)?.is_some() == present {
            return Ok(None);
        }
        if present {
            self.restore_folder(folder)?;
        } else {
            self.remove_folder(folder)?;
        }
        let path = "SELECT path FROM folders WHERE id = ?1";
        self.sql
            .prepare_cached(path)?
            .query_row([folder.0], |row| Ok(PathBuf::from(row.get::<_, String>(0)?)))
            .optional()
    }

    /// The files that went with the folder are shown at once; the next walk mends what is not so any more.
    fn restore_folder(&self, folder: FolderId) -> rusqlite::Result<()> {
        let path: Option<String> = self
            .sql
            .prepare_cached("UPDATE folders SET removed_at = NULL WHERE id = ?1 RETURNING path")?
            .query_row([folder.0], |row| row.get(0))
            .optional()?;
        // It is not there where it could not be read of a damaged catalogue.
        let Some(path) = path else { return Ok(()) };
        let photos = self
            .sql
            .prepare(
                "UPDATE files SET gone_since = NULL WHERE folder = ?1 AND gone_since = ?2 RETURNING photo",
            )?
            .query_map((folder.0, WITH_FOLDER), |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<Option<i64>>>>()?;
        photos.into_iter().flatten().try_for_each(|photo| self.resolve(photo))?;
        self.hand_over(folder.0, &path)
    }

    /// Its files go with it, but for those of a folder around it. Its photos keep their rows (thumbnail, vector) for when
    /// they return.
    fn remove_folder(&self, folder: FolderId) -> rusqlite::Result<()> {
        let all = roots(&self.sql)?;
        let removed = all.iter().find(|root| root.id == folder);
        let outer = removed.and_then(|removed| {
            deepest(all.iter().filter(|root| root.id != folder), &removed.path).map(|root| root.id)
        });
        let photos = self
            .sql
            .prepare("SELECT DISTINCT photo FROM files WHERE folder = ?1 AND photo IS NOT NULL")?
            .query_map([folder.0], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        if let Some(outer) = outer {
            self.sql.execute("UPDATE files SET folder = ?2 WHERE folder = ?1", (folder.0, outer.0))?;
        } else {
            self.sql.execute(
                "UPDATE files SET gone_since = ?2 WHERE folder = ?1 AND gone_since IS NULL",
                (folder.0, WITH_FOLDER),
            )?;
        }
        self.sql.execute("UPDATE folders SET removed_at = ?2 WHERE id = ?1", (folder.0, now_ms()))?;
        photos.into_iter().try_for_each(|photo| self.resolve(photo))
    }

    /// Changes what a folder takes. A walk of the folder applies it.
    pub(super) fn set_options(&self, folder: FolderId, options: &FolderOptions) -> rusqlite::Result<()> {
        let kinds = options.kinds.as_ref().map(|kinds| {
            let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
            names.join(",")
        });
        self.sql.execute(
            "UPDATE folders SET subfolders = ?2, exclude = ?3, kinds = ?4 WHERE id = ?1",
            (folder.0, options.subfolders, options.exclude.join("\n"), kinds),
        )?;
        Ok(())
    }

    /// Gives the files below a new folder to it, but for those of folders inside it.
    fn hand_over(&self, folder: i64, path: &str) -> rusqlite::Result<()> {
        let photos = self
            .sql
            .prepare(
                "UPDATE files SET folder = ?1
                 WHERE (path > ?2 || '/' AND path < ?2 || '0')
                   AND folder NOT IN
                     (SELECT id FROM folders WHERE path > ?2 || '/' AND path < ?2 || '0' AND removed_at IS NULL)
                 RETURNING photo",
            )?
            .query_map((folder, path.trim_end_matches('/')), |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<Option<i64>>>>()?;
        photos.into_iter().flatten().try_for_each(|photo| self.resolve(photo))
    }
}
