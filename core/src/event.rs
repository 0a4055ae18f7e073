//! What the core tells the outside while it works. One enum, one channel.

use serde::Serialize;
use ts_rs::TS;

use crate::comic::{ComicId, VersionId};
use crate::error::ErrorReport;
use crate::store::StoreWork;
use crate::task::TaskId;

/// Something that happened in the library.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
#[ts(export_to = "bindings.ts")]
pub enum Event {
    /// Ask for the changes since the revision that you know.
    Photos {
        /// The newest revision.
        revision: i64,
    },
    /// The list of folders, or the state of one, changed.
    Folders,
    /// How far the indexing is.
    Index {
        /// The state.
        status: IndexStatus,
    },
    /// A store is filled or compared.
    Store {
        /// All about it.
        work: StoreWork,
    },
    /// A comic is being drawn.
    Comic {
        /// The drawing.
        task: TaskId,
        /// What happened to it.
        progress: ComicProgress,
    },
}

/// What the indexer does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum IndexState {
    /// Nothing to do.
    #[default]
    Idle,
    /// Looking for files, and working on those that were found.
    Scanning,
    /// All files are known; thumbnails and embeddings are being made.
    Working,
    /// The person paused it, or something keeps it from going on; the rest waits for `index_resume`.
    Stopped,
}

/// How far the indexing is. The counts are of the whole library.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct IndexStatus {
    /// What it does now.
    pub state: IndexState,
    /// Photos in the library.
    pub photos: u32,
    /// Photos that have a thumbnail.
    pub thumbnails: u32,
    /// Photos whose similar photos can be found.
    pub embedded: u32,
    /// Files that could not be read or are of an unknown kind.
    pub failed: u32,
    /// Photos finished per second, over the last seconds.
    pub photos_per_second: f32,
    /// Seconds left, once that can be told.
    pub eta_seconds: Option<u32>,
    /// What keeps the indexer from finishing, and what to do.
    pub trouble: Option<ErrorReport>,
}

/// What happened to a comic that is being drawn.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "step")]
#[ts(export_to = "bindings.ts")]
pub enum ComicProgress {
    /// The request was sent; from now on it may cost money.
    Sent,
    /// The model began to draw.
    Drawing,
    /// A preview arrived: `comic://localhost/partial/<task>?n=<number>`.
    Partial {
        /// Counts from 1.
        number: u32,
    },
    /// The comic is saved.
    Done {
        /// The comic.
        comic: ComicId,
        /// Its new version.
        version: VersionId,
    },
    /// It could not be drawn. A preview that had arrived is kept as a version.
    Failed {
        /// Why, and what to do.
        error: ErrorReport,
        /// The comic that holds the kept preview.
        comic: Option<ComicId>,
    },
}
