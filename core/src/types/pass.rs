//! Passes: what the indexer makes of each photo, one after the other.

use serde::Serialize;
use ts_rs::TS;

/// Something that a photo can have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pass {
    /// A thumbnail.
    Thumbnail,
    /// The vector of the whole photo by this model.
    Vector(String),
    /// Vectors of parts of the photo by this model.
    Regions(String),
}

/// How far a pass is, over the whole library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct PassStatus {
    /// Name of the pass: `thumbnail`, `photo` (the vector of the model in use), `photo:` and the name of another model,
    /// `regions`.
    pub name: String,
    /// Photos that have it.
    pub done: u32,
    /// Photos and files that it failed on.
    pub failed: u32,
    /// Whether the person paused it.
    pub paused: bool,
}
