//! Vector stores as the window and the command line see them: kinds, states and long work.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ids::TaskId;
use super::problem::ErrorReport;

/// A kind of store that this build has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum StoreKind {
    /// In the app itself.
    Embedded,
    /// An installed milvus-lite over a folder.
    MilvusLite,
    /// A Milvus server, or Zilliz Cloud.
    Milvus,
    /// A Qdrant server.
    Qdrant,
}

/// What the person asks of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "job")]
#[ts(export_to = "bindings.ts")]
pub enum StoreJob {
    /// Fill another store, verify it, and use it.
    Move {
        /// Its address.
        to: String,
    },
    /// Compare the store in use with the exact answers.
    Verify,
    /// Fill the store in use anew.
    Rebuild,
}

/// Where a work on a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum StoreStep {
    /// Rows are sent.
    Filling,
    /// Searches are compared with the exact answers.
    Verifying,
    /// It is done, and a move's store is in use.
    Done,
    /// It failed. The store in use stays.
    Failed,
    /// It was cancelled. A move that is started again goes on where it was.
    Cancelled,
}

/// A work on a store, under way or over.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct StoreWork {
    /// Which one of this run.
    pub task: TaskId,
    /// What was asked.
    pub job: StoreJob,
    /// The store in use when it began.
    pub from: String,
    /// Where it is.
    pub step: StoreStep,
    /// Rows that the store has.
    pub sent: usize,
    /// Rows that it shall have.
    pub of: usize,
    /// Over the last part of the time so far.
    pub rows_per_second: f32,
    /// Until all rows are sent, once that can be estimated.
    pub eta_seconds: Option<u32>,
    /// What was found, once it is done.
    pub verification: Option<Verification>,
    /// Why it failed, and what to do.
    pub error: Option<ErrorReport>,
}

/// How a store is.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct StoreState {
    /// Its address.
    pub store: String,
    /// Kind and version, as it says.
    pub version: String,
    /// Time of one short call.
    pub latency_ms: f64,
    /// Rows that it holds.
    pub rows: usize,
    /// Rows that the catalogue wants there.
    pub expected: usize,
    /// Name of the collection on a server.
    pub collection: Option<String>,
}

/// What a comparison of a store with the exact answers found.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct Verification {
    /// Rows that it holds, and that the catalogue wants there.
    pub rows: usize,
    /// See `rows`.
    pub expected: usize,
    /// Searches that were compared.
    pub searches: usize,
    /// Share of the exact answers that it found.
    pub recall: f64,
    /// Most by which a score differs from the exact one; 2 for a score that is not a number.
    pub score_error: f32,
    /// Hits that are not photos of the library, or were there already.
    pub strangers: usize,
    /// The vectors on this machine's disk were damaged, and were read from the catalogue again before the searches.
    pub repaired: bool,
    /// Whether all is well.
    pub ok: bool,
}
