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
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::catalog::{Catalog, FileId, Finished, Outcome, Stage, WorkItem};
use crate::error::{Error, Result};
use crate::indexing::passes::Passes;
use crate::indexing::queue::{Assignment, Delivery, PipelineState, gather};
use crate::indexing::worker::{DecodeTask, ReadOutcome, Stop, Worker};
use crate::types::{Effort, ErrorReport, PhotoId};

/// Files asked for at once: asking sorts all that is left, so it must be seldom.
const QUEUE: usize = 512;
/// Results wait here when the writer is behind: it bounds memory.
const RESULTS: usize = 32;

/// Runs the workers until it is dropped.
pub(crate) struct Pipeline {
    inner: Arc<PipelineInner>,
    new_worker: Box<dyn Fn() -> Worker + Send + Sync>,
    /// Lent to each worker; without it the writer ends when they do.
    results: Option<SyncSender<Delivery>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct PipelineInner {
    catalog: Arc<Catalog>,
    passes: Arc<Passes>,
    state: Mutex<PipelineState>,
    changed: Condvar,
}

impl Pipeline {
    /// Starts as many workers as `effort` says, each with a worker of `new_worker`.
    pub(crate) fn start(
        catalog: Arc<Catalog>,
        passes: Arc<Passes>,
        effort: Effort,
        new_worker: impl Fn() -> Worker + Send + Sync + 'static,
    ) -> Self {
        let inner =
            Arc::new(PipelineInner { catalog, passes, state: Mutex::default(), changed: Condvar::new() });
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
        state.ask_again();
        state.aside.clear();
        // There may be work for the first stage, which goes before that of others.
        state.drop_queue(|assignment| assignment.stage.reads);
        drop(state);
        self.inner.changed.notify_all();
    }

    /// Takes no more of what is queued: other passes are wanted.
    pub(crate) fn replan(&self) {
        self.inner.lock().drop_queue(|_| false);
        self.wake();
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
    pub(crate) fn prioritise(&self, visible: &[PhotoId]) -> Result<()> {
        let mut items = Vec::new();
        for stage in self.inner.passes.stages()?.into_iter().map(Arc::new) {
            let waiting = self.inner.catalog.pending_of(visible, &stage)?;
            items.extend(waiting.into_iter().map(|item| Assignment { item, stage: Arc::clone(&stage) }));
        }
        let mut state = self.inner.lock();
        if state.stopped {
            return Ok(());
        }
        let wanted: HashSet<FileId> = items.iter().map(|assignment| assignment.item.file).collect();
        let (mut first, rest): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut state.queue)
            .into_iter()
            .partition(|assignment| wanted.contains(&assignment.item.file));
        for assignment in items {
            let file = assignment.item.file;
            if !state.aside.contains(&file) && !state.busy.contains_key(&file) {
                state.busy.insert(file, assignment.stage.reads);
                first.push_back(assignment);
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
        state.drop_queue(|_| false);
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
        self.inner.lock().is_idle()
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

    /// Waits until the first stage has nothing to do, or nothing that may be done, or `give_up`.
    pub(crate) fn wait_first(&self, give_up: impl Fn() -> bool) {
        let mut state = self.inner.lock();
        while !state.is_first_done() && !give_up() {
            let wait = self.inner.changed.wait_timeout(state, Duration::from_millis(100));
            state = wait.expect("no worker panics while it holds the state").0;
        }
    }

    /// Waits until [`Self::is_idle`] or `give_up`.
    pub(crate) fn wait_idle(&self, give_up: impl Fn() -> bool) {
        let mut state = self.inner.lock();
        while !state.is_idle() && !give_up() {
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
    fn work(&self, mut worker: Worker, shift: u32, results: &SyncSender<Delivery>) {
        let mut sent: Option<DecodeTask> = None;
        // Loads the model, which others must not wait for.
        let _ = self.passes.stages();
        loop {
            let item = self.next(shift, sent.is_none());
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
                self.deliver(task.item, &task.stage, outcome, results);
            }
        }
    }

    /// Reads a file, and hands it on where there is nothing to decode.
    fn read(
        &self,
        worker: &mut Worker,
        Assignment { item, stage }: Assignment,
        results: &SyncSender<Delivery>,
    ) -> Option<DecodeTask> {
        let outcome = match worker.read(&item, &stage) {
            Ok(ReadOutcome::ToDecode(task)) => return Some(task),
            Ok(ReadOutcome::Done(outcome)) => Ok(outcome),
            Err(stop) => Err(stop),
        };
        self.deliver(item, &stage, outcome, results);
        None
    }

    fn deliver(
        &self,
        item: WorkItem,
        stage: &Arc<Stage>,
        outcome: std::result::Result<Outcome, Stop>,
        results: &SyncSender<Delivery>,
    ) {
        match outcome {
            // The writer outlives the workers.
            Ok(outcome) => {
                let _ = results.send((Arc::clone(stage), Finished { item, outcome }));
            }
            Err(Stop::Later) => {
                self.lock().aside.insert(item.file);
                self.release([item.file]);
            }
            Err(Stop::Trouble(error)) => self.halt(&error, [item.file]),
        }
    }

    /// The next file. `None` when the pipeline closes, when another shift took over, or, unless one may `wait`, when there is none at the moment.
    fn next(&self, shift: u32, wait: bool) -> Option<Assignment> {
        let mut state = self.lock();
        loop {
            if state.closing || state.shift != shift {
                return None;
            }
            if !state.stopped {
                if state.queue.is_empty() && !state.all_dry {
                    self.refill(&mut state);
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

    fn refill(&self, state: &mut PipelineState) {
        if let Err(error) = self.try_refill(state) {
            self.note_trouble(state, &error);
        }
        self.changed.notify_all();
    }

    /// Takes work of the first stage that has some.
    fn try_refill(&self, state: &mut PipelineState) -> Result<()> {
        let taken = state.busy.keys().chain(&state.aside).copied().collect();
        let stages = self.passes.stages()?;
        while let Some(stage) = stages.get(state.dry) {
            let items = self.catalog.pending(stage, &taken, QUEUE)?;
            if !items.is_empty() {
                let stage = Arc::new(stage.clone());
                state.busy.extend(items.iter().map(|item| (item.file, stage.reads)));
                state
                    .queue
                    .extend(items.into_iter().map(|item| Assignment { item, stage: Arc::clone(&stage) }));
                return Ok(());
            }
            state.dry += 1;
        }
        state.all_dry = true;
        Ok(())
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
        state.drop_queue(|_| false);
    }

    fn write(&self, results: &Receiver<Delivery>) {
        while let Some(batch) = gather(results) {
            for of_one_stage in batch.chunk_by(|a, b| a.0 == b.0) {
                let stage = Arc::clone(&of_one_stage[0].0);
                let finished: Vec<_> = of_one_stage.iter().map(|(_, finished)| finished.clone()).collect();
                self.write_stage(&stage, &finished);
            }
        }
    }

    fn write_stage(&self, stage: &Stage, batch: &[Finished]) {
        let files: Vec<_> = batch.iter().map(|finished| finished.item.file).collect();
        let is_photo = |finished: &&Finished| matches!(finished.outcome, Outcome::Photo { .. });
        if let Err(error) = self.catalog.finish(batch, stage) {
            self.halt(&error, files);
            return;
        }
        let mut state = self.lock();
        if stage.reads {
            state.finished += batch.iter().filter(is_photo).count() as u64;
        }
        state.cost += batch.iter().map(|finished| finished.item.cost).sum::<u64>();
        // A copy that joined its photo may have left work behind.
        state.ask_again();
        drop(state);
        self.release(files);
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    thread::Builder::new().name(name.into()).spawn(run).expect("the system can start a thread")
}
