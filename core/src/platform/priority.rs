//! The priority of threads.

use crate::types::Effort;

impl Effort {
    /// Gives the calling thread, and the processes that it starts from now on, this priority. A thread cannot
    /// raise its priority again (that needs rights), so another effort needs other threads.
    #[cfg(target_os = "linux")]
    pub(crate) fn apply(self) {
        // On Linux a priority belongs to the thread, and no id means the calling one.
        let stepped = rustix::process::getpriority_process(None)
            .and_then(|own| rustix::process::setpriority_process(None, own.max(self.nice())));
        if let Err(error) = stepped {
            tracing::debug!(%error, "the priority stays as it is");
        }
    }

    /// Elsewhere only the number of workers counts.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn apply(self) {
        let _ = self.nice();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_worker_steps_back_alone() {
        let own = || rustix::process::getpriority_process(None).unwrap();
        let before = own();
        let inside = std::thread::spawn(move || {
            Effort::Gentle.apply();
            own()
        });
        assert_eq!(inside.join().unwrap(), before.max(19));
        assert_eq!(own(), before, "other threads keep theirs");
    }
}
