//! Opening and closing a library: the one handle that the window and the command line keep.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use crate::cache::ThumbnailCache;
use crate::catalog::{Catalog, Mishap};
use crate::comic::studio::Studio;
use crate::decoder::Decoders;
use crate::error::{Error, Result};
use crate::indexing::indexer::Indexer;
use crate::inference::Registry;
use crate::platform::files::{private_folder, write_whole};
use crate::platform::keychain::KeyRing;
use crate::search::{Engine, EngineParts, Engines, Search, Words, models_of};
use crate::settings::Settings;
use crate::stores::{StoreJobs, Stores};
use crate::types::{EventSink, NoticeCode, Reason, ReasonCode};

use super::options::Options;

/// An open library. Field order is drop order: the indexer ends before the catalogue that it writes.
pub struct Library {
    pub(super) indexer: Mutex<Option<Indexer>>,
    pub(super) studio: Arc<Studio>,
    pub(super) drawings: Mutex<JoinSet<()>>,
    pub(super) search: Search,
    pub(super) engines: Arc<Engines>,
    /// Compares parts of photos.
    pub(super) regions: Arc<Engine>,
    pub(super) engine_parts: EngineParts,
    pub(super) registry: Registry,
    pub(super) jobs: StoreJobs,
    pub(super) keys: Arc<KeyRing>,
    pub(super) settings: Mutex<Settings>,
    pub(super) cache: ThumbnailCache,
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
        private_folder(&data)?;
        let data = data.canonicalize().map_err(|error| Error::read(&data, error))?;
        let (catalog, mishap) =
            Catalog::open_or_rebuild(&data.join("catalog.sqlite"), || crate::indexing::indexer::lock(&data))?;
        let notice = mishap.map(|mishap| mishap_notice(&mishap, &data));
        let catalog = Arc::new(catalog);
        let settings = Settings::read(&data);
        let words = Words::new(&resources, &data);
        let registry = Registry::new(resources, &data);
        let engine_parts = EngineParts {
            catalog: Arc::clone(&catalog),
            installation: installation(&data)?,
            keys: Stores::keys_from_environment(),
        };
        let uri = store.map_or_else(|| settings.store.parse(), Ok)?;
        let (current, next) = models_of(&registry, &catalog, settings.model.as_deref())?;
        let engine = |model| engine_parts.open(model, &data, &uri);
        let engines = Arc::new(Engines::new(engine(current)?, next.map(engine).transpose()?));
        let regions = Arc::new(engine_parts.open_regions(registry.regions(), &data)?);
        let keys = Arc::new(KeyRing::from_environment());
        let decoders = Decoders::new(decoder);
        let runtime = runtime();
        let studio = Studio::new(
            Arc::clone(&catalog),
            &data,
            Arc::clone(&keys),
            engine_parts.installation.clone(),
            decoders.clone(),
            Arc::clone(&on_event),
        );
        studio.take_in_notes();
        Ok(Self {
            indexer: Mutex::new(None),
            studio: Arc::new(studio),
            drawings: Mutex::default(),
            search: Search::new(
                Arc::clone(&catalog),
                Arc::clone(&engines),
                Arc::clone(&regions),
                decoders.clone(),
                &data,
                words,
            ),
            engines,
            regions,
            engine_parts,
            registry,
            jobs: StoreJobs::default(),
            keys,
            settings: Mutex::new(settings),
            cache: ThumbnailCache::new(&data),
            decoders,
            catalog,
            data,
            on_event,
            runtime,
            notice,
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

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("async")
        .enable_all()
        .build()
        .expect("the system can start threads")
}

fn mishap_notice(mishap: &Mishap, data: &Path) -> Reason {
    match mishap {
        Mishap::Rebuilt(rebuilt) => {
            let code = match rebuilt.is_whole {
                true => NoticeCode::CatalogRebuilt,
                false => NoticeCode::CatalogRebuiltInPart,
            };
            code.with("path", rebuilt.aside.as_path()).with("photos", rebuilt.vectors)
        }
        Mishap::Lost => NoticeCode::CatalogLost
            .with("path", data.join("catalog.sqlite").as_path())
            .with("comics", data.join("comics").as_path()),
    }
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
