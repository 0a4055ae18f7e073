//! How much of the machine indexing may take.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    fn nice(self) -> i32 {
        match self {
            Self::Gentle => 19,
            Self::Normal => 10,
            Self::Full => 0,
        }
    }

    /// Gives the calling thread, and the processes that it starts from now on, this priority. A thread cannot take
    /// back a step (that needs rights), so another effort needs other threads.
    #[cfg(target_os = "linux")]
    pub(crate) fn take(self) {
        // On Linux a priority belongs to the thread, and no id means the calling one.
        let stepped = rustix::process::getpriority_process(None)
            .and_then(|own| rustix::process::setpriority_process(None, own.max(self.nice())));
        if let Err(error) = stepped {
            tracing::debug!(%error, "the priority stays as it is");
        }
    }

    /// Elsewhere only the number of workers counts.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn take(self) {
        let _ = self.nice();
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

    #[cfg(target_os = "linux")]
    #[test]
    fn a_worker_steps_back_alone() {
        let own = || rustix::process::getpriority_process(None).unwrap();
        let before = own();
        let inside = std::thread::spawn(move || {
            Effort::Gentle.take();
            own()
        });
        assert_eq!(inside.join().unwrap(), before.max(19));
        assert_eq!(own(), before, "other threads keep theirs");
    }
}
