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
use crate::indexing::intake::Look;
use crate::indexing::pipeline::Pipeline;
use crate::indexing::progress::{Reporter, status_now};
use crate::indexing::reconcile::{Looker, filter_of};
use crate::indexing::worker::Bench;
use crate::inference::Model;
use crate::scan::Stat;
use crate::scan::watching::Watching;
use crate::task::CancelToken;
use crate::types::{Effort, Event, EventSink, IndexStatus, PhotoId};

/// How often folders that are away are looked for.
const RETURN_CHECK: Duration = Duration::from_secs(2);

/// How often folders are looked at whose changes the system does not report.
const POLL: Duration = Duration::from_secs(15);

const TICK: Duration = Duration::from_millis(200);

/// Runs until it is dropped.
pub(crate) struct Indexer {
    shared: Arc<Shared>,
    looks: Option<Sender<Vec<PathBuf>>>,
    threads: Vec<JoinHandle<()>>,
    /// Held open: the lock ends with it.
    _lock: File,
}

pub(crate) struct Shared {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) model: Arc<Model>,
    pub(crate) pipeline: Pipeline,
    pub(crate) watching: Watching,
    private: PathBuf,
    /// Looks that were asked for and are not done.
    looking: AtomicUsize,
    found: Mutex<Look>,
    cancel: Mutex<CancelToken>,
    /// Whether changes are followed: then files that seem to be half-written are looked at again.
    patient: Arc<AtomicBool>,
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
        model: Arc<Model>,
        decoders: Decoders,
        data: &Path,
        effort: Effort,
        on_event: EventSink,
    ) -> Result<Self> {
        let lock = lock(data)?;
        let cache = ThumbnailCache::new(data);
        let patient = Arc::<AtomicBool>::default();
        let bench = {
            let (catalog, model, patient) = (Arc::clone(&catalog), Arc::clone(&model), Arc::clone(&patient));
            move || {
                let (catalog, model, patient) = (catalog.clone(), model.clone(), patient.clone());
                Bench::new(catalog, cache.clone(), model, patient, decoders.decoder())
            }
        };
        let shared = Arc::new(Shared {
            pipeline: Pipeline::start(Arc::clone(&catalog), model.id(), effort, bench),
            catalog,
            model,
            watching: Watching::default(),
            private: data.to_owned(),
            looking: AtomicUsize::new(0),
            found: Mutex::default(),
            cancel: Mutex::default(),
            patient,
            later: Mutex::default(),
            status: Mutex::default(),
            closing: AtomicBool::new(false),
            on_event,
        });
        let (looks, asked) = channel();
        let threads = vec![
            spawn("intake", {
                let shared = Arc::clone(&shared);
                move || shared.take_in(&asked)
            }),
            spawn("report", {
                let (shared, looks) = (Arc::clone(&shared), looks.clone());
                move || shared.report(&looks)
            }),
        ];
        Ok(Self { shared, looks: Some(looks), threads, _lock: lock })
    }

    /// Walks all folders and follows their changes from now on.
    pub(crate) fn watch(&self) -> Result<()> {
        let (weak, looks) = (Arc::downgrade(&self.shared), self.looks().clone());
        self.shared.watching.start(move |paths| {
            if let Some(shared) = weak.upgrade() {
                shared.ask(&looks, paths);
            }
        })?;
        self.shared.patient.store(true, Ordering::Relaxed);
        self.look_at_all()
    }

    /// Walks every folder.
    pub(crate) fn look_at_all(&self) -> Result<()> {
        let roots = self.shared.catalog.roots()?;
        self.look(roots.into_iter().map(|root| root.path).collect());
        Ok(())
    }

    /// Looks at these paths soon, at all of them together.
    pub(crate) fn look(&self, paths: Vec<PathBuf>) {
        self.shared.ask(self.looks(), paths);
    }

    /// A folder was added, or takes something else than before.
    pub(crate) fn folder_changed(&self, path: &Path) -> Result<()> {
        let roots = self.shared.catalog.roots()?;
        if let Some(root) = roots.iter().find(|root| root.path == path) {
            let filter = filter_of(root, &roots, &self.shared.private)?;
            let is_left_out = |folder: &Path| folder.starts_with(path) && !filter.reaches(folder, true);
            self.shared.watching.unwatch(|folder| is_left_out(folder) && !filter.is_apart(folder));
        }
        self.look(vec![path.to_owned()]);
        (self.shared.on_event)(Event::Folders);
        Ok(())
    }

    /// A folder was removed. What it shares with others is theirs now.
    pub(crate) fn folder_removed(&self, path: &Path) -> Result<()> {
        let roots = self.shared.catalog.roots()?;
        let is_left = |folder: &Path| deepest(roots.iter(), folder).is_some();
        self.shared.watching.unwatch(|folder| folder.starts_with(path) && !is_left(folder));
        let around = roots.iter().filter(|root| path.starts_with(&root.path));
        self.look(around.map(|root| root.path.clone()).collect());
        (self.shared.on_event)(Event::Folders);
        Ok(())
    }

    /// Something that the window shows about folders changed.
    pub(crate) fn tell_folders(&self) {
        (self.shared.on_event)(Event::Folders);
    }

    /// Stops walking and working.
    pub(crate) fn stop(&self) {
        self.shared.cancel().cancel();
        self.shared.pipeline.stop();
    }

    /// Works as hard as this from now on.
    pub(crate) fn set_effort(&self, effort: Effort) {
        self.shared.pipeline.set_effort(effort);
    }

    /// Goes on after [`Self::stop`].
    pub(crate) fn resume(&self) -> Result<()> {
        *self.shared.cancel.lock().expect("no thread panics while it holds the token") =
            CancelToken::default();
        self.shared.pipeline.resume();
        self.look_at_all()
    }

    /// Photos on screen come first.
    pub(crate) fn hurry(&self, photos: &[PhotoId]) -> Result<()> {
        self.shared.pipeline.hurry(photos, self.shared.model.is_ready())
    }

    /// Makes the workers ask for work again.
    pub(crate) fn poke(&self) {
        self.shared.pipeline.poke();
    }

    /// How far the work is.
    pub(crate) fn status(&self) -> IndexStatus {
        let last = self.shared.status.lock().expect("no thread panics while it holds the status").clone();
        let IndexStatus { photos_per_second, eta_seconds, .. } = last;
        // What was told last may be a moment old.
        status_now(&self.shared).map_or(last, |now| IndexStatus { photos_per_second, eta_seconds, ..now })
    }

    /// What all looks since the start found, and how many photos were finished.
    pub(crate) fn tally(&self) -> (Look, u64) {
        let found = *self.shared.found.lock().expect("no thread panics while it counts");
        (found, self.shared.pipeline.finished())
    }

    /// Waits until all looks are done and nothing is left to do, or `cancel`.
    pub(crate) fn wait_idle(&self, cancel: &CancelToken) {
        loop {
            while self.shared.is_looking() && !cancel.is_cancelled() {
                thread::sleep(Duration::from_millis(10));
            }
            self.shared.pipeline.wait_idle(|| cancel.is_cancelled());
            if cancel.is_cancelled() || !self.shared.is_looking() {
                return;
            }
        }
    }

    fn looks(&self) -> &Sender<Vec<PathBuf>> {
        self.looks.as_ref().expect("taken only when dropped")
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        self.shared.cancel().cancel();
        // The watcher holds a sender of looks; without it the intake ends.
        self.shared.watching.stop();
        self.looks.take();
        for thread in self.threads.drain(..) {
            // A panic was reported by the thread itself.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn cancel(&self) -> CancelToken {
        self.cancel.lock().expect("no thread panics while it holds the token").clone()
    }

    fn later(&self) -> std::sync::MutexGuard<'_, HashSet<PathBuf>> {
        self.later.lock().expect("no thread panics while it holds the list")
    }

    pub(crate) fn is_looking(&self) -> bool {
        self.looking.load(Ordering::Acquire) > 0
    }

    /// Asks for one look at all these paths: what moved from one to the other did not vanish.
    fn ask(&self, looks: &Sender<Vec<PathBuf>>, paths: Vec<PathBuf>) {
        if paths.is_empty() {
            return;
        }
        self.looking.fetch_add(1, Ordering::AcqRel);
        if looks.send(paths).is_err() {
            self.looking.fetch_sub(1, Ordering::AcqRel);
        }
    }

    /// Looks at what is asked for, and at what else was asked for by then.
    fn take_in(&self, asked: &Receiver<Vec<PathBuf>>) {
        while let Ok(first) = asked.recv() {
            let all: Vec<_> = std::iter::once(first).chain(asked.try_iter()).collect();
            let count = all.len();
            match self.look(all.concat()) {
                Ok(look) => *self.found.lock().expect("no thread panics while it counts") += look,
                Err(Error::Cancelled) => {}
                // What was found would be lost: stop, and look at all when the person lets it go on.
                Err(error) => self.pipeline.give_up(&error),
            }
            self.pipeline.poke();
            self.looking.fetch_sub(count, Ordering::AcqRel);
        }
    }

    fn look(&self, paths: Vec<PathBuf>) -> Result<Look> {
        let roots = self.catalog.roots()?;
        for root in roots.iter().filter(|root| paths.contains(&root.path)) {
            self.watching.note_place(&root.path);
        }
        let is_patient = self.patient.load(Ordering::Relaxed);
        let later = |path: &Path| {
            self.later().insert(path.to_owned());
        };
        let looker = Looker {
            catalog: &self.catalog,
            private: &self.private,
            cancel: &self.cancel(),
            on_applied: &|| self.pipeline.poke(),
            on_folder: &|root, folder| self.watching.watch(root, folder),
            later: if is_patient { Some(&later) } else { None },
        };
        let look = looker.look(paths);
        for root in roots {
            self.catalog.set_folder_notice(root.id, self.watching.notice(&root.path).as_deref())?;
        }
        look
    }

    fn report(&self, looks: &Sender<Vec<PathBuf>>) {
        let mut reporter = Reporter::default();
        let (mut last_check, mut last_poll) = (Instant::now(), Instant::now());
        while !self.closing.load(Ordering::Relaxed) {
            if let Some(status) = reporter.report(self, &self.on_event) {
                *self.status.lock().expect("no thread panics while it holds the status") = status;
            }
            if last_check.elapsed() >= RETURN_CHECK {
                last_check = Instant::now();
                self.look_at_new_places(looks);
                self.look_again(looks);
            }
            if last_poll.elapsed() >= POLL && !self.is_looking() {
                last_poll = Instant::now();
                self.ask(looks, self.watching.to_poll());
            }
            thread::sleep(TICK);
        }
    }

    /// Looks at files again that seemed to be half-written, once they hold still or nobody wrote them for long.
    fn look_again(&self, looks: &Sender<Vec<PathBuf>>) {
        let may_be_done = |path: &PathBuf| Stat::read(path).is_none_or(|stat| !stat.is_young());
        let done: Vec<_> = self.later().extract_if(may_be_done).collect();
        self.ask(looks, done);
        self.pipeline.retry();
    }

    /// Looks at folders that came or went, and at those whose missing photos are there again.
    fn look_at_new_places(&self, looks: &Sender<Vec<PathBuf>>) {
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
        self.ask(looks, roots.into_iter().filter(is_new).map(|root| root.path).collect());
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
