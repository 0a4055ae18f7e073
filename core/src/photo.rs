//! The nouns that every module shares: photos, folders, problems. Data only.

mod facts;
pub mod role;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use facts::{DateSource, Exposure, Facts, Gps, Taken};
pub use role::Role;

/// Identity of a photo for its whole life: it survives renames, moves and edits in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct PhotoId(pub i64);

/// Identity of a folder that the person added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct FolderId(pub i64);

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

/// What the grid needs to draw one photo, sizes as seen upright.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct PhotoTile {
    /// The photo.
    pub id: PhotoId,
    /// Width in pixels after orientation.
    pub width: u32,
    /// Height in pixels after orientation.
    pub height: u32,
    /// Wall-clock time of the picture in milliseconds, as if it were UTC.
    pub taken_at: i64,
    /// Average colour as `#rrggbb`, once the photo was decoded.
    pub color: Option<String>,
    /// Version of the thumbnail for its URL; `null` while there is none.
    pub thumbnail: Option<String>,
    /// The file name without its folder.
    pub name: String,
    /// The folder that the photo was found in.
    pub folder: FolderId,
    /// Whether its file vanished with many others.
    pub missing: bool,
    /// Whether the person marked it.
    pub favourite: bool,
}

/// What changed in the library since a revision.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct PhotoChanges {
    /// Ask with this number the next time.
    pub revision: i64,
    /// New or changed photos.
    pub tiles: Vec<PhotoTile>,
    /// Photos that are no longer in the library.
    pub removed: Vec<PhotoId>,
}

/// Everything known about one photo.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct PhotoDetail {
    /// What the grid shows.
    pub tile: PhotoTile,
    /// The file that is shown.
    pub path: PathBuf,
    /// Further files with the same content.
    pub copies: Vec<PathBuf>,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Name of the file format, such as `JPEG`.
    pub format: String,
    /// The files that the photo is made of, the shown one first; without copies.
    pub files: Vec<PhotoFile>,
    /// Where `tile.takenAt` comes from.
    pub date_source: DateSource,
    /// Minutes that the wall clock was ahead of UTC; `null` if unknown.
    pub zone: Option<i16>,
    /// Maker and model of the camera.
    pub camera: Option<String>,
    /// Model of the lens.
    pub lens: Option<String>,
    /// How it was exposed.
    pub exposure: Exposure,
    /// Stars from 0 to 5; -1: rejected.
    pub rating: Option<i8>,
    /// Keywords as they were written.
    pub keywords: Vec<String>,
    /// Where the picture was taken.
    pub gps: Option<Gps>,
    /// Why the photo could not be read.
    pub problem: Option<String>,
    /// Whether similar photos can be found for it already.
    pub embedded: bool,
}

/// One file of a photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct PhotoFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What it is to the photo.
    pub role: Role,
    /// Its size.
    pub bytes: u64,
}

/// Whether a folder can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum FolderState {
    /// The folder is there and its changes are noticed.
    Online,
    /// The folder is not there now; its photos are kept.
    Offline,
    /// Many of its photos vanished at once: the person is asked whether to forget them.
    Asking,
}

/// Kinds of files, told by their endings.
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
    pub const ALL: [(Self, &str, &[&str]); 11] = [
        (Self::Jpeg, "jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
        (Self::Png, "png", &["png"]),
        (Self::Webp, "webp", &["webp"]),
        (Self::Gif, "gif", &["gif"]),
        (Self::Tiff, "tiff", &["tif", "tiff"]),
        (Self::Bmp, "bmp", &["bmp"]),
        (Self::Heic, "heic", &["heic", "heif", "hif"]),
        (Self::Avif, "avif", &["avif"]),
        (Self::Jxl, "jxl", &["jxl"]),
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

/// What a folder takes. What is left out keeps its rows and vectors: taking it again costs nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct FolderOptions {
    /// Whether subfolders belong to it.
    pub subfolders: bool,
    /// Patterns of what is left out, in the form of .gitignore, relative to the folder.
    pub exclude: Vec<String>,
    /// Kinds of files that are taken; `null`: all.
    pub kinds: Option<Vec<Kind>>,
}

impl Default for FolderOptions {
    fn default() -> Self {
        Self { subfolders: true, exclude: Vec::new(), kinds: None }
    }
}

/// A folder of the library, its subfolders included.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct Folder {
    /// The folder.
    pub id: FolderId,
    /// Absolute path.
    pub path: PathBuf,
    /// The last part of the path.
    pub name: String,
    /// How many photos it holds.
    pub photos: u32,
    /// Whether it can be reached.
    pub state: FolderState,
    /// What is wrong with it and what to do.
    pub message: Option<String>,
    /// Photos that vanished with many others and stay in the grid.
    pub missing: u32,
    /// What it takes.
    pub options: FolderOptions,
}

/// A file that is not in the grid, or not whole, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// What happened and what to do, as a sentence.
    pub reason: String,
}

/// A photo found by similarity.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct SimilarPhoto {
    /// The photo.
    pub id: PhotoId,
    /// Its file.
    pub path: PathBuf,
    /// Cosine similarity, at most 1; larger is more alike.
    pub score: f32,
}

/// What similar photos are looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
#[ts(export_to = "bindings.ts")]
pub enum SimilarQuery {
    /// A photo of the library.
    Photo {
        /// The photo.
        id: PhotoId,
    },
    /// A picture that was dropped or pasted.
    Image {
        /// What `query_image_add` answered.
        token: u32,
    },
}

/// Among which photos similar ones are looked for: those of which all holds that is said here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "bindings.ts")]
pub struct Scope {
    /// Found in this folder.
    pub folder: Option<FolderId>,
    /// Marked by the person.
    pub favourites: bool,
    /// Taken at this moment or later: wall clock in milliseconds, as if UTC.
    pub from: Option<i64>,
    /// Taken before this moment.
    pub until: Option<i64>,
}

impl Scope {
    /// Whether every photo belongs to it.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// A picture from outside, kept in memory as a query and never added to the library.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct QueryImage {
    /// Its handle for [`SimilarQuery::Image`] and for the preview's URL.
    pub token: u32,
    /// The file name, or empty for a pasted picture.
    pub name: String,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
}

/// What a path that hovers over the window is, so that the window can say what a drop does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum DropKind {
    /// At least one folder: dropping adds it.
    Folder,
    /// A picture: dropping searches, or uses it in the comic over the tray.
    Image,
    /// Neither.
    Other,
}
