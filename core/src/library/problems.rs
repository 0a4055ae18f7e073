//! Files with a problem.

use std::path::{Path, PathBuf};

use super::open::Library;
use crate::error::Result;
use crate::types::Problem;

impl Library {
    /// Files with a problem, by path; only those below `folder`, if one is given.
    pub fn problems(&self, folder: Option<&Path>) -> Result<Vec<Problem>> {
        self.catalog.problems(folder)
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
