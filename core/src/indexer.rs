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
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::event::{Event, IndexStatus};
use crate::index::{self, Look};
use crate::model::Model;
use crate::photo::{FolderState, PhotoId};
use crate::pipeline::Pipeline;
use crate::scan::Stat;
use crate::scan::watch::Watcher;
use crate::status::{Reporter, status_now};
use crate::task::CancelToken;
use crate::work::Bench;

/// How often folders that are away are looked for.
const RETURN_CHECK: Duration = Duration::from_secs(2);
/// How often a folder is walked whose changes the system does not report.
const POLL: Duration = Duration::from_secs(60);
const TICK: Duration = Duration::from_millis(200);

/// Where events go. Called from threads of the core.
pub type EventSink = Arc<dyn Fn(Event) + Send + Sync>;

/// Runs until it is dropped.
pub(crate) struct Indexer {
    shared: Arc<Shared>,
    looks: Option<Sender<PathBuf>>,
    threads: Vec<JoinHandle<()>>,
    /// Held open: the lock ends with it.
    _lock: File,
}

pub(crate) struct Shared {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) model: Arc<Model>,
    pub(crate) pipeline: Pipeline,
    private: PathBuf,
    /// Looks that were asked for and are not done.
    looking: AtomicUsize,
    found: Mutex<Look>,
    cancel: Mutex<CancelToken>,
    watcher: Mutex<Option<Watcher>>,
    /// Whether changes are followed: then files that seem to be half-written are looked at again.
    patient: Arc<AtomicBool>,
    /// Those files.
    later: Mutex<HashSet<PathBuf>>,
    /// Folders whose changes the system does not report.
    polled: Mutex<HashSet<PathBuf>>,
    status: Mutex<IndexStatus>,
    closing: AtomicBool,
    on_event: EventSink,
}

impl Indexer {
    /// Starts to work on what the catalogue lacks; with `watch` also walks all folders and follows their changes.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process indexes this library.
    pub(crate) fn start(
        catalog: Arc<Catalog>,
        model: Arc<Model>,
        data: &Path,
        watch: bool,
        on_event: EventSink,
    ) -> Result<Self> {
        let lock = lock(data)?;
        let cache = ThumbnailCache::new(data);
        let patient = Arc::<AtomicBool>::default();
        let bench = {
            let (catalog, model, patient) = (Arc::clone(&catalog), Arc::clone(&model), Arc::clone(&patient));
            move || Bench::new(Arc::clone(&catalog), cache.clone(), Arc::clone(&model), Arc::clone(&patient))
        };
        let shared = Arc::new(Shared {
            pipeline: Pipeline::start(Arc::clone(&catalog), model.id(), bench),
            catalog,
            model,
            private: data.to_owned(),
            looking: AtomicUsize::new(0),
            found: Mutex::default(),
            cancel: Mutex::default(),
            watcher: Mutex::new(None),
            patient,
            later: Mutex::default(),
            polled: Mutex::default(),
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
        let indexer = Self { shared, looks: Some(looks), threads, _lock: lock };
        if watch {
            indexer.watch()?;
        }
        Ok(indexer)
    }

    /// Walks all folders and follows their changes from now on.
    pub(crate) fn watch(&self) -> Result<()> {
        let watcher = {
            let (weak, looks) = (Arc::downgrade(&self.shared), self.looks().clone());
            Watcher::new(move |paths| {
                if let Some(shared) = weak.upgrade() {
                    paths.into_iter().for_each(|path| shared.ask(&looks, path));
                }
            })?
        };
        *self.shared.watcher.lock().expect("no thread panics while it holds the watcher") = Some(watcher);
        self.shared.patient.store(true, Ordering::Relaxed);
        for folder in self.shared.catalog.folders()? {
            self.shared.watch_root(&folder.path);
        }
        self.look_at_all()
    }

    /// Walks every folder.
    pub(crate) fn look_at_all(&self) -> Result<()> {
        for folder in self.shared.catalog.folders()? {
            self.look(folder.path);
        }
        Ok(())
    }

    /// Looks at a path soon.
    pub(crate) fn look(&self, path: PathBuf) {
        self.shared.ask(self.looks(), path);
    }

    /// A folder was added. Without `look` it lies in another one that is looked at.
    pub(crate) fn folder_added(&self, path: &Path, look: bool) {
        self.shared.watch_root(path);
        if look {
            self.look(path.to_owned());
        }
        (self.shared.on_event)(Event::Folders);
    }

    /// A folder was removed. What it shares with others is theirs now.
    pub(crate) fn folder_removed(&self, path: &Path) -> Result<()> {
        if let Some(watcher) = self.shared.watcher().as_mut() {
            watcher.unwatch(path);
        }
        for folder in self.shared.catalog.folders()? {
            if folder.path.starts_with(path) || path.starts_with(&folder.path) {
                self.shared.watch_root(&folder.path);
                self.look(folder.path);
            }
        }
        (self.shared.on_event)(Event::Folders);
        Ok(())
    }

    /// Stops walking and working.
    pub(crate) fn stop(&self) {
        self.shared.cancel().cancel();
        self.shared.pipeline.stop();
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

    fn looks(&self) -> &Sender<PathBuf> {
        self.looks.as_ref().expect("taken only when dropped")
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        self.shared.cancel().cancel();
        // The watcher holds a sender of looks; without it the intake ends.
        self.shared.watcher.lock().expect("no thread panics while it holds the watcher").take();
        self.looks.take();
        for thread in self.threads.drain(..) {
            // A panic was reported by the thread itself.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn watcher(&self) -> std::sync::MutexGuard<'_, Option<Watcher>> {
        self.watcher.lock().expect("no thread panics while it holds the watcher")
    }

    fn cancel(&self) -> CancelToken {
        self.cancel.lock().expect("no thread panics while it holds the token").clone()
    }

    fn later(&self) -> std::sync::MutexGuard<'_, HashSet<PathBuf>> {
        self.later.lock().expect("no thread panics while it holds the list")
    }

    pub(crate) fn is_looking(&self) -> bool {
        self.looking.load(Ordering::Acquire) > 0
    }

    fn ask(&self, looks: &Sender<PathBuf>, path: PathBuf) {
        self.looking.fetch_add(1, Ordering::AcqRel);
        if looks.send(path).is_err() {
            self.looking.fetch_sub(1, Ordering::AcqRel);
        }
    }

    fn take_in(&self, asked: &Receiver<PathBuf>) {
        while let Ok(path) = asked.recv() {
            let cancel = self.cancel();
            let later = |path: &Path| {
                self.later().insert(path.to_owned());
            };
            let later: Option<&dyn Fn(&Path)> =
                if self.patient.load(Ordering::Relaxed) { Some(&later) } else { None };
            let applied = || self.pipeline.poke();
            let looked = index::look(&self.catalog, &path, &self.private, &cancel, &applied, later);
            match looked {
                Ok(look) => {
                    let mut found = self.found.lock().expect("no thread panics while it counts");
                    found.found += look.found;
                    found.unchanged += look.unchanged;
                }
                Err(Error::Cancelled) => {}
                // What was found would be lost: stop, and look at all when the person lets it go on.
                Err(error) => self.pipeline.give_up(&error),
            }
            self.pipeline.poke();
            self.looking.fetch_sub(1, Ordering::AcqRel);
        }
    }

    /// Watches a folder, or notes that it must be polled. A folder that is away is watched when it returns.
    fn watch_root(&self, root: &Path) {
        let mut watcher = self.watcher();
        let Some(watcher) = watcher.as_mut() else { return };
        let mut polled = self.polled.lock().expect("no thread panics while it holds the list");
        match watcher.watch(root) {
            Ok(()) => {
                polled.remove(root);
            }
            Err(error) if root.is_dir() => {
                tracing::warn!(root = %root.display(), %error, "polled instead of watched");
                polled.insert(root.to_owned());
            }
            Err(_) => {}
        }
    }

    fn report(&self, looks: &Sender<PathBuf>) {
        let mut reporter = Reporter::default();
        let (mut last_check, mut last_poll) = (Instant::now(), Instant::now());
        while !self.closing.load(Ordering::Relaxed) {
            if let Some(status) = reporter.report(self, &self.on_event) {
                *self.status.lock().expect("no thread panics while it holds the status") = status;
            }
            if last_check.elapsed() >= RETURN_CHECK {
                last_check = Instant::now();
                self.welcome_back(looks);
                self.look_again(looks);
            }
            if last_poll.elapsed() >= POLL {
                last_poll = Instant::now();
                let polled = self.polled.lock().expect("no thread panics while it holds the list").clone();
                polled.into_iter().for_each(|root| self.ask(looks, root));
            }
            thread::sleep(TICK);
        }
    }

    /// Looks at files again that seemed to be half-written, once they hold still or nobody wrote them for long.
    fn look_again(&self, looks: &Sender<PathBuf>) {
        let may_be_done = |path: &PathBuf| Stat::read(path).is_none_or(|stat| !stat.is_young());
        let done: Vec<_> = self.later().extract_if(may_be_done).collect();
        done.into_iter().for_each(|path| self.ask(looks, path));
        self.pipeline.retry();
    }

    /// Looks at folders that were away and are there again.
    fn welcome_back(&self, looks: &Sender<PathBuf>) {
        let Ok(folders) = self.catalog.folders() else { return };
        for folder in folders {
            let is_filled =
                || std::fs::read_dir(&folder.path).is_ok_and(|mut entries| entries.next().is_some());
            if folder.state == FolderState::Offline && self.watcher().is_some() && is_filled() {
                self.watch_root(&folder.path);
                self.ask(looks, folder.path);
            }
        }
    }
}

fn lock(data: &Path) -> Result<File> {
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
