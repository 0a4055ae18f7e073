//! What the workers share: the short queue of files, what is known of the work that is left, and results by batches.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::catalog::{FileId, Finished, Stage, WorkItem};
use crate::types::ErrorReport;

/// Results per transaction at most, and how long one waits for company.
const BATCH: usize = 64;
const BATCH_WAIT: Duration = Duration::from_millis(200);

/// A result for the writer.
pub(super) type Delivery = (Arc<Stage>, Finished);

/// A file for a worker.
#[derive(Clone)]
pub(super) struct Assignment {
    pub(super) item: WorkItem,
    pub(super) stage: Arc<Stage>,
}

/// Shared by the workers.
#[derive(Default)]
pub(super) struct PipelineState {
    pub(super) queue: VecDeque<Assignment>,
    /// Queued, being worked on, or waiting to be written; and whether for the first stage.
    pub(super) busy: HashMap<FileId, bool>,
    /// Changed or vanished under a worker's hands. They wait for the next rescan.
    pub(super) aside: HashSet<FileId>,
    pub(super) stopped: bool,
    pub(super) closing: bool,
    /// So many stages, from the first one on, had nothing to do when the catalogue was last asked, and nothing changed
    /// since.
    pub(super) dry: usize,
    /// Nor had any other.
    pub(super) all_dry: bool,
    pub(super) trouble: Option<ErrorReport>,
    /// Photos that the first stage finished.
    pub(super) finished: u64,
    /// Cost of what was finished.
    pub(super) cost: u64,
    /// Workers of an earlier shift end.
    pub(super) shift: u32,
}

impl PipelineState {
    pub(super) fn is_idle(&self) -> bool {
        self.busy.is_empty() && (self.all_dry || self.stopped)
    }

    pub(super) fn is_first_done(&self) -> bool {
        let is_busy = self.busy.values().any(|is_first| *is_first);
        !is_busy && (self.dry > 0 || self.all_dry || self.stopped)
    }

    /// Something changed: the catalogue may have work.
    pub(super) fn ask_again(&mut self) {
        (self.dry, self.all_dry) = (0, false);
    }

    /// Gives back what is queued, but for some.
    pub(super) fn drop_queue(&mut self, keeps: impl Fn(&Assignment) -> bool) {
        let queue = std::mem::take(&mut self.queue);
        let (kept, dropped): (VecDeque<_>, VecDeque<_>) = queue.into_iter().partition(keeps);
        self.queue = kept;
        for assignment in dropped {
            self.busy.remove(&assignment.item.file);
        }
    }
}

/// Waits for one result and takes those that come soon after. `None` when all workers are gone.
pub(super) fn gather(results: &Receiver<Delivery>) -> Option<Vec<Delivery>> {
    let mut batch = vec![results.recv().ok()?];
    let deadline = Instant::now() + BATCH_WAIT;
    while batch.len() < BATCH {
        match results.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(finished) => batch.push(finished),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    Some(batch)
}
