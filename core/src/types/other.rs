//! Kinds of files that lie among photos and are none.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use ts_rs::TS;

use super::kind::Kind;

/// What a file is that is no photo and is not shown. That is no problem of the file.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum OtherKind {
    /// A film by itself.
    Video,
    /// The moving part of a photo.
    Motion,
    /// It says something about a photo: XMP, what Google Photos or a camera app wrote beside it.
    Sidecar,
    /// Sound.
    Audio,
    /// Text, tables, slides.
    Document,
    /// Files packed into one.
    Archive,
    /// Anything else.
    Other,
}

const ENDINGS: [(OtherKind, &[&str]); 5] = [
    (
        OtherKind::Video,
        &[
            "mov", "mp4", "m4v", "mp", "avi", "mkv", "webm", "3gp", "3g2", "mts", "m2ts", "mpg", "mpeg",
            "wmv", "flv", "vob", "ogv", "dv", "insv", "lrv",
        ],
    ),
    (
        OtherKind::Sidecar,
        &["xmp", "json", "aae", "thm", "pp3", "dop", "cos", "nksc", "on1", "arp", "pto", "vrd", "xml"],
    ),
    (OtherKind::Audio, &["mp3", "m4a", "wav", "aac", "flac", "ogg", "opus", "wma", "amr", "aif", "aiff"]),
    (
        OtherKind::Document,
        &[
            "pdf", "txt", "md", "rtf", "doc", "docx", "odt", "pages", "xls", "xlsx", "ods", "csv", "numbers",
            "ppt", "pptx", "odp", "key", "htm", "html", "epub", "tex", "log", "url", "lnk", "eml", "ics",
            "vcf",
        ],
    ),
    (OtherKind::Archive, &["zip", "tar", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "iso", "dmg"]),
];

/// Pictures that this build does not show. That these are left out should be seen.
const PICTURES: [&str; 27] = [
    "psd", "psb", "xcf", "kra", "afphoto", "ai", "eps", "svg", "cdr", "jp2", "j2k", "jpf", "jpx", "jxr",
    "wdp", "hdp", "exr", "hdr", "dds", "tga", "pcx", "ico", "pnm", "ppm", "x3f", "mpo", "heics",
];

impl OtherKind {
    /// The kind of a file by its ending, in any case. `None` for pictures, also those that this build does not show.
    pub fn of_ending(ending: &str) -> Option<Self> {
        let is = |known: &&str| ending.eq_ignore_ascii_case(known);
        if Kind::of_ending(ending).is_some() || PICTURES.iter().any(is) {
            return None;
        }
        let found = ENDINGS.iter().find(|(_, endings)| endings.iter().any(is));
        Some(found.map_or(Self::Other, |(kind, _)| *kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_has_a_kind() {
        let kind = OtherKind::of_ending;
        assert_eq!(
            (kind("MOV"), kind("json"), kind("AAE")),
            (Some(OtherKind::Video), Some(OtherKind::Sidecar), Some(OtherKind::Sidecar))
        );
        assert_eq!(
            (kind("pdf"), kind("mp3"), kind("zip")),
            (Some(OtherKind::Document), Some(OtherKind::Audio), Some(OtherKind::Archive))
        );
        assert_eq!((kind(""), kind("xyz")), (Some(OtherKind::Other), Some(OtherKind::Other)));
        for picture in ["jpg", "CR3", "psd", "SVG", "heif"] {
            assert_eq!(kind(picture), None, "{picture}");
        }
    }
}
