//! What the person does with folders.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::open::Library;
use crate::error::{Error, Result};
use crate::scan::filter::FolderFilter;
use crate::types::{Folder, FolderId, FolderOptions};

impl Library {
    /// The folders of the library, by path.
    pub fn folders(&self) -> Result<Vec<Folder>> {
        self.catalog.folders()
    }

    /// Adds folders and begins to index them. A folder that is there already is fine.
    ///
    /// # Errors
    /// When one is not a folder or cannot be read; none is added then.
    pub fn add_folders(&self, paths: &[PathBuf]) -> Result<Vec<Folder>> {
        self.add_folders_that(paths, FolderOptions::clone)
    }

    /// [`Self::add_folders`], where `take` makes what they take of what they took before.
    ///
    /// # Errors
    /// As there, and [`Error::Invalid`] for an invalid pattern.
    pub fn add_folders_that(
        &self,
        paths: &[PathBuf],
        take: impl Fn(&FolderOptions) -> FolderOptions,
    ) -> Result<Vec<Folder>> {
        let paths = paths.iter().map(|path| self.check_folder(path)).collect::<Result<BTreeSet<_>>>()?;
        for path in &paths {
            FolderFilter::new(Path::new(path), &take(&FolderOptions::default()), Vec::new())?;
        }
        let added = paths.iter().map(|path| self.catalog.add_folder(path)).collect::<Result<Vec<_>>>()?;
        for root in self.catalog.roots()?.into_iter().filter(|root| added.contains(&root.id)) {
            self.catalog.set_folder_options(root.id, &take(&root.options))?;
            if let Some(indexer) = self.indexer().as_ref() {
                indexer.folder_changed(&root.path)?;
            }
        }
        let folders = self.catalog.folders()?;
        Ok(folders.into_iter().filter(|folder| added.contains(&folder.id)).collect())
    }

    fn check_folder(&self, path: &Path) -> Result<String> {
        let failed = |error: std::io::Error| {
            let path = path.display();
            Error::Invalid(match error.kind() {
                ErrorKind::NotFound => {
                    format!("the folder {path} is not there. Check its name, or connect its disk")
                }
                ErrorKind::NotADirectory => {
                    format!("{path} is not a folder. Name the folder that it lies in")
                }
                ErrorKind::PermissionDenied => {
                    format!("the folder {path} cannot be read. Allow your user to read it")
                }
                _ => format!("the folder {path} cannot be read: {error}"),
            })
        };
        let folder = path.canonicalize().map_err(failed)?;
        std::fs::read_dir(&folder).map_err(failed)?;
        if folder.starts_with(&self.data) {
            return Err(Error::Invalid(format!("{} is Fotonovela's own data folder", folder.display())));
        }
        folder.into_os_string().into_string().map_err(|path| {
            Error::Invalid(format!("the name of {} is not valid UTF-8. Rename it", path.display()))
        })
    }

    /// Changes what a folder takes, at once. What is newly left out disappears from the grid and keeps its thumbnails
    /// and vectors.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an invalid pattern; nothing is changed then.
    pub fn set_folder_options(&self, id: FolderId, options: &FolderOptions) -> Result<()> {
        let roots = self.catalog.roots()?;
        let root = roots.into_iter().find(|root| root.id == id);
        let root = root.ok_or_else(|| Error::NotFound { what: "The folder".into() })?;
        FolderFilter::new(&root.path, options, Vec::new())?;
        self.catalog.set_folder_options(id, options)?;
        self.indexer().as_ref().map_or(Ok(()), |indexer| indexer.folder_changed(&root.path))
    }

    /// Answers the question of a folder from which many photos vanished at once: `forget` them, or keep them in the
    /// grid as missing.
    pub fn answer_missing(&self, id: FolderId, forget: bool) -> Result<()> {
        self.catalog.answer_missing(id, forget)?;
        if let Some(indexer) = self.indexer().as_ref() {
            indexer.notify_folders();
        }
        Ok(())
    }

    /// Forgets a folder. Its files stay untouched; added again, its photos are back without indexing.
    pub fn remove_folder(&self, id: FolderId) -> Result<()> {
        let Some(folder) = self.catalog.folders()?.into_iter().find(|folder| folder.id == id) else {
            return Ok(());
        };
        self.catalog.remove_folder(id)?;
        match self.indexer().as_ref() {
            Some(indexer) => indexer.folder_removed(&folder.path),
            None => Ok(()),
        }
    }
}
