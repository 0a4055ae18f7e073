//! The one handle that the window and the command line keep: opens everything and hands out the parts.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::runtime::{Builder, Handle, Runtime};

use crate::cache::{ThumbnailCache, write_whole};
use crate::catalog::Catalog;
use crate::comic::{ComicPlan, ComicRequest, KeyState};
use crate::error::{Error, Result};
use crate::event::IndexStatus;
use crate::follow::Follower;
use crate::indexer::Indexer;
use crate::model::Model;
use crate::photo::{DropKind, Folder, FolderId, PhotoDetail, PhotoId};
use crate::search::Search;
use crate::secret::{KeyRing, Secret};
use crate::settings::Settings;
use crate::studio::{PREVIEWS, Source, Studio};
use crate::task::{CancelToken, TaskId};
use crate::vectors::embedded::EmbeddedStore;

pub use crate::index::Look;
pub use crate::indexer::EventSink;

/// How a library is opened.
pub struct Options {
    /// The data folder; created if missing.
    pub data: PathBuf,
    /// The app's own files: models and ONNX Runtime.
    pub resources: PathBuf,
    /// Where events go. Called from threads of the core.
    pub on_event: EventSink,
}

impl Options {
    /// Options without events, for scripts.
    pub fn new(data: PathBuf, resources: PathBuf) -> Self {
        Self { data, resources, on_event: Arc::new(|_| {}) }
    }
}

/// The data folder where none was chosen, such as `~/.local/share/fotonovela`.
///
/// # Errors
/// When the system knows no home folder.
pub fn default_data_folder() -> Result<PathBuf> {
    directories::ProjectDirs::from("app", "", "fotonovela")
        .map(|folders| folders.data_dir().to_owned())
        .ok_or_else(|| Error::Invalid("there is no home folder. Choose a data folder with --library".into()))
}

/// An open library. Field order is drop order: the indexer ends before the catalogue that it writes.
pub struct Library {
    indexer: Mutex<Option<Indexer>>,
    studio: Arc<Studio>,
    search: Search,
    follower: Arc<Follower>,
    keys: Arc<KeyRing>,
    settings: Mutex<Settings>,
    cache: ThumbnailCache,
    model: Arc<Model>,
    catalog: Arc<Catalog>,
    data: PathBuf,
    on_event: EventSink,
    runtime: Runtime,
}

impl Library {
    /// Opens or creates a library. Nothing is indexed until [`Self::start_indexing`].
    ///
    /// # Errors
    /// When the data folder cannot be used or the catalogue cannot be opened.
    pub fn open(options: Options) -> Result<Self> {
        let Options { data, resources, on_event } = options;
        std::fs::create_dir_all(&data).map_err(|error| Error::write(&data, error))?;
        let data = data.canonicalize().map_err(|error| Error::read(&data, error))?;
        let catalog = Arc::new(Catalog::open(&data.join("catalog.sqlite"))?);
        let model = Arc::new(Model::bundled(resources));
        let store = Arc::new(EmbeddedStore::new(model.dimension()));
        let follower = Arc::new(Follower::new(Arc::clone(&catalog), store, model.id()));
        let keys = Arc::new(KeyRing::from_environment());
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("async")
            .enable_all()
            .build()
            .expect("the system can start threads");
        let studio = Studio::new(
            Arc::clone(&catalog),
            &data,
            Arc::clone(&keys),
            installation(&data)?,
            Arc::clone(&on_event),
        );
        Ok(Self {
            indexer: Mutex::new(None),
            studio: Arc::new(studio),
            search: Search::new(Arc::clone(&catalog), Arc::clone(&model), Arc::clone(&follower)),
            follower,
            keys,
            settings: Mutex::new(Settings::read(&data)),
            cache: ThumbnailCache::new(&data),
            model,
            catalog,
            data,
            on_event,
            runtime,
        })
    }

    /// Starts the threads that index. With `watch` all folders are walked now and their changes followed.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process indexes this library.
    pub fn start_indexing(&self, watch: bool) -> Result<()> {
        let mut slot = self.indexer();
        if slot.is_none() {
            let (catalog, model) = (Arc::clone(&self.catalog), Arc::clone(&self.model));
            *slot = Some(Indexer::start(catalog, model, &self.data, watch, Arc::clone(&self.on_event))?);
        }
        let follower = Arc::clone(&self.follower);
        // Fills the store, so that the first search need not.
        self.runtime.spawn(async move {
            if let Err(error) = follower.follow().await {
                tracing::error!(%error, "filling the store");
            }
        });
        Ok(())
    }

    /// Adds folders and begins to index them. A folder that is there already is fine.
    ///
    /// # Errors
    /// When one is no folder or cannot be read; none is added then.
    pub fn add_folders(&self, paths: &[PathBuf]) -> Result<Vec<Folder>> {
        let paths = paths.iter().map(|path| self.check_folder(path)).collect::<Result<BTreeSet<_>>>()?;
        let mut added = Vec::new();
        for path in &paths {
            added.push(self.catalog.add_folder(path)?);
        }
        for path in &paths {
            let is_in = |other: &String| other != path && Path::new(path).starts_with(other);
            if let Some(indexer) = self.indexer().as_ref() {
                indexer.folder_added(Path::new(path), !paths.iter().any(is_in));
            }
        }
        let folders = self.catalog.folders()?;
        Ok(folders.into_iter().filter(|folder| added.contains(&folder.id)).collect())
    }

    fn check_folder(&self, path: &Path) -> Result<String> {
        let failed = |error: std::io::Error| {
            let path = path.display();
            Error::Invalid(match error.kind() {
                ErrorKind::NotFound => {
                    format!("the folder {path} is not there. Check its name, or connect its disk")
                }
                ErrorKind::NotADirectory => format!("{path} is no folder. Name the folder that it lies in"),
                ErrorKind::PermissionDenied => {
                    format!("the folder {path} cannot be read. Allow your user to read it")
                }
                _ => format!("the folder {path} cannot be read: {error}"),
            })
        };
        let folder = path.canonicalize().map_err(failed)?;
        std::fs::read_dir(&folder).map_err(failed)?;
        if folder.starts_with(&self.data) {
            return Err(Error::Invalid(format!("{} is Fotonovela's own data folder", folder.display())));
        }
        folder.into_os_string().into_string().map_err(|path| {
            Error::Invalid(format!("the name of {} is not valid UTF-8. Rename it", path.display()))
        })
    }

    /// Forgets a folder. Its files stay untouched; added again, its photos are back without indexing.
    pub fn remove_folder(&self, id: FolderId) -> Result<()> {
        let Some(folder) = self.catalog.folders()?.into_iter().find(|folder| folder.id == id) else {
            return Ok(());
        };
        self.catalog.remove_folder(id)?;
        match self.indexer().as_ref() {
            Some(indexer) => indexer.folder_removed(&folder.path),
            None => Ok(()),
        }
    }

    /// How far the indexing is.
    pub fn index_status(&self) -> IndexStatus {
        self.indexer().as_ref().map(Indexer::status).unwrap_or_default()
    }

    /// Stops indexing until [`Self::resume_indexing`].
    pub fn stop_indexing(&self) {
        if let Some(indexer) = self.indexer().as_ref() {
            indexer.stop();
        }
    }

    /// Goes on with what is left.
    pub fn resume_indexing(&self) -> Result<()> {
        self.indexer().as_ref().map_or(Ok(()), Indexer::resume)
    }

    /// Follows changes from now on and walks all folders, where [`Self::start_indexing`] did not.
    pub fn watch(&self) -> Result<()> {
        self.indexer().as_ref().map_or(Ok(()), Indexer::watch)
    }

    /// Waits until nothing is left to index, or `cancel`.
    pub fn wait_until_indexed(&self, cancel: &CancelToken) {
        if let Some(indexer) = self.indexer().as_ref() {
            indexer.wait_idle(cancel);
        }
    }

    /// What all looks since the start found, and how many photos were finished.
    pub fn index_tally(&self) -> (Look, u64) {
        self.indexer().as_ref().map(Indexer::tally).unwrap_or_default()
    }

    /// Tells which photos are on screen: they come first.
    pub fn set_visible(&self, photos: &[PhotoId]) -> Result<()> {
        self.indexer().as_ref().map_or(Ok(()), |indexer| indexer.hurry(photos))
    }

    /// Everything about one photo.
    pub fn photo(&self, id: PhotoId) -> Result<PhotoDetail> {
        self.catalog.photo(id, &self.model.id())
    }

    /// The thumbnail of a photo, JPEG.
    ///
    /// # Errors
    /// [`Error::NotFound`] while there is none. One that was deleted from the cache is made again.
    pub fn thumbnail(&self, id: PhotoId) -> Result<Vec<u8>> {
        let not_found = || Error::NotFound { what: "The thumbnail".into() };
        let content = self.catalog.photo_content(id)?.ok_or_else(not_found)?;
        if let Some(jpeg) = self.cache.read(content) {
            return Ok(jpeg);
        }
        self.catalog.forget_thumbnail(id)?;
        if let Some(indexer) = self.indexer().as_ref() {
            indexer.poke();
        }
        Err(not_found())
    }

    /// A photo for the viewer: its own bytes where a web view shows them upright, else a JPEG of its full size.
    pub fn viewable(&self, id: PhotoId) -> Result<Vec<u8>> {
        let path = self.catalog.photo_path(id)?;
        let bytes = std::fs::read(&path).map_err(|error| Error::read(&path, error))?;
        Ok(crate::image::for_viewing(bytes, &path)?)
    }

    /// Plans a comic of photos of the library. Sends nothing.
    ///
    /// # Errors
    /// See [`Studio::plan`].
    pub fn plan_comic(&self, request: &ComicRequest) -> Result<ComicPlan> {
        let source = |id: &PhotoId| Ok(Source { photo: Some(*id), path: self.catalog.photo_path(*id)? });
        let sources = if request.parent.is_some() {
            Vec::new()
        } else {
            request.photos.iter().map(source).collect::<Result<_>>()?
        };
        self.block_on(self.studio.plan(request, sources, &self.settings(), PREVIEWS))
    }

    /// Sends a plan in the background; the steps come as events.
    pub fn draw_comic(&self, plan: u32) -> TaskId {
        let task = self.studio.begin();
        let studio = Arc::clone(&self.studio);
        self.runtime.spawn(async move {
            // The error was told as an event.
            let _ = studio.draw(plan, task).await;
        });
        task
    }

    /// Plans, draws and keeps comics.
    pub fn studio(&self) -> &Studio {
        &self.studio
    }

    /// Finds similar photos.
    pub fn search(&self) -> &Search {
        &self.search
    }

    /// The truth.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The model in use.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What the person chose.
    pub fn settings(&self) -> Settings {
        self.settings.lock().expect("no thread panics while it holds the settings").clone()
    }

    /// Keeps what the person chose.
    ///
    /// # Errors
    /// When something in it cannot be used, or the file cannot be written.
    pub fn save_settings(&self, settings: Settings) -> Result<()> {
        settings.check()?;
        settings.write(&self.data)?;
        *self.settings.lock().expect("no thread panics while it holds the settings") = settings;
        Ok(())
    }

    /// Whether a key for the service of the settings is at hand.
    pub fn key_state(&self) -> Result<KeyState> {
        Ok(self.block_on(self.keys.state(&self.service_host()?)))
    }

    /// Keeps a key for the service of the settings.
    ///
    /// # Errors
    /// [`Error::Keychain`] when it is to be remembered and cannot be.
    pub fn set_key(&self, key: &str, remember: bool) -> Result<KeyState> {
        let secret = Secret::new(key).ok_or_else(|| {
            Error::Invalid("the key is empty. Paste the key that the service gave you".into())
        })?;
        self.block_on(self.keys.set(&self.service_host()?, secret, remember))?;
        self.key_state()
    }

    /// Forgets the key for the service of the settings.
    pub fn delete_key(&self) -> Result<KeyState> {
        self.block_on(self.keys.delete(&self.service_host()?))?;
        self.key_state()
    }

    fn service_host(&self) -> Result<String> {
        Ok(crate::comic::openai::Client::new(&self.settings().base_url, None)?.host())
    }

    /// Ends all threads that index and lets go of the model. What is under way is finished first, some tens of
    /// milliseconds; what is left is done after the next start.
    pub fn close(&self) {
        *self.indexer() = None;
        self.search.close();
    }

    /// Where async work of the core runs.
    pub fn runtime(&self) -> &Handle {
        self.runtime.handle()
    }

    /// Waits for async work. Not to be called from async code.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    fn indexer(&self) -> MutexGuard<'_, Option<Indexer>> {
        self.indexer.lock().expect("no thread panics while it holds the indexer")
    }
}

/// What a drop of these paths would be.
pub fn drop_kind(paths: &[PathBuf]) -> DropKind {
    if paths.iter().any(|path| path.is_dir()) {
        return DropKind::Folder;
    }
    let is_picture = |path: &PathBuf| {
        let mut start = [0; 64];
        let read = std::fs::File::open(path).and_then(|mut file| std::io::Read::read(&mut file, &mut start));
        read.is_ok_and(|length| crate::image::Format::sniff(&start[..length], path).is_ok())
    };
    if paths.iter().any(is_picture) { DropKind::Image } else { DropKind::Other }
}

/// Random text of this installation, 64 hexadecimal digits.
fn installation(data: &Path) -> Result<String> {
    let path = data.join("installation");
    if let Ok(text) = std::fs::read_to_string(&path)
        && text.len() == 64
    {
        return Ok(text);
    }
    let text: String = rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect();
    write_whole(&path, text.as_bytes())?;
    Ok(text)
}
