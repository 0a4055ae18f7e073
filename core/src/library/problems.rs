//! Files with a problem, of photos and of ours.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::open::Library;
use crate::error::Result;
use crate::types::{OtherKind, PhotoId, Problem};

/// Photos that are looked at in one step.
const PAGE: usize = 10_000;

impl Library {
    /// Files with a problem, by path; only those below `folder`, if one is given.
    pub fn problems(&self, folder: Option<&Path>) -> Result<Vec<Problem>> {
        self.catalog.problems(folder)
    }

    /// How many files below a folder are no photos, by kind.
    pub fn others(&self, folder: &Path) -> Result<BTreeMap<OtherKind, u32>> {
        self.catalog.others(Some(folder))
    }

    /// How many photos below a folder were found and, while they were to be read, were gone or not what they had been.
    pub fn unread(&self, folder: &Path) -> Result<u32> {
        self.catalog.unread(folder)
    }

    /// Looks at the file of every thumbnail, and has those made again that are not there or damaged. Takes minutes where there are
    /// millions; without it each is looked at when it is shown.
    pub fn retry_thumbnails(&self) -> Result<()> {
        let mut after = PhotoId(0);
        loop {
            let photos = self.catalog.with_thumbnails(after, PAGE)?;
            let Some((last, _)) = photos.last() else { break };
            after = *last;
            for (id, _) in photos.iter().filter(|(_, content)| !self.cache.contains(*content)) {
                self.catalog.forget_thumbnail(*id)?;
            }
        }
        if let Some(indexer) = self.indexer().as_ref() {
            indexer.wake();
        }
        Ok(())
    }

    /// Tries files with a problem again: all of them, or those of `paths`. Others are left alone.
    pub fn retry_problems(&self, paths: Option<&[PathBuf]>) -> Result<()> {
        let forgotten = self.catalog.forget_problems(paths)?;
        match (self.indexer().as_ref(), paths) {
            (None, _) => {}
            (Some(indexer), None) => indexer.rescan_all()?,
            (Some(indexer), Some(_)) => indexer.rescan(forgotten),
        }
        Ok(())
    }
}
