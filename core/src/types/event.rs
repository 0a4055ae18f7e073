//! What the core says the outside while it works. One enum, one channel.

use std::sync::Arc;

use serde::Serialize;
use ts_rs::TS;

use super::ids::{ComicId, TaskId, VersionId};
use super::index::IndexStatus;
use super::problem::ErrorReport;
use super::store::StoreWork;

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

/// Where events go. Called from threads of the core.
pub type EventSink = Arc<dyn Fn(Event) + Send + Sync>;
