//! How a store is.

use std::time::Instant;

use super::Stores;
use crate::error::Result;
use crate::types::StoreState;
use crate::vectors::{StoreUri, VectorStore};

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
