//! The walk: every folder and file below a folder, without what is left out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use super::filter::FolderFilter;
use super::stat::Stat;

/// One step of a walk.
#[derive(Debug)]
pub enum WalkStep {
    /// A folder; what it holds is listed after this step, so that it can be watched before.
    Folder(PathBuf),
    /// A file.
    File(PathBuf, Stat),
    /// Something that cannot be looked into; nothing can be said about what lies there.
    Unreadable(PathBuf, std::io::Error),
}

/// Walks `start`, which is the root of `filter` or something below it that it reaches, and may be a file. Links to files
/// are files; links to folders are not followed, but the root may be one.
pub fn walk(start: &Path, filter: &Arc<FolderFilter>) -> impl Iterator<Item = WalkStep> + use<> {
    let (start, filter) = (start.to_owned(), Arc::clone(filter));
    WalkDir::new(&start)
        // Photos of one moment that tell no parts of a second keep the order of their names.
        .sort_by_file_name()
        .follow_root_links(start == filter.root())
        .into_iter()
        .filter_entry(move |entry| {
            let is_folder = entry.file_type().is_dir();
            entry.depth() == 0
                || if is_folder { filter.enters(entry.path()) } else { filter.takes(entry.path()) }
        })
        .filter_map(move |entry| match entry {
            Ok(entry) if entry.file_type().is_dir() => Some(WalkStep::Folder(entry.into_path())),
            Ok(entry) if entry.file_type().is_file() => Some(match entry.metadata() {
                Ok(metadata) => WalkStep::File(entry.into_path(), Stat::of(&metadata)),
                Err(error) => unreadable(&start, error),
            }),
            Ok(entry) if entry.path_is_symlink() => linked(entry.into_path()),
            Ok(_) => None,
            Err(error) => Some(unreadable(&start, error)),
        })
}

/// The file that a link leads to, under the name of the link; a link to nowhere is nothing.
fn linked(path: PathBuf) -> Option<WalkStep> {
    let stat = Stat::read(&path)?;
    Some(WalkStep::File(path, stat))
}

fn unreadable(root: &Path, error: walkdir::Error) -> WalkStep {
    let path = error.path().unwrap_or(root).to_owned();
    WalkStep::Unreadable(
        path,
        error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop of links")),
    )
}
