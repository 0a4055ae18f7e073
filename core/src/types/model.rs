//! Models that photos can be found by, as a person chooses among them.

use serde::Serialize;
use ts_rs::TS;

use super::reason::Reason;

/// A model of the app's own files, or one that was added.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct ModelInfo {
    /// Name and version, as its vectors carry them.
    pub id: String,
    /// Whether it comes with the app.
    pub bundled: bool,
    /// Whether it answers.
    pub in_use: bool,
    /// Whether it takes the place of the one in use once it has seen all photos.
    pub prepared: bool,
    /// Length of a vector.
    pub dimension: u32,
    /// Whether photos can be searched by words with it.
    pub words: bool,
    /// SPDX expression; empty where the pack cannot be read.
    pub license: String,
    /// Where the weights come from.
    pub source: String,
    /// Size of its files.
    pub bytes: u64,
    /// Photos that it has seen.
    pub photos: u32,
    /// Why it cannot be used.
    pub problem: Option<Reason>,
}
