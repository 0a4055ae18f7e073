//! What a library never looks at: hidden files, trash and the caches of other programs.

use std::ffi::OsStr;
use std::path::Path;

/// Folders and files that systems and other programs keep among photos.
const EXCLUDED: [&str; 8] = [
    "@eaDir",
    "#recycle",
    "$RECYCLE.BIN",
    "System Volume Information",
    "lost+found",
    "Thumbs.db",
    "desktop.ini",
    "__MACOSX",
];

/// Whether a file or folder of this name is left out.
pub fn is_excluded(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.') || EXCLUDED.iter().any(|excluded| name.eq_ignore_ascii_case(excluded))
}

/// Whether `path` lies in something that is left out below `root`.
pub fn is_excluded_below(root: &Path, path: &Path) -> bool {
    path.strip_prefix(root).is_ok_and(|rest| rest.iter().any(is_excluded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_and_system_names_are_left_out_anywhere_below_the_folder() {
        let root = Path::new("/home/me/.photos");
        let below = |rest: &str| is_excluded_below(root, &root.join(rest));
        assert!(below(".trash/a.jpg"));
        assert!(below("2024/@eaDir/a.jpg"));
        assert!(below("thumbs.DB"));
        assert!(!below("2024/a.jpg"), "the folder itself may be hidden: the person chose it");
    }
}
