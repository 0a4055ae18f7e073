//! Keeps the catalogue in step with the folders: walks, watches, and runs the pipeline. One per library and machine,
//! guarded by a lock file.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::cache::ThumbnailCache;
use crate::catalog::{Catalog, Root, deepest};
use crate::decoder::Decoders;
use crate::error::{Error, Result};
use crate::indexing::intake::ScanTally;
use crate::indexing::passes::Passes;
use crate::indexing::pipeline::Pipeline;
use crate::indexing::progress::{Reporter, Sources, status_now};
use crate::indexing::reconcile::{Reconciler, filter_of};
use crate::indexing::worker::Worker;
use crate::scan::Stat;
use crate::scan::watching::Watching;
use crate::task::CancelToken;
use crate::types::{Effort, Event, EventSink, IndexStatus, PhotoId};

/// How often the return of folders that are offline is checked.
const RETURN_CHECK: Duration = Duration::from_secs(2);
/// How often folders are scanned whose changes the system does not report.
const POLL: Duration = Duration::from_secs(15);

const TICK: Duration = Duration::from_millis(200);

/// Runs until it is dropped.
pub(crate) struct Indexer {
    inner: Arc<IndexerInner>,
    requests: Option<Sender<Vec<PathBuf>>>,
    threads: Vec<JoinHandle<()>>,
    /// Held open: the lock ends with it.
    _lock: File,
}

pub(crate) struct IndexerInner {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) passes: Arc<Passes>,
    decoders: Decoders,
    pub(crate) pipeline: Pipeline,
    pub(crate) watching: Watching,
    private: PathBuf,
    /// Looks that were asked for and are not done.
    pending_scans: AtomicUsize,
    found: Mutex<ScanTally>,
    cancel: Mutex<CancelToken>,
    /// Whether folders are watched: then files that seem to be half-written are rescanned.
    rescans_young: Arc<AtomicBool>,
    /// Those files.
    later: Mutex<HashSet<PathBuf>>,
    status: Mutex<IndexStatus>,
    closing: AtomicBool,
    on_event: EventSink,
}

impl Indexer {
    /// Starts to work on what the catalogue lacks.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process indexes this library.
    pub(crate) fn start(
        catalog: Arc<Catalog>,
        passes: Passes,
        decoders: Decoders,
        data: &Path,
        effort: Effort,
        on_event: EventSink,
    ) -> Result<Self> {
        let lock = lock(data)?;
        let passes = Arc::new(passes);
        let cache = ThumbnailCache::new(data);
        let rescans_young = Arc::<AtomicBool>::default();
        let new_worker = {
            let (catalog, passes) = (Arc::clone(&catalog), Arc::clone(&passes));
            let (rescans_young, decoders) = (Arc::clone(&rescans_young), decoders.clone());
            move || {
                let (catalog, passes, young) = (catalog.clone(), passes.clone(), rescans_young.clone());
                Worker::new(catalog, cache.clone(), passes, young, decoders.decoder())
            }
        };
        let inner = Arc::new(IndexerInner {
            pipeline: Pipeline::start(Arc::clone(&catalog), Arc::clone(&passes), effort, new_worker),
            catalog,
            passes,
            decoders,
            watching: Watching::default(),
            private: data.to_owned(),
            pending_scans: AtomicUsize::new(0),
            found: Mutex::default(),
            cancel: Mutex::default(),
            rescans_young,
            later: Mutex::default(),
            status: Mutex::default(),
            closing: AtomicBool::new(false),
            on_event,
        });
        let (requests, received) = channel();
        let threads = vec![
            spawn("intake", {
                let inner = Arc::clone(&inner);
                move || inner.run_scans(&received)
            }),
            spawn("report", {
                let (inner, requests) = (Arc::clone(&inner), requests.clone());
                move || inner.report(&requests)
            }),
        ];
        Ok(Self { inner, requests: Some(requests), threads, _lock: lock })
    }

    /// Walks all folders and follows their changes from now on.
    pub(crate) fn watch(&self) -> Result<()> {
        let (weak, requests) = (Arc::downgrade(&self.inner), self.requests().clone());
        self.inner.watching.start(move |paths| {
            if let Some(inner) = weak.upgrade() {
                inner.request(&requests, paths);
            }
        })?;
        self.inner.rescans_young.store(true, Ordering::Relaxed);
        self.rescan_all()
    }

    /// Whether [`Self::watch`] was called.
    pub(crate) fn is_watching(&self) -> bool {
        self.inner.watching.is_on()
    }

    /// Walks every folder.
    pub(crate) fn rescan_all(&self) -> Result<()> {
        let roots = self.inner.catalog.roots()?;
        self.rescan(roots.into_iter().map(|root| root.path).collect());
        Ok(())
    }

    /// Looks at these paths soon, at all of them together.
    pub(crate) fn rescan(&self, paths: Vec<PathBuf>) {
        self.inner.request(self.requests(), paths);
    }

    /// Folders were added, or take something else than before. They are walked together.
    pub(crate) fn folders_changed(&self, paths: &[PathBuf]) -> Result<()> {
        let roots = self.inner.catalog.roots()?;
        for root in roots.iter().filter(|root| paths.contains(&root.path)) {
            let filter = filter_of(root, &roots, &self.inner.private)?;
            let is_left_out = |folder: &Path| folder.starts_with(&root.path) && !filter.reaches(folder, true);
            self.inner.watching.unwatch(|folder| is_left_out(folder) && !filter.is_apart(folder));
        }
        self.rescan(paths.to_vec());
        (self.inner.on_event)(Event::Folders);
        Ok(())
    }

    /// A folder was removed. What it shares with others is theirs now.
    pub(crate) fn folder_removed(&self, path: &Path) -> Result<()> {
        let roots = self.inner.catalog.roots()?;
        let is_left = |folder: &Path| deepest(roots.iter(), folder).is_some();
        self.inner.watching.unwatch(|folder| folder.starts_with(path) && !is_left(folder));
        let around = roots.iter().filter(|root| path.starts_with(&root.path));
        self.rescan(around.map(|root| root.path.clone()).collect());
        (self.inner.on_event)(Event::Folders);
        Ok(())
    }

    /// Something that the window shows about folders changed.
    pub(crate) fn notify_folders(&self) {
        (self.inner.on_event)(Event::Folders);
    }

    /// Stops walking and working.
    pub(crate) fn stop(&self) {
        self.inner.cancel().cancel();
        self.inner.pipeline.stop();
    }

    /// Works as hard as this from now on.
    pub(crate) fn set_effort(&self, effort: Effort) {
        self.inner.pipeline.set_effort(effort);
    }

    /// Goes on after [`Self::stop`].
    pub(crate) fn resume(&self) -> Result<()> {
        *self.inner.cancel.lock().expect("no thread panics while it holds the token") =
            CancelToken::default();
        self.inner.pipeline.resume();
        self.rescan_all()
    }

    /// Photos on screen come first.
    pub(crate) fn prioritise(&self, photos: &[PhotoId]) -> Result<()> {
        self.inner.pipeline.prioritise(photos)
    }

    /// Works on the passes that are wanted now.
    pub(crate) fn replan(&self) {
        self.inner.pipeline.replan();
    }

    /// Makes the workers ask for work again.
    pub(crate) fn wake(&self) {
        self.inner.pipeline.wake();
    }

    /// How far the work is.
    pub(crate) fn status(&self) -> IndexStatus {
        let last = self.inner.status.lock().expect("no thread panics while it holds the status").clone();
        let IndexStatus { photos_per_second, eta_seconds, .. } = last;
        // The last report may be a moment old.
        status_now(self.inner.sources()).map_or(last, |now| IndexStatus {
            photos_per_second,
            eta_seconds,
            ..now
        })
    }

    /// What all requests since the start found, and how many photos were finished.
    pub(crate) fn tally(&self) -> (ScanTally, u64) {
        let found = *self.inner.found.lock().expect("no thread panics while it counts");
        (found, self.inner.pipeline.finished())
    }

    /// Waits until all requests are done and the first stage has nothing left to do, or `cancel`.
    pub(crate) fn wait_first(&self, cancel: &CancelToken) {
        while self.inner.is_scanning() && !cancel.is_cancelled() {
            thread::sleep(Duration::from_millis(10));
        }
        self.inner.pipeline.wait_first(|| cancel.is_cancelled());
    }

    /// Waits until all requests are done and nothing is left to do, or `cancel`.
    pub(crate) fn wait_idle(&self, cancel: &CancelToken) {
        loop {
            while self.inner.is_scanning() && !cancel.is_cancelled() {
                thread::sleep(Duration::from_millis(10));
            }
            self.inner.pipeline.wait_idle(|| cancel.is_cancelled());
            if cancel.is_cancelled() || !self.inner.is_scanning() {
                return;
            }
        }
    }

    fn requests(&self) -> &Sender<Vec<PathBuf>> {
        self.requests.as_ref().expect("taken only when dropped")
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.inner.closing.store(true, Ordering::Relaxed);
        self.inner.cancel().cancel();
        // The watcher holds a sender of requests; without it the intake ends.
        self.inner.watching.stop();
        self.requests.take();
        for thread in self.threads.drain(..) {
            // A panic was reported by the thread itself.
            let _ = thread.join();
        }
    }
}

impl IndexerInner {
    fn sources(&self) -> Sources<'_> {
        Sources {
            catalog: &self.catalog,
            passes: &self.passes,
            pipeline: &self.pipeline,
            is_scanning: self.is_scanning(),
        }
    }

    fn cancel(&self) -> CancelToken {
        self.cancel.lock().expect("no thread panics while it holds the token").clone()
    }

    fn later(&self) -> std::sync::MutexGuard<'_, HashSet<PathBuf>> {
        self.later.lock().expect("no thread panics while it holds the list")
    }

    pub(crate) fn is_scanning(&self) -> bool {
        self.pending_scans.load(Ordering::Acquire) > 0
    }

    /// Requests one scan of all these paths: what moved from one to the other did not vanish.
    fn request(&self, requests: &Sender<Vec<PathBuf>>, paths: Vec<PathBuf>) {
        if paths.is_empty() {
            return;
        }
        self.pending_scans.fetch_add(1, Ordering::AcqRel);
        if requests.send(paths).is_err() {
            self.pending_scans.fetch_sub(1, Ordering::AcqRel);
        }
    }

    /// Looks at what is asked for, and at what else was asked for by then.
    fn run_scans(&self, requests: &Receiver<Vec<PathBuf>>) {
        while let Ok(first) = requests.recv() {
            let all: Vec<_> = std::iter::once(first).chain(requests.try_iter()).collect();
            let count = all.len();
            match self.rescan(all.concat()) {
                Ok(tally) => *self.found.lock().expect("no thread panics while it counts") += tally,
                Err(Error::Cancelled) => {}
                // What was found would be lost: stop, and rescan everything when the person resumes.
                Err(error) => self.pipeline.fail(&error),
            }
            self.pipeline.wake();
            self.pending_scans.fetch_sub(count, Ordering::AcqRel);
        }
    }

    fn rescan(&self, paths: Vec<PathBuf>) -> Result<ScanTally> {
        let roots = self.catalog.roots()?;
        for root in roots.iter().filter(|root| paths.contains(&root.path)) {
            self.watching.note_place(&root.path);
        }
        let rescans_young = self.rescans_young.load(Ordering::Relaxed);
        let later = |path: &Path| {
            self.later().insert(path.to_owned());
        };
        let reconciler = Reconciler {
            catalog: &self.catalog,
            decoders: &self.decoders,
            private: &self.private,
            cancel: &self.cancel(),
            on_applied: &|| self.pipeline.wake(),
            on_folder: &|root, folder| self.watching.watch(root, folder),
            later: if rescans_young { Some(&later) } else { None },
        };
        let tally = reconciler.reconcile(paths);
        for root in roots {
            self.catalog.set_folder_notice(root.id, self.watching.notice(&root.path).as_ref())?;
        }
        tally
    }

    fn report(&self, requests: &Sender<Vec<PathBuf>>) {
        let mut reporter = Reporter::default();
        let (mut last_check, mut last_poll) = (Instant::now(), Instant::now());
        while !self.closing.load(Ordering::Relaxed) {
            if let Some(status) = reporter.report(self.sources(), &self.on_event) {
                *self.status.lock().expect("no thread panics while it holds the status") = status;
            }
            if last_check.elapsed() >= RETURN_CHECK {
                last_check = Instant::now();
                self.rescan_moved_roots(requests);
                self.rescan_young(requests);
            }
            if last_poll.elapsed() >= POLL && !self.is_scanning() {
                last_poll = Instant::now();
                self.request(requests, self.watching.to_poll());
            }
            thread::sleep(TICK);
        }
    }

    /// Looks at files again that seemed to be half-written, once they hold still or nobody wrote them for long.
    fn rescan_young(&self, requests: &Sender<Vec<PathBuf>>) {
        let may_be_done = |path: &PathBuf| Stat::read(path).is_none_or(|stat| !stat.is_young());
        let done: Vec<_> = self.later().extract_if(may_be_done).collect();
        self.request(requests, done);
        self.pipeline.retry();
    }

    /// Looks at folders that came or went, and at those whose missing photos are there again.
    fn rescan_moved_roots(&self, requests: &Sender<Vec<PathBuf>>) {
        if !self.watching.is_on() {
            return;
        }
        let is_new = |root: &Root| {
            let is_back = || matches!(self.catalog.one_missing(root.id), Ok(Some(path)) if path.exists());
            let is_filled =
                || std::fs::read_dir(&root.path).is_ok_and(|mut entries| entries.next().is_some());
            self.watching.has_new_place(&root.path) || (root.offline && is_filled()) || is_back()
        };
        let roots = self.catalog.roots().unwrap_or_default();
        self.request(requests, roots.into_iter().filter(is_new).map(|root| root.path).collect());
    }
}

/// Proves that no other process indexes this library, as long as it is held.
pub(crate) fn lock(data: &Path) -> Result<File> {
    let path = data.join("lock");
    let file = File::create(&path).map_err(|error| Error::write(&path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::Locked(data.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(Error::write(&path, error)),
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    thread::Builder::new().name(name.into()).spawn(run).expect("the system can start a thread")
}
