//! Kinds of picture files, recognised by their endings.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Kinds of files, recognised by their endings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Kind {
    /// `.jpg`, `.jpeg`, `.jpe`, `.jfif`.
    Jpeg,
    /// `.png`.
    Png,
    /// `.webp`.
    Webp,
    /// `.gif`.
    Gif,
    /// `.tif`, `.tiff`.
    Tiff,
    /// `.bmp`.
    Bmp,
    /// `.heic`, `.heif`, `.hif`.
    Heic,
    /// `.avif`.
    Avif,
    /// `.jxl`.
    Jxl,
    /// `.jp2`, `.j2k`, `.jpx`, `.jpf`, `.j2c`, `.jpc`.
    Jp2,
    /// `.qoi`.
    Qoi,
    /// What cameras write unprocessed: `.dng`, `.cr2`, `.cr3`, `.nef`, `.arw`, `.orf`, `.rw2`, `.raf` and so on.
    Raw,
}

const RAW: &[&str] = &[
    "dng", "cr2", "cr3", "nef", "arw", "orf", "rw2", "raf", "3fr", "crw", "erf", "iiq", "kdc", "mrw", "nrw",
    "pef", "rwl", "sr2", "srw",
];

impl Kind {
    /// All kinds with their names (as in JSON) and endings, in lower case.
    pub const ALL: [(Self, &str, &[&str]); 12] = [
        (Self::Jpeg, "jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
        (Self::Png, "png", &["png"]),
        (Self::Webp, "webp", &["webp"]),
        (Self::Gif, "gif", &["gif"]),
        (Self::Tiff, "tiff", &["tif", "tiff"]),
        (Self::Bmp, "bmp", &["bmp"]),
        (Self::Heic, "heic", &["heic", "heif", "hif"]),
        (Self::Avif, "avif", &["avif"]),
        (Self::Jxl, "jxl", &["jxl"]),
        (Self::Jp2, "jp2", &["jp2", "j2k", "jpx", "jpf", "j2c", "jpc"]),
        (Self::Qoi, "qoi", &["qoi"]),
        (Self::Raw, "raw", RAW),
    ];

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(kind, ..)| *kind)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).expect("all kinds are listed").1
    }

    /// The kind of a file with this ending, in any case.
    pub fn of_ending(ending: &str) -> Option<Self> {
        let has = |(_, _, endings): &&(Self, &str, &[&str])| {
            endings.iter().any(|known| ending.eq_ignore_ascii_case(known))
        };
        Self::ALL.iter().find(has).map(|(kind, ..)| *kind)
    }
}
