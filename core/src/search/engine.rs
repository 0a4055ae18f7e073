//! Which model's vectors answer. While another model is prepared, the complete one does.

use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use crate::catalog::Catalog;
use crate::error::Result;
use crate::inference::{Model, Registry};
use crate::platform::keychain::KeyRing;
use crate::stores::sync::Sync;
use crate::stores::{ActiveStore, Stores};
use crate::types::{Pass, PassStatus};
use crate::vectors::embedded::EmbeddedStore;
use crate::vectors::{Collection, StoreUri};

/// A model, and the stores that hold its vectors.
pub struct Engine {
    /// The model.
    pub model: Arc<Model>,
    /// Where its vectors can be.
    pub stores: Stores,
    /// Where they are.
    pub active: Arc<ActiveStore>,
}

/// What engines of one library share.
pub(crate) struct EngineParts {
    pub(crate) catalog: Arc<Catalog>,
    /// Text that no other library has.
    pub(crate) installation: String,
    /// Tokens of stores.
    pub(crate) keys: Arc<KeyRing>,
}

impl EngineParts {
    /// The engine of a model, with the embedded store and the one at `uri`.
    ///
    /// # Errors
    /// When the embedded store cannot be opened, or this build does not know the other.
    pub(crate) fn open(&self, model: Arc<Model>, data: &Path, uri: &StoreUri) -> Result<Engine> {
        let collection = Collection::of_photos(model.id(), model.dimension());
        self.open_collection(model, collection, data, uri)
    }

    /// The engine of parts of photos. They are kept in the embedded store, whichever holds the photos.
    ///
    /// # Errors
    /// When the embedded store cannot be opened.
    pub(crate) fn open_regions(&self, model: Arc<Model>, data: &Path) -> Result<Engine> {
        let collection = Collection::of_regions(model.id(), model.dimension());
        self.open_collection(model, collection, data, &StoreUri::Embedded)
    }

    fn open_collection(
        &self,
        model: Arc<Model>,
        collection: Collection,
        data: &Path,
        uri: &StoreUri,
    ) -> Result<Engine> {
        let stores = Stores {
            installation: self.installation.clone(),
            data: data.to_owned(),
            collection,
            keys: Arc::clone(&self.keys),
        };
        let sync = |store| Arc::new(Sync::new(Arc::clone(&self.catalog), store, stores.collection.clone()));
        let embedded = EmbeddedStore::open(&data.join("vectors"), stores.collection.clone())?;
        let chosen = stores.open(uri)?.map(|store| (uri.clone(), sync(store)));
        let active = Arc::new(ActiveStore::new(sync(Arc::new(embedded)), chosen));
        Ok(Engine { model, stores, active })
    }
}

/// The engine in use, and the one that takes its place once it is complete.
pub struct Engines {
    current: RwLock<Arc<Engine>>,
    next: Mutex<Option<Arc<Engine>>>,
}

impl Engines {
    pub(crate) fn new(current: Engine, next: Option<Engine>) -> Self {
        Self { current: RwLock::new(Arc::new(current)), next: Mutex::new(next.map(Arc::new)) }
    }

    /// The engine that answers.
    pub fn current(&self) -> Arc<Engine> {
        Arc::clone(&self.current.read().expect("no thread panics while it holds the engine"))
    }

    /// Prepares another engine beside the one in use; `None`: no longer.
    pub(crate) fn prepare(&self, next: Option<Engine>) {
        *self.next.lock().expect("no thread panics while it holds the engine") = next.map(Arc::new);
    }

    /// The models whose vectors are made: the one in use first.
    pub(crate) fn models(&self) -> Vec<Arc<Model>> {
        let next = self.next();
        let engines = [Some(self.current()), next];
        engines.into_iter().flatten().map(|engine| Arc::clone(&engine.model)).collect()
    }

    fn next(&self) -> Option<Arc<Engine>> {
        self.next.lock().expect("no thread panics while it holds the engine").clone()
    }

    /// Takes the next engine into use if its model has seen every photo that the one in use has. Returns it.
    ///
    /// # Errors
    /// When its store cannot be filled; the one in use stays.
    pub(crate) async fn advance(&self, catalog: &Catalog) -> Result<Option<Arc<Engine>>> {
        let Some(next) = self.next() else { return Ok(None) };
        let count = |engine: &Engine| catalog.pass_count(&Pass::Vector(engine.model.id()));
        let (now, then) = (count(&self.current())?, count(&next)?);
        if then.done + then.failed < now.done {
            return Ok(None);
        }
        next.active.embedded().run().await?;
        *self.current.write().expect("no thread panics while it holds the engine") = Arc::clone(&next);
        self.prepare(None);
        tracing::info!(model = next.model.id(), "answers from now on");
        Ok(Some(next))
    }
}

/// Whether a status lets one expect that the next engine is complete.
pub(crate) fn may_advance(passes: &[PassStatus]) -> bool {
    let vectors: Vec<_> = passes.iter().filter(|pass| pass.name.starts_with("photo")).collect();
    matches!(vectors.as_slice(), [now, next] if next.done + next.failed >= now.done)
}

/// Of the model that the person chose and those with vectors, the one that answers, and the one to be prepared.
///
/// # Errors
/// When the catalogue cannot be read.
pub(crate) fn models_of(
    registry: &Registry,
    catalog: &Catalog,
    chosen: Option<&str>,
) -> Result<(Arc<Model>, Option<Arc<Model>>)> {
    let [bundled, light] = registry.bundled();
    let wanted = match chosen.map(|id| registry.model(id)) {
        Some(Ok(model)) => model,
        Some(Err(error)) => {
            tracing::error!(%error, "the bundled model is used");
            Arc::clone(&bundled)
        }
        None => Arc::clone(&bundled),
    };
    let mut candidates = registry.own();
    candidates.extend([bundled, light]);
    candidates.retain(|model| model.id() != wanted.id());
    // Counting takes long in a large library, and mostly there is no choice.
    let known = catalog.models_of_first_photos()?;
    candidates.retain(|model| known.contains(&model.id()));
    if candidates.is_empty() {
        return Ok((wanted, None));
    }
    let count = |model: &Model| catalog.pass_count(&Pass::Vector(model.id())).map(|count| count.done);
    let (mut best, mut most) = (Arc::clone(&wanted), count(&wanted)?);
    for model in candidates {
        let done = count(&model)?;
        if done > most {
            (best, most) = (model, done);
        }
    }
    let next = (best.id() != wanted.id()).then_some(wanted);
    Ok((best, next))
}
