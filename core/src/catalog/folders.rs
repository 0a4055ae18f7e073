//! The folders that the person added.

use std::path::{Path, PathBuf};

use rusqlite::OptionalExtension;

use super::{Catalog, now_ms};
use crate::error::Result;
use crate::photo::{Folder, FolderId, FolderState};

impl Catalog {
    /// Adds a folder, or answers the one that is there. `path` is absolute.
    pub fn add_folder(&self, path: &str) -> Result<FolderId> {
        self.write(|change| {
            change.sql.execute(
                "INSERT INTO folders (path, added_at) VALUES (?1, ?2) ON CONFLICT (path) DO NOTHING",
                (path, now_ms()),
            )?;
            change
                .sql
                .query_row("SELECT id FROM folders WHERE path = ?1", [path], |row| Ok(FolderId(row.get(0)?)))
        })
    }

    /// Forgets a folder and its files. Its photos keep their rows (thumbnail, vector) for when they return.
    pub fn remove_folder(&self, folder: FolderId) -> Result<()> {
        self.write(|change| {
            let photos = change
                .sql
                .prepare("SELECT DISTINCT photo FROM files WHERE folder = ?1 AND photo IS NOT NULL")?
                .query_map([folder.0], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()?;
            change.sql.execute(
                "UPDATE photos SET file = NULL WHERE file IN (SELECT id FROM files WHERE folder = ?1)",
                [folder.0],
            )?;
            change.sql.execute("DELETE FROM folders WHERE id = ?1", [folder.0])?;
            photos.into_iter().try_for_each(|photo| change.settle(photo))
        })
    }

    /// All folders by path.
    pub fn folders(&self) -> Result<Vec<Folder>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT id, path, offline, message,
                   (SELECT COUNT(*) FROM photos JOIN files ON files.id = photos.file WHERE files.folder = folders.id)
                 FROM folders ORDER BY path",
            )?
            .query_map([], |row| {
                let path = PathBuf::from(row.get::<_, String>(1)?);
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                Ok(Folder {
                    id: FolderId(row.get(0)?),
                    name,
                    path,
                    state: if row.get(2)? { FolderState::Offline } else { FolderState::Online },
                    message: row.get(3)?,
                    photos: row.get(4)?,
                })
            })?
            .collect()
        })
    }

    /// The folder that holds `path`, the deepest one where folders nest.
    pub fn folder_of(&self, path: &Path) -> Result<Option<Folder>> {
        let folders = self.folders()?;
        Ok(folders
            .into_iter()
            .filter(|folder| path.starts_with(&folder.path))
            .max_by_key(|folder| folder.path.components().count()))
    }

    /// Notes whether a folder can be reached and what is wrong with it. Answers whether that is news.
    pub fn set_folder_state(
        &self,
        folder: FolderId,
        state: FolderState,
        message: Option<&str>,
    ) -> Result<bool> {
        let offline = state == FolderState::Offline;
        let is_same = self.read(|sql| {
            sql.query_row(
                "SELECT offline = ?2 AND message IS ?3 FROM folders WHERE id = ?1",
                (folder.0, offline, message),
                |row| row.get::<_, bool>(0),
            )
            .optional()
        })?;
        if is_same.unwrap_or(true) {
            return Ok(false);
        }
        self.write(|change| {
            change.sql.execute(
                "UPDATE folders SET offline = ?2, message = ?3 WHERE id = ?1",
                (folder.0, offline, message),
            )?;
            Ok(true)
        })
    }
}
