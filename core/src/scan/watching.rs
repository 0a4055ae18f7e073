//! Which folders are watched, which must be looked at from time to time instead, and which have come or gone unseen.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use crate::error::{Error, Result};
use crate::scan::watch::Watcher;
use crate::types::{FolderCode, Reason, ReasonCode};

/// Lets Linux watch more folders.
const WATCH_MORE: &str = "sudo sysctl fs.inotify.max_user_watches=1048576";

/// Off until [`Self::start`].
#[derive(Default)]
pub(crate) struct Watching {
    watcher: Mutex<Option<Watcher>>,
    /// Folders that could not be watched. What lies below them is not watched either.
    polled: Mutex<BTreeSet<PathBuf>>,
    /// Where each folder of the library lay when it was last looked at.
    places: Mutex<HashMap<PathBuf, Option<Location>>>,
}

/// Device and inode: another disk at the same path is another place.
type Location = (u64, u64);

impl Watching {
    /// Hands paths where something happened to `look`, from now on.
    pub(crate) fn start(&self, look: impl Fn(Vec<PathBuf>) + Send + 'static) -> Result<()> {
        *self.watcher() = Some(Watcher::new(look)?);
        Ok(())
    }

    pub(crate) fn stop(&self) {
        self.watcher().take();
    }

    pub(crate) fn is_on(&self) -> bool {
        self.watcher().is_some()
    }

    /// Watches `folder` of the library's folder `root`, or notes that it must be polled.
    pub(crate) fn watch(&self, root: &Path, folder: &Path) {
        let mut watcher = self.watcher();
        let Some(watcher) = watcher.as_mut() else { return };
        let mut polled = self.polled();
        match watcher.watch(root, folder) {
            Ok(()) => {
                polled.remove(folder);
            }
            Err(error) if folder.is_dir() => {
                if !folder.ancestors().any(|above| polled.contains(above)) {
                    tracing::debug!(folder = %folder.display(), %error, "polled instead of watched");
                    polled.insert(folder.to_owned());
                }
                if !matches!(&error, Error::Watch(error) if is_limit(error)) {
                    tracing::warn!(folder = %folder.display(), %error, "cannot be watched");
                }
            }
            Err(_) => {}
        }
    }

    /// Stops watching the folders that `is_unwanted`.
    pub(crate) fn unwatch(&self, is_unwanted: impl Fn(&Path) -> bool) {
        if let Some(watcher) = self.watcher().as_mut() {
            watcher.unwatch(&is_unwanted);
        }
        self.polled().retain(|folder| !is_unwanted(folder));
        self.places().retain(|root, _| !is_unwanted(root));
    }

    /// The folders that must be looked at from time to time.
    pub(crate) fn to_poll(&self) -> Vec<PathBuf> {
        self.polled().iter().cloned().collect()
    }

    /// What the person should know about a folder of the library whose changes cannot all be watched.
    pub(crate) fn notice(&self, root: &Path) -> Option<Reason> {
        let count = self.polled().iter().filter(|folder| folder.starts_with(root)).count();
        (count > 0)
            .then(|| FolderCode::FolderPolled.with("folders", count as u64).with("command", WATCH_MORE))
    }

    /// Notes where a folder of the library lies.
    pub(crate) fn note_place(&self, root: &Path) {
        self.places().insert(root.to_owned(), place(root));
    }

    /// Whether a folder lies elsewhere than it did: it came, went, or a disk was put in its place or taken away. The
    /// system reports none of this reliably.
    pub(crate) fn has_new_place(&self, root: &Path) -> bool {
        self.places().get(root).is_some_and(|known| *known != place(root))
    }

    fn watcher(&self) -> MutexGuard<'_, Option<Watcher>> {
        self.watcher.lock().expect("no thread panics while it holds the watcher")
    }

    fn polled(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.polled.lock().expect("no thread panics while it holds the list")
    }

    fn places(&self) -> MutexGuard<'_, HashMap<PathBuf, Option<Location>>> {
        self.places.lock().expect("no thread panics while it holds the places")
    }
}

fn is_limit(error: &notify::Error) -> bool {
    matches!(error.kind, notify::ErrorKind::MaxFilesWatch)
}

#[cfg(unix)]
fn place(path: &Path) -> Option<Location> {
    use std::os::unix::fs::MetadataExt;
    path.metadata().ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn place(path: &Path) -> Option<Location> {
    path.is_dir().then_some((0, 0))
}
