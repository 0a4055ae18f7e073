//! What a library never looks at: hidden files, trash and the caches of other programs; and what its folder leaves out.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::error::{Error, Result};
use crate::types::{FaultCode, FolderOptions, Kind, ReasonCode, Role};

/// Folders and files that systems and other programs keep among photos: trash, snapshots, thumbnails.
const EXCLUDED: [&str; 16] = [
    "@eaDir",
    "#recycle",
    "#snapshot",
    "@Recycle",
    "@Recently-Snapshot",
    "@__thumb",
    "$RECYCLE.BIN",
    "RECYCLER",
    "System Volume Information",
    "Network Trash Folder",
    "lost+found",
    "Thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "__MACOSX",
];

/// A folder that holds a file of this name does not hold photos, by the convention of Android: apps keep caches there.
const NO_MEDIA: &str = ".nomedia";

fn is_excluded(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.') || EXCLUDED.iter().any(|excluded| name.eq_ignore_ascii_case(excluded))
}

/// Which files of one folder belong to the library.
#[derive(Debug)]
pub struct FolderFilter {
    root: PathBuf,
    subfolders: bool,
    exclude: Gitignore,
    kinds: Option<Vec<Kind>>,
    /// Folders inside it that are looked at by themselves, or never.
    apart: Vec<PathBuf>,
}

impl FolderFilter {
    /// The filter of the folder `root`. It takes nothing of the folders `apart`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an invalid pattern.
    pub fn new(root: &Path, options: &FolderOptions, apart: Vec<PathBuf>) -> Result<Self> {
        let mut exclude = GitignoreBuilder::new(root);
        // A slip of the pen should be reported rather than match nothing.
        exclude.allow_unclosed_class(false);
        for pattern in &options.exclude {
            exclude.add_line(None, pattern).map_err(|error| unusable(pattern, &error))?;
        }
        let exclude = exclude.build().map_err(|error| unusable("", &error))?;
        let FolderOptions { subfolders, ref kinds, .. } = *options;
        Ok(Self { root: root.to_owned(), subfolders, exclude, kinds: kinds.clone(), apart })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether `path` is of a folder that is looked at by itself, or never.
    pub fn is_apart(&self, path: &Path) -> bool {
        self.apart.iter().any(|apart| path.starts_with(apart))
    }

    /// Whether a walk that is in the parent of `folder` goes into it.
    pub fn enters(&self, folder: &Path) -> bool {
        folder == self.root
            || self.subfolders
                && !self.is_apart(folder)
                && !folder.file_name().is_some_and(is_excluded)
                && !self.exclude.matched(folder, true).is_ignore()
                && !folder.join(NO_MEDIA).exists()
                && !is_library(folder)
    }

    /// Whether a walk that is in the parent of `file` takes it.
    pub fn takes(&self, file: &Path) -> bool {
        !file.file_name().is_some_and(is_excluded)
            && self.is_of_kind(file)
            && !self.exclude.matched(file, false).is_ignore()
    }

    /// Whether a walk from the root comes to `path`, which is a folder, a file, or gone and was a file.
    pub fn reaches(&self, path: &Path, is_folder: bool) -> bool {
        let between = path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root));
        let is_reached =
            path.starts_with(&self.root) && between.into_iter().all(|folder| self.enters(folder));
        is_reached && if is_folder { self.enters(path) } else { self.takes(path) }
    }

    fn is_of_kind(&self, file: &Path) -> bool {
        let Some(kinds) = &self.kinds else { return true };
        // What lies beside a photo comes with it.
        if Role::of(file) == Role::Sidecar {
            return true;
        }
        let kind = file.extension().and_then(OsStr::to_str).and_then(Kind::of_ending);
        kind.is_some_and(|kind| kinds.contains(&kind))
    }
}

/// Whether it is the data folder of a library, whose thumbnails are no photos.
fn is_library(folder: &Path) -> bool {
    folder.join("catalog.sqlite").exists() && folder.join("installation").exists()
}

fn unusable(pattern: &str, error: &ignore::Error) -> Error {
    Error::Invalid(FaultCode::PatternUnusable.because(error).with("pattern", pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "/home/me/.photos";

    fn filter(options: &FolderOptions) -> FolderFilter {
        FolderFilter::new(Path::new(ROOT), options, vec![Path::new(ROOT).join("other")]).unwrap()
    }

    fn reaches(filter: &FolderFilter, rest: &str) -> bool {
        filter.reaches(&Path::new(ROOT).join(rest), rest.ends_with('/'))
    }

    #[test]
    fn hidden_and_system_names_are_left_out_anywhere_below_the_folder() {
        let all = filter(&FolderOptions::default());
        for rest in [
            ".trash/a.jpg",
            ".Trash-1000/files/a.jpg",
            "$RECYCLE.BIN/S-1-5/a.jpg",
            "2024/@eaDir/a.jpg",
            "2024/@eadir/",
            ".thumbnails/large/a.png",
            "thumbs.DB",
            "@__thumb/a.jpg",
            "other/a.jpg",
        ] {
            assert!(!reaches(&all, rest), "{rest}");
        }
        assert!(reaches(&all, "2024/a.jpg"), "the folder itself may be hidden: the person chose it");
        assert!(reaches(&all, "2024/"));
        assert!(all.enters(Path::new(ROOT)));
        assert!(!all.reaches(Path::new("/elsewhere/a.jpg"), false));
    }

    #[test]
    fn patterns_are_those_of_gitignore() {
        let exclude = ["# a comment", "*.png", "!keep.png", "/drafts/", "raw/**/tmp", ""].map(str::to_owned);
        let some = filter(&FolderOptions { exclude: exclude.to_vec(), ..FolderOptions::default() });
        for rest in ["a.png", "x/a.png", "drafts/a.jpg", "raw/x/y/tmp/a.jpg"] {
            assert!(!reaches(&some, rest), "{rest}");
        }
        for rest in ["a.jpg", "keep.png", "x/keep.png", "x/drafts/a.jpg", "tmp/a.jpg"] {
            assert!(reaches(&some, rest), "{rest}");
        }
    }

    #[test]
    fn an_invalid_pattern_is_refused() {
        let options = FolderOptions { exclude: vec!["a[".into()], ..FolderOptions::default() };
        let error = FolderFilter::new(Path::new(ROOT), &options, Vec::new()).unwrap_err();
        assert!(
            error.to_string().starts_with("pattern_unusable") && error.to_string().contains("pattern=a["),
            "{error}"
        );
    }

    #[test]
    fn without_subfolders_only_the_files_of_the_folder_are_taken() {
        let flat = filter(&FolderOptions { subfolders: false, ..FolderOptions::default() });
        assert!(reaches(&flat, "a.jpg"));
        assert!(!reaches(&flat, "2024/a.jpg") && !reaches(&flat, "2024/"));
    }

    #[test]
    fn kinds_are_told_by_endings() {
        let kinds = Some(vec![Kind::Jpeg, Kind::Raw]);
        let some = filter(&FolderOptions { kinds, ..FolderOptions::default() });
        assert!(reaches(&some, "a.JPG") && reaches(&some, "x/a.jpeg") && reaches(&some, "a.CR3"));
        assert!(!reaches(&some, "a.png") && !reaches(&some, "notes.txt") && !reaches(&some, "jpg"));
    }

    #[test]
    fn a_folder_marked_as_no_media_is_left_out() {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(home.path().join("cache/deep")).unwrap();
        std::fs::write(home.path().join("cache/.nomedia"), b"").unwrap();
        let all = FolderFilter::new(home.path(), &FolderOptions::default(), Vec::new()).unwrap();
        assert!(!all.reaches(&home.path().join("cache/deep/a.jpg"), false));
        assert!(all.reaches(&home.path().join("other/a.jpg"), false));
    }
}
