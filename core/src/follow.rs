//! Keeps a vector store in step with the catalogue, by revision. One way for new, changed and vanished photos alike,
//! and for filling the store at start.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::catalog::Catalog;
use crate::error::Result;
use crate::photo::PhotoId;
use crate::vectors::{Point, VectorStore};

/// Rows per call of the store.
const PAGE: usize = 1000;

/// A store that follows the catalogue.
pub struct Follower {
    catalog: Arc<Catalog>,
    store: Arc<dyn VectorStore>,
    model: String,
    /// The revision that the store has reached. Held while it moves on, so that two callers do not cross.
    reached: Mutex<i64>,
}

impl Follower {
    /// A follower of an empty store.
    pub fn new(catalog: Arc<Catalog>, store: Arc<dyn VectorStore>, model: String) -> Self {
        Self { catalog, store, model, reached: Mutex::new(0) }
    }

    /// The store. Call [`Self::follow`] first for the newest answers.
    pub fn store(&self) -> &dyn VectorStore {
        self.store.as_ref()
    }

    /// Brings the store up to the catalogue's newest revision.
    pub async fn follow(&self) -> Result<()> {
        let mut reached = self.reached.lock().await;
        let newest = self.catalog.revision();
        if *reached == newest {
            return Ok(());
        }
        let mut after = PhotoId(0);
        loop {
            let page = self.catalog.vectors_since(*reached, &self.model, after, PAGE)?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            let points: Vec<_> = page.into_iter().map(|(id, vector)| Point { id, vector }).collect();
            self.store.upsert(&points).await?;
        }
        self.store.delete(&self.catalog.dropped_since(*reached, &self.model)?).await?;
        *reached = newest;
        Ok(())
    }
}
