//! How far the indexing is, and how much of the machine it may take.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::other::OtherKind;
use super::pass::PassStatus;
use super::problem::ErrorReport;

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
    /// Files that are no photos and are not shown, by kind.
    pub other: BTreeMap<OtherKind, u32>,
    /// How far each pass is, in the order in which they run.
    pub passes: Vec<PassStatus>,
    /// Photos finished per second, over the last seconds.
    pub photos_per_second: f32,
    /// Seconds left, once that can be estimated.
    pub eta_seconds: Option<u32>,
    /// What keeps the indexer from finishing, and what to do.
    pub trouble: Option<ErrorReport>,
}

/// How hard the indexer works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Effort {
    /// One core, and that only when nothing else wants it.
    Gentle,
    /// All cores, as far as what the person works with leaves them.
    #[default]
    Normal,
    /// All cores, as much as anybody.
    Full,
}

impl Effort {
    /// How many workers there are on a machine with `cores`.
    pub(crate) fn workers(self, cores: usize) -> usize {
        match self {
            Self::Gentle => 1,
            Self::Normal | Self::Full => cores,
        }
    }

    /// How far the worker steps back, as in `nice`. Disk access follows: a thread without an I/O class of its own gets
    /// one from its niceness (ioprio_set(2)).
    pub(crate) fn nice(self) -> i32 {
        match self {
            Self::Gentle => 19,
            Self::Normal => 10,
            Self::Full => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gentle_leave_cores_free() {
        let workers =
            |cores| [Effort::Gentle, Effort::Normal, Effort::Full].map(|effort| effort.workers(cores));
        assert_eq!([workers(1), workers(2), workers(8)], [[1, 1, 1], [1, 2, 2], [1, 8, 8]]);
    }
}
