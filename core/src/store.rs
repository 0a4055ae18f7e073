//! Which vector store is in use, how another takes its place, and whether it holds what the catalogue holds.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::follow::Follower;
use crate::secret::{KeyRing, Secret};
use crate::vectors::{Collection, Filter, Hit, StoreFault, StoreUri, VectorStore};

/// The variable that holds the token of a store and goes before the keychain.
pub const TOKEN: &str = "FOTONOVELA_STORE_TOKEN";

/// Searches that are compared when a store is verified.
const SEARCHES: usize = 100;
const HITS: usize = 10;
/// Of the exact answers a store must find this share.
const LEAST_RECALL: f64 = 0.99;
/// Most by which a score may differ from the exact one.
const SCORE_TOLERANCE: f32 = 1e-3;
/// Between two looks whether there is something new for a store on a server.
const KEEP_UP: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Opens stores for one library and model.
#[derive(Clone)]
pub struct Stores {
    /// Text that no other library has.
    pub installation: String,
    /// The data folder.
    pub data: PathBuf,
    /// What is kept of each photo.
    pub collection: Collection,
    /// Tokens by host.
    pub keys: Arc<KeyRing>,
}

impl Stores {
    /// The tokens that are looked for in the environment, then in the keychain.
    pub fn keys_from_environment() -> Arc<KeyRing> {
        Arc::new(KeyRing::new(std::env::var(TOKEN).ok().and_then(Secret::new)))
    }

    /// A store on a server, which is not reached for yet; `None` for the embedded one.
    ///
    /// # Errors
    /// [`StoreFault::NotBuilt`] where this build does not know it.
    pub fn open(&self, uri: &StoreUri) -> Result<Option<Arc<dyn VectorStore>>> {
        match uri {
            StoreUri::Embedded => Ok(None),
            #[cfg(feature = "milvus")]
            StoreUri::Milvus(_) | StoreUri::MilvusLite(_) => {
                use crate::vectors::milvus::{Address, MilvusStore};
                let address = match uri {
                    StoreUri::MilvusLite(folder) => Address::Lite(folder.clone()),
                    other => Address::Server(other.to_string()),
                };
                Ok(Some(Arc::new(MilvusStore::new(address, self.place(uri)))))
            }
            #[cfg(feature = "qdrant")]
            StoreUri::Qdrant(url) => {
                let store = crate::vectors::qdrant::QdrantStore::new(url.clone(), self.place(uri));
                Ok(Some(Arc::new(store)))
            }
            #[cfg(not(all(feature = "milvus", feature = "qdrant")))]
            other => Err(StoreFault::NotBuilt(other.to_string()).into()),
        }
    }

    /// Name of this library's collection: one for each library, model and length of vectors.
    pub fn name(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let model: String = self.collection.model.chars().map(plain).collect();
        format!("fotonovela_{}_{model}_{}", &self.installation[..8], self.collection.dimension)
    }

    #[cfg(any(feature = "milvus", feature = "qdrant"))]
    fn place(&self, uri: &StoreUri) -> crate::vectors::server::Place {
        let address = blake3::hash(uri.to_string().as_bytes()).to_hex();
        crate::vectors::server::Place {
            name: self.name(),
            collection: self.collection.clone(),
            token: uri.host().map(|host| (Arc::clone(&self.keys), host.to_owned())),
            mark: self.data.join("vectors").join(format!("{}-{}.reached", self.name(), &address[..16])),
        }
    }
}

/// The store in use, and the embedded one, which follows along and answers when the other does not.
pub struct InUse {
    embedded: Arc<Follower>,
    chosen: Option<(StoreUri, Arc<Follower>)>,
}

/// Hits, and what the person should know about where they are from.
pub struct Found {
    /// Best first.
    pub hits: Vec<Hit>,
    /// The chosen store is away, and what to do.
    pub notice: Option<String>,
}

/// A search does not wait longer for a store on a server.
const SEARCH_PATIENCE: Duration = Duration::from_secs(5);

impl InUse {
    pub(crate) fn new(embedded: Arc<Follower>, chosen: Option<(StoreUri, Arc<Follower>)>) -> Self {
        Self { embedded, chosen }
    }

    /// The store that is always there.
    pub(crate) fn embedded(&self) -> &Arc<Follower> {
        &self.embedded
    }

    /// Its address, and who fills it.
    pub(crate) fn current(&self) -> (StoreUri, &Arc<Follower>) {
        match &self.chosen {
            Some((uri, follower)) => (uri.clone(), follower),
            None => (StoreUri::Embedded, &self.embedded),
        }
    }

    /// The most alike rows, from the chosen store or, when that does not answer, from the embedded one.
    pub(crate) async fn search(&self, query: &[f32], limit: usize, filter: &Filter) -> Result<Found> {
        let mut notice = None;
        if let Some((uri, chosen)) = &self.chosen {
            let answer = tokio::time::timeout(SEARCH_PATIENCE, search(chosen, query, limit, filter)).await;
            match answer.unwrap_or_else(|_| Err(slow(uri))) {
                Ok((hits, true)) => return Ok(Found { hits, notice: None }),
                // It is being filled: the embedded one has more.
                Ok((_, false)) => {}
                Err(Error::Store(fault)) => {
                    tracing::warn!(%fault, "the embedded store answers");
                    notice = Some(format!("{fault}. The store of this app answered instead"));
                }
                Err(error) => return Err(error),
            }
        }
        let (hits, _) = search(&self.embedded, query, limit, filter).await?;
        Ok(Found { hits, notice })
    }

    /// Brings a chosen store up to date.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away.
    pub(crate) async fn follow_chosen(&self) -> Result<()> {
        match &self.chosen {
            Some((_, chosen)) => chosen.follow().await,
            None => Ok(()),
        }
    }

    /// Fills the stores, so that the first search need not, and keeps a chosen one up to date: others may read it. One
    /// that is away is tried again after longer and longer pauses.
    pub(crate) async fn keep_up(&self) {
        if let Err(error) = self.embedded.follow().await {
            tracing::error!(%error, "filling the store");
        }
        let Some((_, chosen)) = &self.chosen else { return };
        let mut pause = KEEP_UP;
        loop {
            match chosen.follow().await {
                Ok(()) => pause = KEEP_UP,
                Err(error) => {
                    pause = (2 * pause).min(LONGEST_PAUSE);
                    tracing::warn!(%error, "the store is tried again in {} s", pause.as_secs());
                }
            }
            tokio::time::sleep(pause).await;
        }
    }
}

/// The hits, and whether the store is up to date.
async fn search(
    follower: &Follower,
    query: &[f32],
    limit: usize,
    filter: &Filter,
) -> Result<(Vec<Hit>, bool)> {
    let is_new = follower.follow_soon().await?;
    Ok((follower.store().search(query, limit, filter, false).await?, is_new))
}

fn slow(uri: &StoreUri) -> Error {
    let reason = format!("no answer within {} seconds", SEARCH_PATIENCE.as_secs());
    StoreFault::Away { store: uri.to_string(), reason }.into()
}

/// How a store is.
#[derive(Clone, Debug, Serialize)]
pub struct StoreState {
    /// Its address.
    pub store: String,
    /// Kind and version, as it says.
    pub version: String,
    /// Time of one short call.
    pub latency_ms: f64,
    /// Rows that it holds.
    pub rows: usize,
    /// Rows that the catalogue wants there.
    pub expected: usize,
    /// Name of the collection on a server.
    pub collection: Option<String>,
}

/// Asks a store how it is.
pub(crate) async fn state(
    uri: &StoreUri,
    store: &dyn VectorStore,
    stores: &Stores,
    expected: usize,
) -> Result<StoreState> {
    // The first call connects.
    store.health().await?;
    let asked = Instant::now();
    let version = store.health().await?;
    Ok(StoreState {
        store: uri.to_string(),
        version,
        latency_ms: asked.elapsed().as_secs_f64() * 1000.0,
        rows: store.count().await?,
        expected,
        collection: (*uri != StoreUri::Embedded).then(|| stores.name()),
    })
}

/// What a comparison of a store with the exact answers found.
#[derive(Clone, Debug, Serialize)]
pub struct Verification {
    /// Rows that it holds, and that the catalogue wants there.
    pub rows: usize,
    /// See `rows`.
    pub expected: usize,
    /// Searches that were compared.
    pub searches: usize,
    /// Share of the exact answers that it found.
    pub recall: f64,
    /// Most by which a score differs from the exact one.
    pub score_error: f32,
    /// Whether all is well.
    pub ok: bool,
}

/// Compares a store with the exact answers of the embedded one, over photos picked at random.
pub(crate) async fn verify(
    catalog: &Catalog,
    model: &str,
    store: &dyn VectorStore,
    exact: &dyn VectorStore,
) -> Result<Verification> {
    let expected = catalog.counts(model)?.embedded as usize;
    let queries = catalog.vector_sample(model, SEARCHES)?;
    let (mut wanted, mut found, mut score_error) = (0, 0, 0.0_f32);
    for (_, query) in &queries {
        let right = exact.search(query, HITS, &Filter::All, true).await?;
        let got = store.search(query, HITS, &Filter::All, false).await?;
        // Rows that are equally alike may stand for one another.
        let least = right.last().map_or(0.0, |hit| hit.score) - SCORE_TOLERANCE;
        wanted += right.len();
        found += got.iter().filter(|hit| hit.score >= least).count().min(right.len());
        for hit in &right {
            let same = got.iter().find(|other| other.id == hit.id);
            score_error = score_error.max(same.map_or(0.0, |other| (hit.score - other.score).abs()));
        }
    }
    let rows = store.count().await?;
    let recall = if wanted == 0 { 1.0 } else { f64::from(found as u32) / f64::from(wanted as u32) };
    let ok = rows == expected && recall >= LEAST_RECALL && score_error <= SCORE_TOLERANCE;
    Ok(Verification { rows, expected, searches: queries.len(), recall, score_error, ok })
}
