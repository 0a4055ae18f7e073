//! The workers of the whole program.

use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use super::{Answer, Decoder, Job, Program};
use crate::error::Result;

/// Starts workers and lends them out. Clones share them.
#[derive(Clone)]
pub struct Decoders {
    shared: Arc<Shared>,
}

struct Shared {
    program: Arc<Program>,
    /// As many as there are cores; more would only take memory.
    most: usize,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Decoder>,
    lent: usize,
}

impl Decoders {
    /// Workers of this program. None is started yet.
    pub fn new(program: Program) -> Self {
        let most = thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let shared =
            Shared { program: Arc::new(program), most, state: Mutex::default(), returned: Condvar::new() };
        Self { shared: Arc::new(shared) }
    }

    /// A worker for somebody who always has work.
    pub fn decoder(&self) -> Decoder {
        Decoder::new(Arc::clone(&self.shared.program))
    }

    /// The processes that are kept for the next file.
    pub fn idle(&self) -> Vec<u32> {
        self.shared.lock().idle.iter().filter_map(Decoder::id).collect()
    }

    /// Decodes one file by a worker that is free, or waits for one.
    ///
    /// # Errors
    /// As [`Decoder::decode`].
    pub fn decode(&self, job: &Job<'_>) -> Result<Answer> {
        let mut lent = Lent { decoder: Some(self.borrow()), shared: &self.shared };
        lent.decoder.as_mut().expect("given back only at the end").decode(job)
    }

    fn borrow(&self) -> Decoder {
        let mut state = self.shared.lock();
        while state.lent >= self.shared.most {
            state = self.shared.returned.wait(state).expect("no thread panics while it holds the pool");
        }
        state.lent += 1;
        state.idle.pop().unwrap_or_else(|| self.decoder())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panics while it holds the pool")
    }
}

/// Goes back to the pool also when its user panics.
struct Lent<'a> {
    decoder: Option<Decoder>,
    shared: &'a Shared,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.lent -= 1;
        state.idle.extend(self.decoder.take());
        drop(state);
        self.shared.returned.notify_one();
    }
}
