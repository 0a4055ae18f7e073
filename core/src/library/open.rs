//! Opening and closing a library: the one handle that the window and the command line keep.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use crate::cache::ThumbnailCache;
use crate::catalog::{Catalog, Rebuilt};
use crate::comic::studio::Studio;
use crate::decoder::Decoders;
use crate::error::{Error, Result};
use crate::indexing::indexer::Indexer;
use crate::inference::Model;
use crate::platform::files::write_whole;
use crate::platform::keychain::KeyRing;
use crate::search::Search;
use crate::settings::Settings;
use crate::stores::sync::Sync;
use crate::stores::{ActiveStore, StoreJobs, Stores};
use crate::types::{EventSink, NoticeCode, Reason, ReasonCode};
use crate::vectors::embedded::EmbeddedStore;
use crate::vectors::{Collection, StoreUri};

use super::options::Options;

/// An open library. Field order is drop order: the indexer ends before the catalogue that it writes.
pub struct Library {
    pub(super) indexer: Mutex<Option<Indexer>>,
    pub(super) studio: Arc<Studio>,
    pub(super) drawings: Mutex<JoinSet<()>>,
    pub(super) search: Search,
    pub(super) stores: Stores,
    pub(super) active: Arc<ActiveStore>,
    pub(super) jobs: StoreJobs,
    pub(super) keys: Arc<KeyRing>,
    pub(super) settings: Mutex<Settings>,
    pub(super) cache: ThumbnailCache,
    pub(super) model: Arc<Model>,
    pub(super) decoders: Decoders,
    pub(super) catalog: Arc<Catalog>,
    pub(super) data: PathBuf,
    pub(super) on_event: EventSink,
    pub(super) runtime: Runtime,
    pub(super) notice: Option<Reason>,
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
        let collection = Collection::of_photos(model.id(), model.dimension());
        let settings = Settings::read(&data);
        let stores = Stores {
            installation: installation(&data)?,
            data: data.clone(),
            collection,
            keys: Stores::keys_from_environment(),
        };
        let active = Arc::new(open_stores(&stores, store, &settings, &catalog)?);
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
            drawings: Mutex::default(),
            search: Search::new(
                Arc::clone(&catalog),
                Arc::clone(&model),
                Arc::clone(&active),
                decoders.clone(),
            ),
            stores,
            active,
            jobs: StoreJobs::default(),
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

    /// What the person should know about how the library was opened.
    pub fn notice(&self) -> Option<&Reason> {
        self.notice.as_ref()
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Ends all threads that index, has drawings and work on a store end, and lets go of the model. What is under way is
    /// finished first, some tens of milliseconds; what is left is done after the next start.
    pub fn close(&self) {
        self.end_drawings();
        *self.indexer() = None;
        self.jobs.cancel();
        self.search.close();
    }

    pub(super) fn indexer(&self) -> MutexGuard<'_, Option<Indexer>> {
        self.indexer.lock().expect("no thread panics while it holds the indexer")
    }
}

/// Opens the embedded store and the one that was chosen, for this run or in the settings.
fn open_stores(
    stores: &Stores,
    asked: Option<StoreUri>,
    settings: &Settings,
    catalog: &Arc<Catalog>,
) -> Result<ActiveStore> {
    let sync = |store| Arc::new(Sync::new(Arc::clone(catalog), store, stores.collection.clone()));
    let embedded = EmbeddedStore::open(&stores.data.join("vectors"), stores.collection.clone())?;
    let uri = asked.map_or_else(|| settings.store.parse(), Ok)?;
    let chosen = stores.open(&uri)?.map(|store| (uri, sync(store)));
    Ok(ActiveStore::new(sync(Arc::new(embedded)), chosen))
}

fn rebuilt_notice(rebuilt: &Rebuilt) -> Reason {
    NoticeCode::CatalogRebuilt.with("path", rebuilt.aside.as_path()).with("photos", rebuilt.vectors)
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
