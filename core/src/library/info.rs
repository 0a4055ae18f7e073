//! What is known about single files, of the library or not.

use std::path::{Path, PathBuf};

use super::open::Library;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::indexing::lookup::Lookup;
use crate::types::{FileCode, PhotoDetail, PhotoId, Reason, ReasonCode};

/// What is known about a file.
#[derive(Clone, Debug)]
pub struct FileInfo {
    /// The photo of the library that it belongs to.
    pub id: Option<PhotoId>,
    /// What it says, together with the files beside it; its id and marks are of no library. `None` where it is no photo.
    pub photo: Option<PhotoDetail>,
    /// Why it could not be read.
    pub problem: Option<Reason>,
}

impl Library {
    /// What is known about files, in their order. Those that the library does not have, or shows another copy of, are
    /// read now.
    pub fn info(&self, paths: &[PathBuf]) -> Result<Vec<FileInfo>> {
        let kept: Vec<_> = paths.iter().map(|path| self.kept(path)).collect::<Result<_>>()?;
        let unknown = paths.iter().zip(&kept).filter(|(_, kept)| kept.photo.is_none());
        let unknown: Vec<_> = unknown.map(|(path, _)| path.clone()).collect();
        if unknown.is_empty() {
            return Ok(kept);
        }
        let lookup = Lookup::of(&unknown, &self.decoders)?;
        let complete = |(path, kept): (&PathBuf, FileInfo)| match kept.photo {
            Some(_) => Ok(kept),
            None => read(&lookup.catalog, path, kept),
        };
        paths.iter().zip(kept).map(complete).collect()
    }

    /// What the library knows.
    fn kept(&self, path: &Path) -> Result<FileInfo> {
        let id = self.catalog.photo_at(path)?;
        let photo = id.map(|id| self.photo(id)).transpose()?;
        let photo = photo.filter(|photo| photo.files.iter().any(|file| file.path == path));
        let problem = match &photo {
            Some(photo) => photo.problem.clone(),
            None => self.catalog.problem_at(path)?,
        };
        Ok(FileInfo { id, photo, problem })
    }
}

fn read(catalog: &Catalog, path: &Path, kept: FileInfo) -> Result<FileInfo> {
    let photo = catalog.photo_at(path)?.map(|id| catalog.photo(id, "")).transpose()?;
    let problem = match kept.problem {
        None if photo.is_none() => Some(catalog.problem_at(path)?.unwrap_or_else(|| unreadable(path))),
        problem => problem,
    };
    Ok(FileInfo { photo, problem, ..kept })
}

/// Why a file was not even looked at.
fn unreadable(path: &Path) -> Reason {
    match path.metadata() {
        Ok(_) if path.to_str().is_none() => FileCode::NameNotUtf8.reason(),
        Ok(_) => FileCode::UnsupportedKind.reason(),
        Err(error) => FileCode::Unreadable.because(error),
    }
}
