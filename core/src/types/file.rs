//! Files of a photo, and what a drop of files would do.

use std::path::PathBuf;

use serde::Serialize;
use ts_rs::TS;

use super::role::Role;

/// Larger pictures are refused by their header. 200 megapixels is more than any camera of today writes.
pub const MAX_PIXELS: u64 = 200_000_000;

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
