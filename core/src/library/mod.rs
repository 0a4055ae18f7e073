//! The one handle that the window and the command line keep: opens everything and hands out the parts.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::runtime::{Builder, Handle, Runtime};

use crate::cache::ThumbnailCache;
use crate::catalog::{Catalog, Rebuilt};
use crate::comic::studio::{PREVIEWS, Source, Studio};
use crate::decoder::Decoders;
use crate::error::{Error, Result};
use crate::indexing::indexer::Indexer;
use crate::inference::Model;
use crate::platform::files::write_whole;
use crate::platform::keychain::{KeyRing, Secret};
use crate::search::Search;
use crate::settings::Settings;
use crate::stores::{Desk, InUse, Stores};
use crate::task::CancelToken;
use crate::types::{ComicPlan, ComicRequest, Effort, IndexStatus, KeyState, PhotoDetail, PhotoId, TaskId};
use crate::vectors::Collection;

mod folders;
mod options;
mod pictures;
mod stores;

pub use crate::indexing::intake::ScanTally;
pub use crate::types::EventSink;
pub use options::{Options, default_data_folder};
pub use pictures::drop_kind;

/// An open library. Field order is drop order: the indexer ends before the catalogue that it writes.
pub struct Library {
    indexer: Mutex<Option<Indexer>>,
    studio: Arc<Studio>,
    search: Search,
    stores: Stores,
    in_use: Arc<InUse>,
    desk: Desk,
    keys: Arc<KeyRing>,
    settings: Mutex<Settings>,
    cache: ThumbnailCache,
    model: Arc<Model>,
    decoders: Decoders,
    catalog: Arc<Catalog>,
    data: PathBuf,
    on_event: EventSink,
    runtime: Runtime,
    notice: Option<String>,
}

impl Library {
    /// Opens or creates a library. Nothing is indexed until [`Self::start_indexing`].
    ///
    /// # Errors
    /// When the data folder cannot be used or the catalogue cannot be opened.
    pub fn open(options: Options) -> Result<Self> {
        let Options { data, resources, decoder, store, on_event } = options;
        std::fs::create_dir_all(&data).map_err(|error| Error::write(&data, error))?;
        let data = data.canonicalize().map_err(|error| Error::read(&data, error))?;
        let (catalog, rebuilt) =
            Catalog::open_or_rebuild(&data.join("catalog.sqlite"), || crate::indexing::indexer::lock(&data))?;
        let catalog = Arc::new(catalog);
        let model = Arc::new(Model::bundled(resources));
        let collection = Collection { model: model.id(), dimension: model.dimension() };
        let settings = Settings::read(&data);
        let stores = Stores {
            installation: installation(&data)?,
            data: data.clone(),
            collection,
            keys: Stores::keys_from_environment(),
        };
        let in_use = Arc::new(stores::open(&stores, store, &settings, &catalog)?);
        let keys = Arc::new(KeyRing::from_environment());
        let decoders = Decoders::new(decoder);
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
            stores.installation.clone(),
            decoders.clone(),
            Arc::clone(&on_event),
        );
        Ok(Self {
            indexer: Mutex::new(None),
            studio: Arc::new(studio),
            search: Search::new(
                Arc::clone(&catalog),
                Arc::clone(&model),
                Arc::clone(&in_use),
                decoders.clone(),
            ),
            stores,
            in_use,
            desk: Desk::default(),
            keys,
            settings: Mutex::new(settings),
            cache: ThumbnailCache::new(&data),
            model,
            decoders,
            catalog,
            data,
            on_event,
            runtime,
            notice: rebuilt.map(|rebuilt| rebuilt_notice(&rebuilt)),
        })
    }

    /// Starts the threads that index. With `watch` all folders are walked now and their changes followed, with the
    /// effort of the settings, and not while the person paused it. Without, somebody waits for it: it takes all cores.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process indexes this library.
    pub fn start_indexing(&self, watch: bool) -> Result<()> {
        let mut slot = self.indexer();
        if slot.is_none() {
            let (catalog, model) = (Arc::clone(&self.catalog), Arc::clone(&self.model));
            let (decoders, on_event) = (self.decoders.clone(), Arc::clone(&self.on_event));
            let effort = if watch { self.settings().effort } else { Effort::Full };
            let indexer = Indexer::start(catalog, model, decoders, &self.data, effort, on_event)?;
            if watch {
                if self.catalog.is_paused()? {
                    indexer.stop();
                }
                indexer.watch()?;
            }
            *slot = Some(indexer);
        }
        let in_use = Arc::clone(&self.in_use);
        self.runtime.spawn(async move { in_use.keep_up().await });
        Ok(())
    }

    /// How far the indexing is.
    pub fn index_status(&self) -> IndexStatus {
        self.indexer().as_ref().map(Indexer::status).unwrap_or_default()
    }

    /// Stops indexing until [`Self::resume_indexing`], over restarts too.
    pub fn pause_indexing(&self) -> Result<()> {
        if let Some(indexer) = self.indexer().as_ref() {
            indexer.stop();
        }
        self.catalog.set_paused(true)
    }

    /// Goes on with what is left.
    pub fn resume_indexing(&self) -> Result<()> {
        // Goes on also where a full disk lets nothing be written, to see whether it still is.
        if self.catalog.is_paused()? {
            self.catalog.set_paused(false)?;
        }
        self.indexer().as_ref().map_or(Ok(()), Indexer::resume)
    }

    /// Follows changes from now on and walks all folders, where [`Self::start_indexing`] did not.
    pub fn watch(&self) -> Result<()> {
        self.indexer().as_ref().map_or(Ok(()), Indexer::watch)
    }

    /// Looks again at files with a problem: all of them, or those of `paths`. Others are left alone.
    pub fn retry_problems(&self, paths: Option<&[PathBuf]>) -> Result<()> {
        let forgotten = self.catalog.forget_problems(paths)?;
        match (self.indexer().as_ref(), paths) {
            (None, _) => {}
            (Some(indexer), None) => indexer.rescan_all()?,
            (Some(indexer), Some(_)) => indexer.rescan(forgotten),
        }
        Ok(())
    }

    /// Waits until nothing is left to index, or `cancel`.
    pub fn wait_until_indexed(&self, cancel: &CancelToken) {
        if let Some(indexer) = self.indexer().as_ref() {
            indexer.wait_idle(cancel);
        }
    }

    /// What all looks since the start found, and how many photos were finished.
    pub fn index_tally(&self) -> (ScanTally, u64) {
        self.indexer().as_ref().map(Indexer::tally).unwrap_or_default()
    }

    /// Tells which photos are on screen: they come first.
    pub fn set_visible(&self, photos: &[PhotoId]) -> Result<()> {
        self.indexer().as_ref().map_or(Ok(()), |indexer| indexer.prioritise(photos))
    }

    /// Everything about one photo.
    pub fn photo(&self, id: PhotoId) -> Result<PhotoDetail> {
        self.catalog.photo(id, &self.model.id())
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

    /// Decodes pictures, out of this process.
    pub fn decoders(&self) -> &Decoders {
        &self.decoders
    }

    /// The truth.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// What the person should know about how the library was opened.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
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

    /// Keeps what the person chose, but for the store: only [`Self::move_store`] changes that.
    ///
    /// # Errors
    /// When something in it cannot be used, or the file cannot be written.
    pub fn save_settings(&self, settings: Settings) -> Result<()> {
        self.keep_settings(Settings { store: self.settings().store, ..settings })
    }

    fn keep_settings(&self, settings: Settings) -> Result<()> {
        settings.check()?;
        settings.write(&self.data)?;
        if settings.effort != self.settings().effort
            && let Some(indexer) = self.indexer().as_ref()
        {
            indexer.set_effort(settings.effort);
        }
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
        Ok(crate::comic::providers::openai::Client::new(&self.settings().base_url, None)?.host())
    }

    /// Ends all threads that index, has work on a store end, and lets go of the model. What is under way is finished first, some tens of
    /// milliseconds; what is left is done after the next start.
    pub fn close(&self) {
        *self.indexer() = None;
        self.desk.cancel();
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

fn rebuilt_notice(rebuilt: &Rebuilt) -> String {
    format!(
        "The catalogue was damaged and is kept as {}. A new one is being made of your photos; {} of them need not be \
         analysed again.",
        rebuilt.aside.display(),
        rebuilt.vectors
    )
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
