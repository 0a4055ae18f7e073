//! What a file is to its photo, and which files lie beside which, by their names.

use std::path::{Path, PathBuf};

use serde::Serialize;
use ts_rs::TS;

use super::kind::Kind;
use super::takeout;

/// What a file is to its photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Role {
    /// The picture that is shown.
    Photo,
    /// The raw picture beside the one that is shown.
    Raw,
    /// The moving part of a Live Photo.
    Motion,
    /// What was written about it beside it: XMP, or the JSON of Google's export.
    Sidecar,
}

const MOTION: [&str; 4] = ["mov", "mp4", "m4v", "mp"];
/// What phones and programs put behind the name of a moving part, in lower case.
const MOTION_MARKS: [&str; 1] = ["_hevc"];
/// What Google's camera puts behind the names of both parts, in lower case.
const BOTH_MARKS: [&str; 2] = [".mp", ".mv"];

impl Role {
    /// What a file of this name can be beside others.
    pub fn of(path: &Path) -> Self {
        match ending(path).as_str() {
            "xmp" | "json" => Self::Sidecar,
            ending if Kind::of_ending(ending) == Some(Kind::Raw) => Self::Raw,
            ending if MOTION.contains(&ending) => Self::Motion,
            _ => Self::Photo,
        }
    }
}

/// The ending in lower case; empty without one.
fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// Whether cameras write pictures with this ending. Beside one of these a picture of another kind is one of its own, such
/// as a drawing over it.
pub fn is_of_camera(path: &Path) -> bool {
    matches!(Kind::of_ending(&ending(path)), Some(Kind::Jpeg | Kind::Heic))
}

/// Files with the same stem lie beside one another: the folder, and the name in lower case without its ending and what
/// marks a moving part. `a.jpg.xmp` and `a.xmp` both have the stem of `a.jpg`.
pub fn stem(path: &Path) -> String {
    let named = named_by_sidecar(path).or_else(|| named_by_motion(path));
    let path = named.as_deref().unwrap_or(path);
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let marks = if Role::of(path) == Role::Motion { &MOTION_MARKS[..] } else { &[] };
    let mark = marks.iter().chain(&BOTH_MARKS).find_map(|mark| name.strip_suffix(mark));
    let name = mark.filter(|name| !name.is_empty()).unwrap_or(&name);
    folder.join(name).to_string_lossy().into_owned()
}

/// The file that a sidecar such as `a.jpg.xmp` names; `None` for `a.xmp` and for a file that is not a sidecar.
pub fn named_by_sidecar(path: &Path) -> Option<PathBuf> {
    let named = match Role::of(path) {
        Role::Sidecar if ending(path) == "json" => takeout::named(path, "")?,
        Role::Sidecar => path.with_extension(""),
        _ => return None,
    };
    let inner = ending(&named);
    let is_file = Kind::of_ending(&inner).is_some() || MOTION.contains(&inner.as_str());
    is_file.then_some(named)
}

/// The picture that a moving part such as `a.HEIC.MOV` names.
fn named_by_motion(path: &Path) -> Option<PathBuf> {
    let named = (Role::of(path) == Role::Motion).then(|| path.with_extension(""))?;
    Kind::of_ending(&ending(&named)).map(|_| named)
}

/// Whether two paths are the same but for the case of the name's letters.
pub fn is_same_name(a: &Path, b: &Path) -> bool {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().to_lowercase());
    a.parent() == b.parent() && name(a) == name(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_tells_the_role_in_any_case() {
        let role = |name: &str| Role::of(Path::new(name));
        assert_eq!(
            (role("a.CR2"), role("a.mov"), role("a.jpg.XMP")),
            (Role::Raw, Role::Motion, Role::Sidecar)
        );
        assert_eq!((role("a.HEIC"), role("a"), role(".xmp")), (Role::Photo, Role::Photo, Role::Photo));
    }

    #[test]
    fn stems_are_alike_beside_one_another_and_differ_across_folders() {
        let stem = |name: &str| stem(Path::new(name));
        for beside in ["/p/img_1.jpg", "/p/IMG_1.MOV", "/p/IMG_1.jpg.xmp", "/p/img_1.xmp", "/p/IMG_1.Cr2.XMP"]
        {
            assert_eq!(stem(beside), stem("/p/IMG_1.HEIC"), "{beside}");
        }
        for (photo, moving) in [
            ("/p/IMG_2.HEIC", "/p/IMG_2_HEVC.MOV"),
            ("/p/IMG_2.HEIC", "/p/img_2_hevc.mp4"),
            ("/p/IMG_3.HEIC", "/p/IMG_3.HEIC.MOV"),
            ("/p/IMG_4.jpg", "/p/IMG_4.jpg.mp4"),
            ("/p/PXL_1.MP.jpg", "/p/PXL_1.MP"),
            ("/p/PXL_1.MP.jpg", "/p/PXL_1.MP.mp4"),
            ("/p/PXL_1.MP.jpg", "/p/PXL_1.mp4"),
        ] {
            assert_eq!(stem(moving), stem(photo), "{moving}");
            assert_eq!(Role::of(Path::new(moving)), Role::Motion);
        }
        assert_ne!(stem("/p/IMG_2_HEVC.HEIC"), stem("/p/IMG_2.HEIC"), "the mark is of moving parts");
        for (json, photo) in
            [("/p/IMG_1.jpg.json", "/p/IMG_1.jpg"), ("/p/IMG_1.jpg(1).json", "/p/IMG_1(1).jpg")]
        {
            assert_eq!(stem(json), stem(photo), "{json}");
        }
        for other in ["/p/IMG_10.HEIC", "/p/sub/IMG_1.HEIC", "/P/IMG_1.HEIC", "/p/IMG_1.2.xmp"] {
            assert_ne!(stem(other), stem("/p/IMG_1.HEIC"), "{other}");
        }
    }
}
