//! Photos: what the grid and the info show, and the marks on them.

use std::path::{Path, PathBuf};

use super::open::Library;
use crate::error::Result;
use crate::types::{
    Edit, EditEntry, Mark, PhotoChanges, PhotoDetail, PhotoId, PhotoSummary, PhotoTile, Scope,
};

impl Library {
    /// What the grid shows of those of `ids` that are in the library, in the order of `ids`.
    pub fn tiles(&self, ids: &[PhotoId]) -> Result<Vec<PhotoTile>> {
        self.catalog.tiles(ids, &self.engine().model.id())
    }

    /// What changed after `revision`, and which of it belongs to the scope.
    pub fn photo_changes(&self, among: &Scope, revision: i64) -> Result<PhotoChanges> {
        let mut changes = self.catalog.photo_changes(among, revision, &self.engine().model.id())?;
        if let Some(subject) = among.subject {
            let matches = self.runtime.block_on(self.search.subjects().matches(&self.engine(), subject))?;
            changes.inside.retain(|photo| matches.contains(photo));
        }
        Ok(changes)
    }

    /// The library in numbers.
    pub fn photo_summary(&self) -> Result<PhotoSummary> {
        self.catalog.photo_summary()
    }

    /// Everything about one photo.
    pub fn photo(&self, id: PhotoId) -> Result<PhotoDetail> {
        self.catalog.photo(id, &self.engine().model.id())
    }

    /// The file that a photo shows.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::error::Error::NotFound) for a photo that is gone.
    pub fn photo_path(&self, id: PhotoId) -> Result<PathBuf> {
        self.catalog.photo_path(id)
    }

    /// The photos that files belong to, but for files that are not of the library.
    pub fn photos_at(&self, paths: &[PathBuf]) -> Result<Vec<PhotoId>> {
        paths.iter().filter_map(|path| self.photo_at(path).transpose()).collect()
    }

    /// The photo that a file belongs to, if it is of the library.
    pub fn photo_at(&self, path: &Path) -> Result<Option<PhotoId>> {
        self.catalog.photo_at(path)
    }

    /// Marks photos, or takes the mark away. `None`: they were so already.
    pub fn set_mark(&self, photos: Vec<PhotoId>, mark: Mark, set: bool) -> Result<Option<EditEntry>> {
        self.apply(&Edit::SetMark { photos, mark, set })
    }

    /// All photos with a mark.
    pub fn marked(&self, mark: Mark) -> Result<Vec<PhotoId>> {
        self.catalog.marked(mark)
    }

    /// How many photos have a vector of the model in use, and how many there are.
    pub fn embedded(&self) -> Result<(u32, u32)> {
        let counts = self.catalog.counts(&self.engine().model.id())?;
        Ok((counts.embedded, counts.photos))
    }
}
