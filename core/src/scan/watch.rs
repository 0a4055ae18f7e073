//! The watcher: says where to look again, once what is there holds still.
//!
//! Systems report renames, overflows and half-written files in many ways. So no event is trusted for more than a
//! path: [`Watcher`] gathers paths, waits until their writer closed them, and hands them on to be looked at.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::error::Result;

/// Bursts of events about one path become one look.
const SETTLE: Duration = Duration::from_millis(150);
/// Some file systems never report that a writer closed its file: then this long without a change must do.
const GIVE_UP_WAITING: Duration = super::YOUNG;
/// A file whose last change is older than this was not being written when it appeared (a hard link, a copy of
/// another system).
const OLD_ENOUGH: Duration = Duration::from_secs(2);
const TICK: Duration = Duration::from_millis(50);

/// Watches folders until it is dropped.
pub struct Watcher {
    inner: RecommendedWatcher,
    roots: Roots,
}

/// The folders that are watched, shared with the thread that hears of lost events.
type Roots = Arc<Mutex<HashSet<PathBuf>>>;

impl Watcher {
    /// Starts without folders. `look` gets paths (files or folders, there or gone) from a thread of the watcher; a
    /// root when the system lost count of its events.
    ///
    /// # Errors
    /// When the system offers no watching.
    pub fn new(look: impl Fn(Vec<PathBuf>) + Send + 'static) -> Result<Self> {
        let (sender, receiver) = mpsc::channel();
        let roots = Roots::default();
        let all_roots = Arc::clone(&roots);
        let config = Config::default().with_follow_symlinks(false);
        let inner = RecommendedWatcher::new(move |event| forward(&sender, event, &all_roots), config)?;
        thread::Builder::new()
            .name("watch".into())
            .spawn(move || gather(&receiver, look))
            .expect("the system can start a thread");
        Ok(Self { inner, roots })
    }

    /// Watches a folder and all below it.
    ///
    /// # Errors
    /// When it is not there or the system's limit of watches is used up.
    pub fn watch(&mut self, root: &Path) -> Result<()> {
        self.inner.watch(root, RecursiveMode::Recursive)?;
        self.roots().insert(root.to_owned());
        Ok(())
    }

    /// Stops watching a folder; one that is not watched is fine.
    pub fn unwatch(&mut self, root: &Path) {
        self.roots().remove(root);
        // The folder may have vanished, and its watches with it.
        if let Err(error) = self.inner.unwatch(root) {
            tracing::debug!(%error, root = %root.display(), "unwatch");
        }
    }

    fn roots(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.roots.lock().expect("no thread panics while it holds the roots")
    }
}

enum Hint {
    /// Something happened to this path, and its writer may still be at work.
    Touched(PathBuf),
    /// Nobody writes it: it was closed, renamed, removed, or is a folder.
    Ready(PathBuf),
}

fn forward(sender: &Sender<Hint>, event: notify::Result<Event>, roots: &Roots) {
    let event = match event {
        Ok(event) => event,
        Err(error) => {
            tracing::warn!(%error, "watching");
            Event { paths: error.paths, ..Event::new(EventKind::Other) }
        }
    };
    if event.need_rescan() {
        let roots = roots.lock().expect("no thread panics while it holds the roots");
        for root in roots.iter() {
            // The receiver ends with the watcher.
            let _ = sender.send(Hint::Ready(root.clone()));
        }
        return;
    }
    let is_ready = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Modify(ModifyKind::Name(_))
        | EventKind::Remove(_)
        | EventKind::Other => true,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => return,
        _ => false,
    };
    for path in event.paths {
        let _ = sender.send(if is_ready { Hint::Ready(path) } else { Hint::Touched(path) });
    }
}

struct Pending {
    last_event: Instant,
    is_ready: bool,
}

fn gather(receiver: &Receiver<Hint>, look: impl Fn(Vec<PathBuf>)) {
    let mut pending: HashMap<PathBuf, Pending> = HashMap::new();
    loop {
        let hint = if pending.is_empty() {
            receiver.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            receiver.recv_timeout(TICK)
        };
        match hint {
            Ok(Hint::Touched(path)) => note(&mut pending, path, false),
            Ok(Hint::Ready(path)) => note(&mut pending, path, true),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let still: Vec<PathBuf> =
            pending.iter().filter(|(_, state)| state.holds_still()).map(|(path, _)| path.clone()).collect();
        if !still.is_empty() {
            pending.retain(|path, _| !still.contains(path));
            look(still);
        }
    }
}

fn note(pending: &mut HashMap<PathBuf, Pending>, path: PathBuf, is_ready: bool) {
    let is_ready = is_ready || !is_being_written(&path);
    pending.insert(path, Pending { last_event: Instant::now(), is_ready });
}

impl Pending {
    fn holds_still(&self) -> bool {
        self.last_event.elapsed() >= if self.is_ready { SETTLE } else { GIVE_UP_WAITING }
    }
}

/// Whether a file changed so lately that its writer may not be done. Folders and vanished files are done.
fn is_being_written(path: &Path) -> bool {
    let Ok(metadata) = path.metadata() else { return false };
    let age = metadata.modified().ok().and_then(|time| SystemTime::now().duration_since(time).ok());
    metadata.is_file() && age.is_none_or(|age| age < OLD_ENOUGH)
}
