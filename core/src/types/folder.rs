//! Folders that the person added, and what they take.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ids::FolderId;
use super::kind::Kind;
use super::reason::Reason;

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
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
    pub message: Option<Reason>,
    /// Photos that vanished with many others and stay in the grid.
    pub missing: u32,
    /// What it takes.
    pub options: FolderOptions,
}
