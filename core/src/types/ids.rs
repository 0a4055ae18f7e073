//! Identities of photos, folders, comics and long work, and the hash of content.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Identity of a photo for its whole life: it survives renames, moves and edits in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct PhotoId(pub i64);

/// Identity of a region of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RegionId(pub i64);

/// Identity of a row of a vector store: in a collection of whole photos the number of the photo, in one of regions that
/// of the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PointId(pub i64);

impl From<PhotoId> for PointId {
    fn from(photo: PhotoId) -> Self {
        Self(photo.0)
    }
}

impl From<RegionId> for PointId {
    fn from(region: RegionId) -> Self {
        Self(region.0)
    }
}

/// Identity of a folder that the person added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct FolderId(pub i64);

/// Identity of a subject that the person named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct SubjectId(pub i64);

/// Identity of an album.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct AlbumId(pub i64);

/// BLAKE3 of a file's bytes. Equal content is the same photo, wherever it lies.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash(pub [u8; 32]);

impl ContentHash {
    /// Hashes the bytes of a file.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Lower-case hexadecimal, 64 characters.
    pub fn to_hex(self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }
}

impl std::fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_hex()[..12])
    }
}

/// Something that a person did and that can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct EditId(pub i64);

/// A comic with all its versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct ComicId(pub i64);

/// A request to a service that draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestId(pub i64);

/// One drawn picture of a comic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct VersionId(pub i64);

/// A piece of long work that can be cancelled, such as one drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct TaskId(pub u32);
