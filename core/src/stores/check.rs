//! How a store is, and whether it gives the right answers.

use std::time::Instant;

use super::Stores;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::task::CancelToken;
use crate::types::{PointKind, StoreState, Verification};
use crate::vectors::{Filter, StoreUri, VectorStore};

/// Searches that are compared when a store is verified.
const SEARCHES: usize = 100;

const HITS: usize = 10;

/// Of the exact answers a store must find this share.
const LEAST_RECALL: f64 = 0.99;

/// Most by which a score may differ from the exact one.
const SCORE_TOLERANCE: f32 = 1e-3;

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

/// Compares a store with the exact answers of the embedded one, over photos picked at random.
pub(crate) async fn verify(
    catalog: &Catalog,
    model: &str,
    store: &dyn VectorStore,
    exact: &dyn VectorStore,
    cancel: &CancelToken,
) -> Result<Verification> {
    let expected = catalog.counts(model)?.embedded as usize;
    let queries = catalog.vector_sample((model, PointKind::Photos), SEARCHES)?;
    let (mut wanted, mut found, mut score_error) = (0, 0, 0.0_f32);
    for (_, query) in &queries {
        cancel.check()?;
        let right = exact.search(query, HITS, &Filter::All, true).await?;
        let got = store.search(query, HITS, &Filter::All, false).await?;
        // Rows that are equally alike may stand for one another.
        let least = right.last().map_or(0.0, |hit| hit.score) - SCORE_TOLERANCE;
        wanted += right.len();
        found += got.iter().filter(|hit| hit.score >= least).count().min(right.len());
        for hit in &right {
            let same = got.iter().find(|other| other.photo == hit.photo);
            score_error = score_error.max(same.map_or(0.0, |other| (hit.score - other.score).abs()));
        }
    }
    let rows = store.count().await?;
    let recall = if wanted == 0 { 1.0 } else { f64::from(found as u32) / f64::from(wanted as u32) };
    let ok = rows == expected && recall >= LEAST_RECALL && score_error <= SCORE_TOLERANCE;
    Ok(Verification { rows, expected, searches: queries.len(), recall, score_error, ok })
}
