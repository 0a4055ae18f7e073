//! The threads that bring every photo to a thumbnail and a vector, and nothing that they compute.
//!
//! ```text
//! catalogue --pending--> queue --> worker (read, thumbnail, embed), several --> writer --> catalogue
//!                                    |  ^
//!                                    v  |
//!                                  decoder, a process of its own
//! ```
//! Work is asked from the catalogue whenever the queue runs dry, so there is nothing to lose: a restart asks again.

use std::collections::{HashSet, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::catalog::{Catalog, FileId, Finished, Outcome, WorkItem};
use crate::error::{Error, Result};
use crate::indexing::worker::{DecodeTask, ReadOutcome, Stop, Worker};
use crate::types::{Effort, ErrorReport, PhotoId};

/// Files asked for at once: asking sorts all that is left, so it must be seldom.
const QUEUE: usize = 512;
/// Results per transaction at most, and how long one waits for company.
const BATCH: usize = 64;
const BATCH_WAIT: Duration = Duration::from_millis(200);
/// Results wait here when the writer is behind: it bounds memory.
const RESULTS: usize = 32;

/// Shared by the workers.
struct PipelineState {
    queue: VecDeque<WorkItem>,
    /// Queued, being worked on, or waiting to be written.
    busy: HashSet<FileId>,
    /// Changed or vanished under a worker's hands. They wait for the next rescan.
    aside: HashSet<FileId>,
    stopped: bool,
    closing: bool,
    /// The catalogue had nothing to do when it was last asked, and nothing changed since.
    dry: bool,
    trouble: Option<ErrorReport>,
    finished: u64,
    /// Cost of what was finished.
    cost: u64,
    /// Workers of an earlier shift end.
    shift: u32,
}

/// Runs the workers until it is dropped.
pub(crate) struct Pipeline {
    inner: Arc<PipelineInner>,
    new_worker: Box<dyn Fn() -> Worker + Send + Sync>,
    /// Lent to each worker; without it the writer ends when they do.
    results: Option<SyncSender<Finished>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct PipelineInner {
    catalog: Arc<Catalog>,
    model: String,
    state: Mutex<PipelineState>,
    changed: Condvar,
}

impl Pipeline {
    /// Starts as many workers as `effort` says, each with a worker of `new_worker`.
    pub(crate) fn start(
        catalog: Arc<Catalog>,
        model: String,
        effort: Effort,
        new_worker: impl Fn() -> Worker + Send + Sync + 'static,
    ) -> Self {
        let state = PipelineState {
            queue: VecDeque::new(),
            busy: HashSet::new(),
            aside: HashSet::new(),
            stopped: false,
            closing: false,
            dry: false,
            trouble: None,
            finished: 0,
            cost: 0,
            shift: 0,
        };
        let inner =
            Arc::new(PipelineInner { catalog, model, state: Mutex::new(state), changed: Condvar::new() });
        let (results, written) = sync_channel(RESULTS);
        let writer = Arc::clone(&inner);
        let threads = Mutex::new(vec![spawn("write", move || writer.write(&written))]);
        let pipeline = Self { inner, new_worker: Box::new(new_worker), results: Some(results), threads };
        pipeline.set_effort(effort);
        pipeline
    }

    /// Replaces the workers, once they have finished what is under way.
    pub(crate) fn set_effort(&self, effort: Effort) {
        let mut state = self.inner.lock();
        state.shift += 1;
        let shift = state.shift;
        drop(state);
        self.inner.changed.notify_all();
        let cores = thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let mut threads = self.threads.lock().expect("no thread panics while it holds the threads");
        for number in 0..effort.workers(cores) {
            let (inner, worker) = (Arc::clone(&self.inner), (self.new_worker)());
            let results = self.results.clone().expect("taken only when dropped");
            threads.push(spawn(&format!("work-{number}"), move || {
                effort.apply();
                inner.work(worker, shift, &results);
            }));
        }
    }

    /// Makes the workers ask the catalogue for work again.
    pub(crate) fn wake(&self) {
        let mut state = self.inner.lock();
        state.dry = false;
        state.aside.clear();
        drop(state);
        self.inner.changed.notify_all();
    }

    /// Tries files again that were put aside.
    pub(crate) fn retry(&self) {
        if !self.inner.lock().aside.is_empty() {
            self.wake();
        }
    }

    /// Stops for an error that was met elsewhere.
    pub(crate) fn fail(&self, error: &Error) {
        self.inner.halt(error, []);
    }

    /// Photos that are on screen come first: what they lack goes to the head of the queue.
    pub(crate) fn prioritise(&self, visible: &[PhotoId], embedding: bool) -> Result<()> {
        let items = self.inner.catalog.pending_of(visible, &self.inner.model, embedding)?;
        let mut state = self.inner.lock();
        if state.stopped {
            return Ok(());
        }
        let wanted: HashSet<FileId> = items.iter().map(|item| item.file).collect();
        let (mut first, rest): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut state.queue).into_iter().partition(|item| wanted.contains(&item.file));
        for item in items {
            if !state.aside.contains(&item.file) && state.busy.insert(item.file) {
                first.push_back(item);
            }
        }
        first.extend(rest);
        state.queue = first;
        drop(state);
        self.inner.changed.notify_all();
        Ok(())
    }

    /// Finishes what is under way and takes no more.
    pub(crate) fn stop(&self) {
        let mut state = self.inner.lock();
        state.stopped = true;
        for item in std::mem::take(&mut state.queue) {
            state.busy.remove(&item.file);
        }
        drop(state);
        self.inner.changed.notify_all();
    }

    /// Goes on after a stop or a trouble.
    pub(crate) fn resume(&self) {
        let mut state = self.inner.lock();
        state.stopped = false;
        state.trouble = None;
        drop(state);
        self.wake();
    }

    /// Whether there is nothing to do, or nothing that may be done.
    pub(crate) fn is_idle(&self) -> bool {
        let state = self.inner.lock();
        state.busy.is_empty() && (state.dry || state.stopped)
    }

    /// Whether [`Self::stop`] or a trouble stopped the work.
    pub(crate) fn is_stopped(&self) -> bool {
        self.inner.lock().stopped
    }

    /// What keeps the work from being finished.
    pub(crate) fn trouble(&self) -> Option<ErrorReport> {
        self.inner.lock().trouble.clone()
    }

    /// Photos finished since the start.
    pub(crate) fn finished(&self) -> u64 {
        self.inner.lock().finished
    }

    /// Cost of what was finished since the start, as in [`WorkItem::cost`].
    pub(crate) fn cost(&self) -> u64 {
        self.inner.lock().cost
    }

    /// Waits until [`Self::is_idle`] or `give_up`.
    pub(crate) fn wait_idle(&self, give_up: impl Fn() -> bool) {
        let mut state = self.inner.lock();
        while !(state.busy.is_empty() && (state.dry || state.stopped)) && !give_up() {
            let wait = self.inner.changed.wait_timeout(state, Duration::from_millis(100));
            state = wait.expect("no worker panics while it holds the state").0;
        }
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        let mut state = self.inner.lock();
        state.closing = true;
        drop(state);
        self.inner.changed.notify_all();
        self.results.take();
        let threads = self.threads.get_mut().expect("no thread panics while it holds the threads");
        for thread in threads.drain(..) {
            // A panic was reported by the thread itself.
            let _ = thread.join();
        }
    }
}

impl PipelineInner {
    fn lock(&self) -> MutexGuard<'_, PipelineState> {
        self.state.lock().expect("no worker panics while it holds the state")
    }

    /// Keeps the decoder busy: while it has one file, the next is read and the one before it is embedded.
    fn work(&self, mut worker: Worker, shift: u32, results: &SyncSender<Finished>) {
        let mut sent: Option<DecodeTask> = None;
        loop {
            let item = self.next(shift, worker.can_embed(), sent.is_none());
            if item.is_none() && sent.is_none() {
                return;
            }
            let next = item.and_then(|item| self.read(&mut worker, item, results));
            let decoded = sent.take().map(|task| (worker.receive(&task), task));
            if let Some(task) = next {
                match worker.send(&task) {
                    Ok(()) => sent = Some(task),
                    Err(error) => self.halt(&error, [task.item.file]),
                }
            }
            if let Some((answer, task)) = decoded {
                let outcome = worker.complete(&task, answer);
                self.deliver(task.item, outcome, results);
            }
        }
    }

    /// Reads a file, and hands it on where there is nothing to decode.
    fn read(
        &self,
        worker: &mut Worker,
        item: WorkItem,
        results: &SyncSender<Finished>,
    ) -> Option<DecodeTask> {
        let outcome = match worker.read(&item) {
            Ok(ReadOutcome::ToDecode(task)) => return Some(task),
            Ok(ReadOutcome::Done(outcome)) => Ok(outcome),
            Err(stop) => Err(stop),
        };
        self.deliver(item, outcome, results);
        None
    }

    fn deliver(
        &self,
        item: WorkItem,
        outcome: std::result::Result<Outcome, Stop>,
        results: &SyncSender<Finished>,
    ) {
        match outcome {
            // The writer outlives the workers.
            Ok(outcome) => {
                let _ = results.send(Finished { item, outcome });
            }
            Err(Stop::Later) => {
                self.lock().aside.insert(item.file);
                self.release([item.file]);
            }
            Err(Stop::Trouble(error)) => self.halt(&error, [item.file]),
        }
    }

    /// The next file. `None` when the pipeline closes, when another shift took over, or, unless one may `wait`, when there is none at the moment.
    fn next(&self, shift: u32, can_embed: bool, wait: bool) -> Option<WorkItem> {
        let mut state = self.lock();
        loop {
            if state.closing || state.shift != shift {
                return None;
            }
            if !state.stopped {
                if state.queue.is_empty() && !state.dry {
                    self.refill(&mut state, can_embed);
                }
                if let Some(item) = state.queue.pop_front() {
                    return Some(item);
                }
            }
            if !wait {
                return None;
            }
            state = self.changed.wait(state).expect("no worker panics while it holds the state");
        }
    }

    fn refill(&self, state: &mut PipelineState, can_embed: bool) {
        let taken = state.busy.union(&state.aside).copied().collect();
        match self.catalog.pending(&self.model, can_embed, &taken, QUEUE) {
            Ok(items) => {
                state.dry = items.is_empty();
                state.busy.extend(items.iter().map(|item| item.file));
                state.queue.extend(items);
            }
            Err(error) => self.note_trouble(state, &error),
        }
        self.changed.notify_all();
    }

    /// Gives files back that were not finished.
    fn release(&self, files: impl IntoIterator<Item = FileId>) {
        let mut state = self.lock();
        for file in files {
            state.busy.remove(&file);
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Stops everything: what went wrong would go wrong for the next file too.
    fn halt(&self, error: &Error, files: impl IntoIterator<Item = FileId>) {
        self.note_trouble(&mut self.lock(), error);
        self.release(files);
    }

    fn note_trouble(&self, state: &mut PipelineState, error: &Error) {
        tracing::error!(%error, "indexing stopped");
        state.stopped = true;
        state.trouble = Some(error.report());
        for item in std::mem::take(&mut state.queue) {
            state.busy.remove(&item.file);
        }
    }

    fn write(&self, results: &Receiver<Finished>) {
        while let Some(batch) = gather(results) {
            let files: Vec<_> = batch.iter().map(|finished| finished.item.file).collect();
            let photos =
                batch.iter().filter(|finished| matches!(finished.outcome, Outcome::Photo { .. })).count();
            if let Err(error) = self.catalog.finish(&batch, &self.model) {
                self.halt(&error, files);
                continue;
            }
            let mut state = self.lock();
            state.finished += photos as u64;
            state.cost += batch.iter().map(|finished| finished.item.cost).sum::<u64>();
            // A copy that joined its photo may have left work behind.
            state.dry = false;
            drop(state);
            self.release(files);
        }
    }
}

/// Waits for one result and takes those that come soon after. `None` when all workers are gone.
fn gather(results: &Receiver<Finished>) -> Option<Vec<Finished>> {
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

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    thread::Builder::new().name(name.into()).spawn(run).expect("the system can start a thread")
}
