//! What a person changes: each write is an edit with an inverse, so that it can be undone.

use std::path::Path;

use super::open::Library;
use crate::catalog::Edited;
use crate::error::{Error, Result};
use crate::scan::filter::FolderFilter;
use crate::types::{Edit, EditCode, EditEntry, EditId, Event, FaultCode, ReasonCode};

impl Library {
    /// Makes an edit and remembers it with its inverse, over restarts. `None`: everything was so already.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a pattern of a folder that cannot be used, [`Error::NotFound`] for a folder that is not in
    /// the library; nothing is changed then.
    pub fn apply(&self, edit: &Edit) -> Result<Option<EditEntry>> {
        match edit {
            Edit::AddFolder { path, options } => {
                FolderFilter::new(Path::new(path), options, Vec::new())?;
            }
            Edit::SetFolderOptions { folder, options } => {
                let root = self.catalog.roots()?.into_iter().find(|root| root.id == *folder);
                let root = root.ok_or_else(|| Error::NotFound(FaultCode::FolderNotFound.reason()))?;
                FolderFilter::new(&root.path, options, Vec::new())?;
            }
            _ => {}
        }
        self.follow_up(self.catalog.edit(edit)?)
    }

    /// Undoes an edit, or the last one that is not undone. `None`: there is none.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an edit that is not remembered or was undone.
    pub fn undo(&self, edit: Option<EditId>) -> Result<Option<EditEntry>> {
        self.follow_up(self.catalog.undo(edit)?)
    }

    /// Makes an edit again that was undone, or the one that was undone last. `None`: there is none.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an edit that is not remembered or was not undone.
    pub fn redo(&self, edit: Option<EditId>) -> Result<Option<EditEntry>> {
        self.follow_up(self.catalog.redo(edit)?)
    }

    /// The last 100 edits, newest first. Those that were undone are among them until there is a new one.
    pub fn edits(&self) -> Result<Vec<EditEntry>> {
        self.catalog.edits()
    }

    /// Has the indexer walk what an edit changed, and the window ask for it.
    fn follow_up(&self, edited: Option<Edited>) -> Result<Option<EditEntry>> {
        let Some(Edited { entry, folder }) = edited else { return Ok(None) };
        if let Some(indexer) = self.indexer().as_ref() {
            match (folder, entry.code) {
                (Some((path, true)), _) => indexer.folders_changed(&[path])?,
                (Some((path, false)), _) => indexer.folder_removed(&path)?,
                (None, EditCode::MissingForgotten | EditCode::MissingKept) => indexer.notify_folders(),
                (None, _) => {}
            }
        }
        (self.on_event)(Event::Photos { revision: self.catalog.revision() });
        Ok(Some(entry))
    }
}
