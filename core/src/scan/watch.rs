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

use notify::event::{AccessKind, AccessMode, EventKind, MetadataKind, ModifyKind};
use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::error::Result;

/// Bursts of events about one path become one rescan.
const QUIET: Duration = Duration::from_millis(150);
/// What would hold still this soon is looked at together with what does.
const SLACK: Duration = Duration::from_millis(100);
/// Some file systems never report that a writer closed its file: then this long without a change must do.
const GIVE_UP_WAITING: Duration = super::stat::YOUNG;
/// A file whose last change is older than this was not being written when it appeared (a hard link, a copy of
/// another system).
const OLD_ENOUGH: Duration = Duration::from_secs(2);
const TICK: Duration = Duration::from_millis(50);

/// Watches folders until it is dropped.
pub struct Watcher {
    inner: RecommendedWatcher,
    /// The library's folders, shared with the thread that hears of lost events.
    roots: Roots,
    /// Every folder that has a watch of its own.
    watched: HashSet<PathBuf>,
}

type Roots = Arc<Mutex<HashSet<PathBuf>>>;

/// Whether the system watches a folder with all below it at once. inotify (Linux) and kqueue (BSD) do not: there each
/// folder is watched by itself, so that what is left out costs no watch.
const WATCHES_TREES: bool = cfg!(any(target_os = "macos", windows));

impl Watcher {
    /// Starts without folders. `rescan` gets paths (files or folders, there or gone) from a thread of the watcher; a
    /// root when the system lost count of its events.
    ///
    /// # Errors
    /// When the system offers no watching.
    pub fn new(rescan: impl Fn(Vec<PathBuf>) + Send + 'static) -> Result<Self> {
        let (sender, receiver) = mpsc::channel();
        let roots = Roots::default();
        let all_roots = Arc::clone(&roots);
        let config = Config::default().with_follow_symlinks(false);
        let inner = RecommendedWatcher::new(move |event| forward(&sender, event, &all_roots), config)?;
        thread::Builder::new()
            .name("watch".into())
            .spawn(move || gather(&receiver, rescan))
            .expect("the system can start a thread");
        Ok(Self { inner, roots, watched: HashSet::new() })
    }

    /// Watches one folder, which is `root` or lies below it. To be called again whenever the folder is looked at: one
    /// that was deleted and made again has lost its watch.
    ///
    /// # Errors
    /// When it is not there or the system's limit of watches is used up.
    pub fn watch(&mut self, root: &Path, folder: &Path) -> Result<()> {
        self.roots().insert(root.to_owned());
        if WATCHES_TREES && folder != root {
            return Ok(());
        }
        let mode = if WATCHES_TREES { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        self.inner.watch(folder, mode)?;
        self.watched.insert(folder.to_owned());
        Ok(())
    }

    /// Stops watching the folders that `is_unwanted`.
    pub fn unwatch(&mut self, is_unwanted: impl Fn(&Path) -> bool) {
        self.roots().retain(|root| !is_unwanted(root));
        for folder in self.watched.extract_if(|folder| is_unwanted(folder)) {
            // The folder may have vanished, and its watch with it.
            if let Err(error) = self.inner.unwatch(&folder) {
                tracing::debug!(%error, folder = %folder.display(), "unwatch");
            }
        }
    }

    /// How many folders have a watch of their own.
    pub fn watched(&self) -> usize {
        self.watched.len()
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
        // Reading; nothing follows.
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime)) => return,
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

fn gather(receiver: &Receiver<Hint>, rescan: impl Fn(Vec<PathBuf>)) {
    let mut pending: HashMap<PathBuf, Pending> = HashMap::new();
    let mut last_check = Instant::now();
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
        if last_check.elapsed() < TICK {
            continue;
        }
        last_check = Instant::now();
        if pending.values().any(|state| state.holds_still(Duration::ZERO)) {
            // The two halves of a move come one after the other, and belong in one scan.
            rescan(pending.extract_if(|_, state| state.holds_still(SLACK)).map(|(path, _)| path).collect());
        }
    }
}

fn note(pending: &mut HashMap<PathBuf, Pending>, path: PathBuf, is_ready: bool) {
    let is_ready = is_ready || !is_being_written(&path);
    pending.insert(path, Pending { last_event: Instant::now(), is_ready });
}

impl Pending {
    fn holds_still(&self, slack: Duration) -> bool {
        self.last_event.elapsed() + slack >= if self.is_ready { QUIET } else { GIVE_UP_WAITING }
    }
}

/// Whether a file changed so lately that its writer may not be done. Folders and vanished files are done.
fn is_being_written(path: &Path) -> bool {
    let Ok(metadata) = path.metadata() else { return false };
    let age = metadata.modified().ok().and_then(|time| SystemTime::now().duration_since(time).ok());
    metadata.is_file() && age.is_none_or(|age| age < OLD_ENOUGH)
}

#[cfg(test)]
mod tests {
    use notify::event::Flag;

    use super::*;

    #[test]
    fn when_events_are_lost_every_folder_is_looked_at() {
        let home = tempfile::tempdir().unwrap();
        let (looked, looks) = mpsc::channel();
        let mut watcher = Watcher::new(move |paths| looked.send(paths).unwrap()).unwrap();
        watcher.watch(home.path(), home.path()).unwrap();
        let (sender, receiver) = mpsc::channel();
        // What notify makes of IN_Q_OVERFLOW.
        let overflow = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        forward(&sender, Ok(overflow), &watcher.roots);
        drop(sender);
        let hints: Vec<_> = receiver.iter().collect();
        assert!(matches!(&hints[..], [Hint::Ready(root)] if root == home.path()));
        drop(looks);
    }

    #[test]
    fn what_comes_shortly_after_is_looked_at_together() {
        let (sender, receiver) = mpsc::channel();
        let (looked, looks) = mpsc::channel();
        thread::spawn(move || gather(&receiver, move |paths| looked.send(paths).unwrap()));
        for path in ["/from", "/to"] {
            sender.send(Hint::Ready(path.into())).unwrap();
            thread::sleep(Duration::from_millis(20));
        }
        let mut together = looks.recv().unwrap();
        together.sort();
        assert_eq!(together, [Path::new("/from"), Path::new("/to")]);
    }
}
