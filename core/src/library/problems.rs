//! Files with a problem.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::open::Library;
use crate::error::Result;
use crate::types::{OtherKind, Problem};

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
