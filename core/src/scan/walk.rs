//! The walk: every file below a folder, without what is left out.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::Stat;
use super::filter::is_excluded;

/// One step of a walk.
#[derive(Debug)]
pub enum Step {
    /// A file.
    File(PathBuf, Stat),
    /// Something that cannot be looked into; nothing can be said about what lies there.
    Unreadable(PathBuf, std::io::Error),
}

/// Walks `root`, which may be a file. Symbolic links below it are not followed, `root` itself only with `follow`.
pub fn walk(root: &Path, follow: bool) -> impl Iterator<Item = Step> + use<> {
    let root = root.to_owned();
    WalkDir::new(&root)
        .follow_root_links(follow)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_excluded(entry.file_name()))
        .filter_map(move |entry| match entry {
            Ok(entry) if entry.file_type().is_file() => Some(match entry.metadata() {
                Ok(metadata) => Step::File(entry.into_path(), Stat::of(&metadata)),
                Err(error) => unreadable(&root, error),
            }),
            Ok(_) => None,
            Err(error) => Some(unreadable(&root, error)),
        })
}

fn unreadable(root: &Path, error: walkdir::Error) -> Step {
    let path = error.path().unwrap_or(root).to_owned();
    Step::Unreadable(path, error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop of links")))
}
