//! What the person does with folders.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::open::Library;
use crate::error::{Error, Result};
use crate::scan::filter::FolderFilter;
use crate::types::{Edit, EditEntry, Event, FaultCode, Folder, FolderId, FolderOptions, ReasonCode};

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
        let known = self.catalog.roots()?;
        let options = |path: &str| {
            let root = known.iter().find(|root| root.path == Path::new(path));
            take(&root.map(|root| root.options.clone()).unwrap_or_default())
        };
        for path in &paths {
            FolderFilter::new(Path::new(path), &options(path), Vec::new())?;
        }
        for path in &paths {
            self.catalog.edit(&Edit::AddFolder { path: path.clone(), options: options(path) })?;
        }
        if let Some(indexer) = self.indexer().as_ref() {
            // In one scan: a file in a folder of a folder is found once.
            indexer.folders_changed(&paths.iter().map(PathBuf::from).collect::<Vec<_>>())?;
        }
        (self.on_event)(Event::Photos { revision: self.catalog.revision() });
        let is_added = |folder: &Folder| folder.path.to_str().is_some_and(|path| paths.contains(path));
        Ok(self.catalog.folders()?.into_iter().filter(is_added).collect())
    }

    fn check_folder(&self, path: &Path) -> Result<String> {
        let failed = |error: std::io::Error| {
            let reason = match error.kind() {
                ErrorKind::NotFound => FaultCode::FolderAbsent.reason(),
                ErrorKind::NotADirectory => FaultCode::NotAFolder.reason(),
                ErrorKind::PermissionDenied => FaultCode::FolderClosed.reason(),
                _ => FaultCode::FolderUnlisted.because(error),
            };
            Error::Invalid(reason.with("path", path))
        };
        let folder = path.canonicalize().map_err(failed)?;
        std::fs::read_dir(&folder).map_err(failed)?;
        if folder.starts_with(&self.data) {
            return Err(Error::Invalid(FaultCode::FolderOwn.with("path", folder.as_path())));
        }
        folder
            .into_os_string()
            .into_string()
            .map_err(|path| Error::Invalid(FaultCode::FolderName.with("path", Path::new(&path))))
    }

    /// Changes what a folder takes, at once. What is newly left out disappears from the grid and keeps its thumbnails
    /// and vectors.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an invalid pattern; nothing is changed then.
    pub fn set_folder_options(&self, folder: FolderId, options: FolderOptions) -> Result<Option<EditEntry>> {
        self.apply(&Edit::SetFolderOptions { folder, options })
    }

    /// Answers the question of a folder from which many photos vanished at once: `forget` them, or keep them in the
    /// grid as missing.
    pub fn answer_missing(&self, folder: FolderId, forget: bool) -> Result<Option<EditEntry>> {
        self.apply(&Edit::AnswerMissing { folder, forget })
    }

    /// Forgets a folder. Its files stay untouched; added again, its photos are back without indexing.
    pub fn remove_folder(&self, folder: FolderId) -> Result<Option<EditEntry>> {
        self.apply(&Edit::RemoveFolder { folder })
    }
}
