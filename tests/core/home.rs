//! A library in a temporary folder, with the words that the tests use about it.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use fotonovela_core::decoder::Program;
use fotonovela_core::library::{Library, Options};
use fotonovela_core::platform::resources;
use fotonovela_core::settings::Settings;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{Effort, Event, Folder, FolderState, PhotoId};
use tempfile::TempDir;

use crate::support::{DEADLINE, all_tiles, photo, wait_for, write};

/// A folder of photos and a data folder beside it.
pub(crate) struct Home {
    dir: TempDir,
}

/// What the library shows of one photo.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    pub(crate) id: PhotoId,
    pub(crate) thumbnail: String,
    pub(crate) vector: Vec<f32>,
}

/// An open library whose indexer runs.
pub(crate) struct Open {
    pub(crate) library: Library,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
    root: PathBuf,
}

/// How the tests open a library: this program cannot decode, so another one does.
pub(crate) fn options(data: PathBuf, resources: PathBuf) -> Options {
    Options { decoder: decoder(), ..Options::new(data, resources) }
}

/// The worker of the tests.
pub(crate) fn decoder() -> Program {
    Program::new(env!("CARGO_BIN_EXE_test-decode-worker").into(), &[])
}

impl Home {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("photos")).unwrap();
        Self { dir }
    }

    /// A home with photos made of seeds 1, 2, 3 ...
    pub(crate) fn with(names: &[&str]) -> Self {
        let home = Self::new();
        for (seed, name) in (1..).zip(names) {
            home.put(name, seed);
        }
        home
    }

    /// The folder that holds everything, canonical.
    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap()
    }

    pub(crate) fn photos(&self) -> PathBuf {
        self.root().join("photos")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    /// A path below the folder of photos.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.photos().join(name)
    }

    /// Writes the photo of a seed.
    pub(crate) fn put(&self, name: &str, seed: u32) {
        write(&self.path(name), &photo(seed));
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        std::fs::rename(self.path(from), self.path(to)).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).unwrap();
    }

    /// Opens the library and starts its indexer, with watching.
    pub(crate) fn open(&self) -> Open {
        self.open_with(resources::folder())
    }

    /// [`Self::open`] with the data folder elsewhere.
    pub(crate) fn open_at(&self, data: PathBuf) -> Open {
        self.start(data, resources::folder())
    }

    /// [`Self::open`] with the app's own files elsewhere.
    pub(crate) fn open_with(&self, resources: PathBuf) -> Open {
        self.start(self.data(), resources)
    }

    fn start(&self, data: PathBuf, resources: PathBuf) -> Open {
        let events = Arc::<Mutex<Vec<Event>>>::default();
        let seen = Arc::clone(&events);
        let on_event = Arc::new(move |event| seen.lock().unwrap().push(event));
        let library = Library::open(Options { on_event, ..options(data, resources) }).unwrap();
        // Tests want as many threads at once as there can be.
        library.save_settings(Settings { effort: Effort::Full, ..library.settings() }).unwrap();
        if !library.catalog().paused_passes().unwrap().contains("regions") {
            // It costs most by far, and `regions.rs` tests it.
            library.set_pass_paused("regions", true).unwrap();
        }
        library.start_indexing(true).unwrap();
        Open { library, events, root: self.photos() }
    }

    /// Opens the library, adds the folder of photos and waits for these photos.
    pub(crate) fn index(&self, names: &[&str]) -> (Open, BTreeMap<String, Shown>) {
        let open = self.open();
        open.library.add_folders(&[self.photos()]).unwrap();
        let shown = open.has(names);
        (open, shown)
    }
}

impl Open {
    /// Waits until the library holds just these photos, complete, and has nothing left to do.
    pub(crate) fn has(&self, names: &[&str]) -> BTreeMap<String, Shown> {
        let mut wanted = names.to_vec();
        wanted.sort_unstable();
        let complete = || self.complete().filter(|shown| shown.keys().eq(wanted.iter().copied()));
        let (mut begun, mut finished) = (Instant::now(), 0);
        loop {
            // As long as something gets done, a busy machine is given time.
            if self.finished() > finished {
                (begun, finished) = (Instant::now(), self.finished());
            }
            if complete().is_some() {
                self.idle();
                // What was shown before may have been about to change.
                if let Some(shown) = complete() {
                    return shown;
                }
            }
            assert!(
                begun.elapsed() < DEADLINE,
                "{wanted:?} wanted, {:?} shown; {:?}; {:?}",
                self.names(),
                self.problems(),
                self.library.index_status()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until nothing is left to do.
    pub(crate) fn idle(&self) {
        self.library.wait_until_indexed(&CancelToken::default());
    }

    /// The names of the photos that are shown, relative to the folder, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.tiles().into_iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names
    }

    /// Names and ids in the order of the grid.
    pub(crate) fn tiles(&self) -> Vec<(String, PhotoId)> {
        let tiles = all_tiles(self.library.catalog());
        // A photo may go between the two questions.
        tiles.into_iter().filter_map(|tile| Some((self.name_of(tile.id)?, tile.id))).collect()
    }

    fn name_of(&self, id: PhotoId) -> Option<String> {
        let path = self.library.catalog().photo_path(id).ok()?;
        Some(path.strip_prefix(&self.root).unwrap_or(&path).to_string_lossy().into_owned())
    }

    /// All photos, if each has its thumbnail and its vector.
    pub(crate) fn complete(&self) -> Option<BTreeMap<String, Shown>> {
        let (catalog, model) = (self.library.catalog(), self.library.model().id());
        let each = |tile: fotonovela_core::types::PhotoTile| {
            let vector = catalog.embedding(tile.id, &model).unwrap()?;
            self.library.thumbnail(tile.id).ok()?;
            Some((self.name_of(tile.id)?, Shown { id: tile.id, thumbnail: tile.thumbnail?, vector }))
        };
        all_tiles(catalog).into_iter().map(each).collect()
    }

    pub(crate) fn id(&self, name: &str) -> Option<PhotoId> {
        self.tiles().into_iter().find(|(shown, _)| shown == name).map(|(_, id)| id)
    }

    /// Files with a problem, relative to the folder, with the reason.
    pub(crate) fn problems(&self) -> BTreeMap<String, String> {
        let problems = self.library.catalog().problems(None).unwrap();
        let relative =
            |path: &Path| path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().into_owned();
        problems.into_iter().map(|problem| (relative(&problem.path), problem.reason.to_string())).collect()
    }

    /// How many photos were read and finished since the start.
    pub(crate) fn finished(&self) -> u64 {
        self.library.index_tally().1
    }

    /// The only folder.
    pub(crate) fn folder(&self) -> Folder {
        let mut folders = self.library.catalog().folders().unwrap();
        assert_eq!(folders.len(), 1, "{folders:?}");
        folders.remove(0)
    }

    /// Waits until the only folder is away, and answers what is said about it.
    pub(crate) fn offline(&self) -> String {
        wait_for("the folder is offline", || {
            let folder = self.folder();
            (folder.state == FolderState::Offline).then(|| folder.message.expect("a reason").to_string())
        })
    }

    /// Waits until the only folder is there.
    pub(crate) fn online(&self) {
        wait_for("the folder is online", || (self.folder().state == FolderState::Online).then_some(()));
        assert_eq!(self.folder().message, None);
    }
}

/// Writes a file as editors do: whole, beside it, and then over it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) {
    let temporary = path.with_extension("tmp");
    std::fs::write(&temporary, bytes).unwrap();
    std::fs::rename(&temporary, path).unwrap();
}

/// Sets the time of a file's last change.
pub(crate) fn touch(path: &Path, time: SystemTime) {
    std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

/// A name that is no UTF-8.
pub(crate) fn wild_name() -> PathBuf {
    PathBuf::from(std::ffi::OsStr::from_bytes(b"caf\xe9.jpg"))
}
