//! The workers of the whole program.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use super::{DecodeOrder, DecodeOutput, Decoder, FileDescription, FilePart, Job, Program};
use crate::error::Result;
use crate::types::Confinement;

/// Starts workers and lends them out. Clones share them.
#[derive(Clone)]
pub struct Decoders {
    inner: Arc<PoolInner>,
}

struct PoolInner {
    program: Arc<Program>,
    /// As many as there are cores; more would only take memory.
    most: usize,
    state: Mutex<PoolState>,
    returned: Condvar,
}

#[derive(Default)]
struct PoolState {
    idle: Vec<Decoder>,
    lent: usize,
}

impl Decoders {
    /// Workers of this program. None is started yet.
    pub fn new(program: Program) -> Self {
        let most = thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let inner =
            PoolInner { program: Arc::new(program), most, state: Mutex::default(), returned: Condvar::new() };
        Self { inner: Arc::new(inner) }
    }

    /// A worker for somebody who always has work.
    pub fn decoder(&self) -> Decoder {
        Decoder::new(Arc::clone(&self.inner.program))
    }

    /// The processes that are kept for the next file.
    pub fn idle(&self) -> Vec<u32> {
        self.inner.lock().idle.iter().filter_map(Decoder::id).collect()
    }

    /// Decodes one file by a worker that is free, or waits for one.
    ///
    /// # Errors
    /// As [`Decoder::decode`].
    pub fn decode(&self, job: &Job<'_>) -> Result<DecodeOutput> {
        self.with_one(|decoder| decoder.decode(job))
    }

    /// What holds the workers back.
    ///
    /// # Errors
    /// As [`Decoder::confinement`].
    pub fn confinement(&self) -> Result<Confinement> {
        self.with_one(Decoder::confinement)
    }

    fn with_one<T>(&self, work: impl FnOnce(&mut Decoder) -> T) -> T {
        let mut lent = Lent { decoder: Some(self.borrow()), inner: &self.inner };
        work(lent.decoder.as_mut().expect("given back only at the end"))
    }

    /// What a file says of its photo, by its bytes or the start of them.
    ///
    /// # Errors
    /// As [`Decoder::decode`].
    pub fn facts(&self, path: &Path, bytes: &[u8], part: FilePart) -> Result<FileDescription> {
        let order = DecodeOrder { part, ..DecodeOrder::FACTS };
        Ok(*self.decode(&Job::of(path, bytes, order))?.facts.expect("they were ordered"))
    }

    fn borrow(&self) -> Decoder {
        let mut state = self.inner.lock();
        while state.lent >= self.inner.most {
            state = self.inner.returned.wait(state).expect("no thread panics while it holds the pool");
        }
        state.lent += 1;
        state.idle.pop().unwrap_or_else(|| self.decoder())
    }
}

impl PoolInner {
    fn lock(&self) -> MutexGuard<'_, PoolState> {
        self.state.lock().expect("no thread panics while it holds the pool")
    }
}

/// Goes back to the pool also when its user panics.
struct Lent<'a> {
    decoder: Option<Decoder>,
    inner: &'a PoolInner,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = self.inner.lock();
        state.lent -= 1;
        state.idle.extend(self.decoder.take());
        drop(state);
        self.inner.returned.notify_one();
    }
}
