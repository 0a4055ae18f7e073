//! Long work on a store, for the window: one at a time, reported as it goes, and cancelled.

use std::sync::{Mutex, MutexGuard};
use std::time::Instant;

use crate::error::{Error, Result};
use crate::task::CancelToken;
use crate::task::pace::Pace;
use crate::types::{ReasonCode, StoreCode, StoreJob, StoreStep, StoreWork, TaskId, Verification};

/// How far a work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Rows are sent.
    Filling {
        /// Rows that the store has.
        sent: usize,
        /// Rows that it shall have.
        of: usize,
    },
    /// Searches are compared.
    Verifying,
}

/// Where the one work is kept.
#[derive(Debug, Default)]
pub(crate) struct StoreJobs(Mutex<Option<Entry>>);

#[derive(Debug)]
struct Entry {
    work: StoreWork,
    cancel: CancelToken,
    begun: Instant,
    pace: Pace,
}

impl StoreJobs {
    /// Takes a job on.
    ///
    /// # Errors
    /// [`Error::Invalid`] while another is under way.
    pub(crate) fn begin(&self, job: StoreJob, from: String) -> Result<(StoreWork, CancelToken)> {
        let mut entry = self.lock();
        let last = entry.as_ref().map(|entry| &entry.work);
        if last.is_some_and(|work| matches!(work.step, StoreStep::Filling | StoreStep::Verifying)) {
            return Err(Error::Invalid(StoreCode::StoreBusy.reason()));
        }
        let work = StoreWork {
            task: TaskId(last.map_or(1, |work| work.task.0 + 1)),
            step: if job == StoreJob::Verify { StoreStep::Verifying } else { StoreStep::Filling },
            job,
            from,
            sent: 0,
            of: 0,
            rows_per_second: 0.0,
            eta_seconds: None,
            verification: None,
            error: None,
        };
        let cancel = CancelToken::default();
        *entry = Some(Entry {
            work: work.clone(),
            cancel: cancel.clone(),
            begun: Instant::now(),
            pace: Pace::default(),
        });
        Ok((work, cancel))
    }

    /// The work under way, or the last one.
    pub(crate) fn work(&self) -> Option<StoreWork> {
        self.lock().as_ref().map(|entry| entry.work.clone())
    }

    pub(crate) fn cancel(&self) {
        if let Some(entry) = self.lock().as_ref() {
            entry.cancel.cancel();
        }
    }

    /// Notes how far the work is.
    pub(crate) fn note(&self, progress: Progress) -> StoreWork {
        self.change(|entry| match progress {
            Progress::Verifying => entry.work.step = StoreStep::Verifying,
            Progress::Filling { sent, of } => {
                if sent < entry.work.sent {
                    // The store held something else and is filled anew.
                    (entry.begun, entry.pace) = (Instant::now(), Pace::default());
                }
                entry.pace.note(entry.begun.elapsed().as_secs_f64(), sent as u64);
                let seconds_for = |rows: usize| entry.pace.seconds_for(rows as u64);
                entry.work.rows_per_second = seconds_for(1).map_or(0.0, |seconds| (1.0 / seconds) as f32);
                entry.work.eta_seconds =
                    seconds_for(of.saturating_sub(sent)).map(|seconds| seconds.ceil() as u32);
                (entry.work.sent, entry.work.of) = (sent, of);
            }
        })
    }

    /// Notes how it ended.
    pub(crate) fn end(&self, ended: Result<Verification>) -> StoreWork {
        self.change(|entry| {
            entry.work.eta_seconds = None;
            match ended {
                Ok(verification) => {
                    entry.work.step = StoreStep::Done;
                    entry.work.verification = Some(verification);
                }
                Err(Error::Cancelled) => entry.work.step = StoreStep::Cancelled,
                Err(error) => {
                    entry.work.step = StoreStep::Failed;
                    entry.work.error = Some(error.report());
                }
            }
        })
    }

    fn change(&self, change: impl FnOnce(&mut Entry)) -> StoreWork {
        let mut entry = self.lock();
        let entry = entry.as_mut().expect("only a work that was begun goes on");
        change(entry);
        entry.work.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Entry>> {
        self.0.lock().expect("no thread panics while it holds the work")
    }
}
