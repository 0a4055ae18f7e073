//! Photos as the grid and the panel show them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;
use ts_rs::TS;

use super::facts::{DateSource, Exposure, Gps};
use super::file::PhotoFile;
use super::ids::{FolderId, PhotoId};
use super::mark::Mark;

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
    /// What the person says about it.
    pub marks: Vec<Mark>,
    /// Whether similar photos can be found for it already.
    pub embedded: bool,
}

/// What changed in the library since a revision, as it matters to the photos of a scope.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct PhotoChanges {
    /// Ask with this number the next time.
    pub revision: i64,
    /// New or changed photos of the library, newest photo first.
    pub tiles: Vec<PhotoTile>,
    /// Those of `tiles` that belong to the scope.
    pub inside: Vec<PhotoId>,
    /// Photos that are no longer in the library.
    pub removed: Vec<PhotoId>,
    /// So much changed that it is not told: ask for the layout again. `tiles` is empty then.
    pub too_many: bool,
}

/// The library in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct PhotoSummary {
    /// Photos.
    pub photos: u32,
    /// How many of them have each mark.
    pub marked: BTreeMap<Mark, u32>,
    /// Years in which photos were taken, newest first.
    pub years: Vec<i16>,
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
    /// What a person wrote below it.
    pub description: Option<String>,
    /// Where the picture was taken.
    pub gps: Option<Gps>,
    /// Why the photo could not be read.
    pub problem: Option<super::reason::Reason>,
}
