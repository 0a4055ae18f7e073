//! Photos that look alike, in groups.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::ids::PhotoId;

/// In what the photos of a group are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookAlikeKind {
    /// Files with the same bytes, which are one photo.
    Exact,
    /// The same picture in other forms: re-encoded, scaled, cropped, turned, mirrored, with other colours.
    Near,
    /// Taken within seconds of each other, of the same thing.
    Series,
}

impl LookAlikeKind {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Exact, Self::Near, Self::Series];
}

/// Photos that look alike, the best one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookAlikes {
    /// In what.
    pub kind: LookAlikeKind,
    /// Two at least, but for files with the same bytes: these are one photo.
    pub photos: Vec<LookAlike>,
}

/// A photo of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// The photo.
    pub id: PhotoId,
    /// Its files with the same bytes, the shown one first.
    pub paths: Vec<PathBuf>,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
    /// Size of one file.
    pub bytes: u64,
}

impl LookAlikes {
    /// Bytes of all files but the best one.
    pub fn spare_bytes(&self) -> u64 {
        let files = self.photos.iter().map(|photo| photo.bytes * photo.paths.len() as u64).sum::<u64>();
        files - self.photos.first().map_or(0, |best| best.bytes)
    }
}
