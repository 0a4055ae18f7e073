//! Photos that look alike, and putting copies out of sight.

use super::open::Library;
use crate::error::Result;
use crate::search::LookAlikeFinder;
use crate::task::CancelToken;
use crate::types::{Edit, EditEntry, LookAlikes, Scope};

impl Library {
    /// The groups of photos that look alike among those of a scope, the best photo of each first: files with the same bytes,
    /// then the same picture in other forms, then series. Photos that are new since the last time are compared before;
    /// `progress` gets how many of them were, and how many there are.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`]; what was compared until then is kept.
    pub fn look_alikes(
        &self,
        scope: &Scope,
        progress: impl Fn(usize, usize),
        cancel: &CancelToken,
    ) -> Result<Vec<LookAlikes>> {
        let engine = self.engine();
        let finder =
            LookAlikeFinder { catalog: &self.catalog, engine: &engine, cache: &self.cache, data: &self.data };
        self.runtime.block_on(finder.find(scope, &progress, cancel))
    }

    /// Hides all but the first photo of each group, as one edit. That one becomes a favourite where another one is.
    /// `None`: they were hidden already.
    ///
    /// # Errors
    /// When the catalogue cannot be written.
    pub fn hide_copies(&self, groups: &[LookAlikes]) -> Result<Option<EditEntry>> {
        let ids = |group: &LookAlikes| group.photos.iter().map(|photo| photo.id).collect();
        self.apply(&Edit::HideCopies { groups: groups.iter().map(ids).collect() })
    }
}
