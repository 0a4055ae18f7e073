//! Brings the catalogue up to date with paths, and decides at the end what vanished. The walk at the start, the
//! watcher's hints and the return of a disk all come here.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalog::{Catalog, Root, deepest};
use crate::decoder::Decoders;
use crate::error::Result;
use crate::indexing::intake::{PathScan, ScanTally};
use crate::scan::filter::FolderFilter;
use crate::scan::walk::{WalkStep, walk};
use crate::task::CancelToken;
use crate::types::{FolderCode, FolderId, Reason, ReasonCode};

/// Compares paths with the catalogue.
pub(crate) struct Reconciler<'a> {
    pub(crate) catalog: &'a Catalog,
    /// Reads what is found.
    pub(crate) decoders: &'a Decoders,
    /// The data folder, which is never scanned.
    pub(crate) private: &'a Path,
    pub(crate) cancel: &'a CancelToken,
    /// Called after each batch of rows.
    pub(crate) on_applied: &'a dyn Fn(),
    /// Called with the library's folder and one in it, before that one is listed: time to watch it.
    pub(crate) on_folder: &'a dyn Fn(&Path, &Path),
    /// See [`PathScan::later`].
    pub(crate) later: Option<&'a dyn Fn(&Path)>,
}

impl Reconciler<'_> {
    /// Scans `paths` (files or folders, there or gone). What is found is applied as it comes; what vanished, after
    /// all paths were scanned, because it may have moved from one to the other.
    pub(crate) fn reconcile(&self, paths: Vec<PathBuf>) -> Result<ScanTally> {
        let roots = self.catalog.roots()?;
        let mut tally = ScanTally::default();
        let mut vanished = Vec::new();
        for (root, paths) in by_root(&roots, paths) {
            if !self.is_reached(root)? {
                continue;
            }
            let filter = Arc::new(filter_of(root, &roots, self.private)?);
            let is_whole = paths.contains(&root.path);
            let mut gone = Vec::new();
            for path in paths {
                tally += self.scan(root, &filter, &path, &mut gone)?;
            }
            vanished.push((root.id, gone, is_whole));
        }
        for (folder, gone, is_whole) in vanished {
            tally.applied.gone += self.forget(folder, &gone)?;
            tally.applied.gone += if is_whole { self.catalog.drop_small_question(folder)? } else { 0 };
        }
        Ok(tally)
    }

    fn forget(&self, folder: FolderId, gone: &[PathBuf]) -> Result<u32> {
        if gone.is_empty() {
            return Ok(0);
        }
        let vanished = self.catalog.vanish(folder, gone)?;
        (self.on_applied)();
        Ok(vanished.gone)
    }

    /// Whether the folder is there, which is noted. The empty place of a disk that was away is not its return.
    fn is_reached(&self, root: &Root) -> Result<bool> {
        let trouble = match std::fs::read_dir(&root.path).map(|mut entries| entries.next().is_none()) {
            Ok(is_empty) if is_empty && root.offline && self.has_files(root)? => {
                Some(FolderCode::FolderEmpty.reason())
            }
            Ok(_) => None,
            Err(error) => Some(offline_reason(&error)),
        };
        self.catalog.set_folder_reached(root.id, trouble.as_ref())?;
        Ok(trouble.is_none())
    }

    fn has_files(&self, root: &Root) -> Result<bool> {
        Ok(self.catalog.known_files(&root.path)?.values().any(|file| !file.gone))
    }

    fn scan(
        &self,
        root: &Root,
        filter: &Arc<FolderFilter>,
        path: &Path,
        gone: &mut Vec<PathBuf>,
    ) -> Result<ScanTally> {
        let is_folder = path.is_dir();
        // What is gone may have been either.
        let may_be_file = !is_folder && filter.reaches(path, false);
        let may_be_folder = (is_folder || !path.exists()) && filter.reaches(path, true);
        if filter.is_apart(path) || !(may_be_file || may_be_folder) {
            return Ok(ScanTally::default());
        }
        // The writer of a file that is scanned by itself has closed it.
        let later = self.later.filter(|_| is_folder);
        let known = self.catalog.known_files(path)?;
        let mut scan =
            PathScan::new(self.catalog, self.decoders, root.id, filter, self.on_applied, known).later(later);
        for step in walk(path, filter) {
            self.cancel.check()?;
            match step {
                WalkStep::Folder(folder) => (self.on_folder)(&root.path, &folder),
                WalkStep::File(file, stat) => scan.file(file, stat)?,
                // It vanished since it was listed; then it is simply not there.
                WalkStep::Unreadable(_, error) if error.kind() == ErrorKind::NotFound => {}
                WalkStep::Unreadable(path, error) => scan.unreadable(path, &error),
            }
        }
        let (tally, vanished) = scan.finish()?;
        gone.extend(vanished);
        Ok(tally)
    }
}

/// The filter of `root`; folders of the library inside it take care of themselves.
pub(crate) fn filter_of(root: &Root, roots: &[Root], private: &Path) -> Result<FolderFilter> {
    let inside = roots.iter().map(|other| &other.path);
    let inside = inside.filter(|other| **other != root.path && other.starts_with(&root.path)).cloned();
    FolderFilter::new(&root.path, &root.options, inside.chain([private.to_owned()]).collect())
}

/// The paths by the folder that holds them. One that lies in another one of the same folder is scanned with it.
fn by_root(roots: &[Root], mut paths: Vec<PathBuf>) -> Vec<(&Root, Vec<PathBuf>)> {
    paths.sort_unstable();
    let mut sorted: BTreeMap<usize, Vec<PathBuf>> = BTreeMap::new();
    for path in paths {
        let Some(root) = deepest(roots.iter(), &path) else { continue };
        let number = roots.iter().position(|other| other.id == root.id).expect("it is one of them");
        let taken = sorted.entry(number).or_default();
        if !taken.last().is_some_and(|last| path.starts_with(last)) {
            taken.push(path);
        }
    }
    sorted.into_iter().map(|(number, paths)| (&roots[number], paths)).collect()
}

fn offline_reason(error: &std::io::Error) -> Reason {
    match error.kind() {
        ErrorKind::NotFound => FolderCode::FolderGone.reason(),
        ErrorKind::PermissionDenied => FolderCode::FolderDenied.reason(),
        _ => FolderCode::FolderFailed.because(error),
    }
}
