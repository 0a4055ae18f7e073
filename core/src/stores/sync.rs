//! Keeps a vector store in step with the catalogue, by revision. One way for new, changed and vanished photos alike,
//! and for filling the store at start.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;

use crate::catalog::Catalog;
use crate::error::Result;
use crate::types::{PointId, PointKind};
use crate::vectors::{Collection, Point, VectorStore};

/// Rows per call of the store.
const PAGE: usize = 1000;
/// A search waits so long for a fill that another began, then answers from what is there.
const PATIENCE: Duration = Duration::from_secs(2);
/// Vectors that are compared with the catalogue's at start.
const SAMPLE: usize = 100;
/// Least cosine of a vector and what a store made of it.
const SAME: f32 = 0.999;

/// Keeps a store in step with the catalogue.
pub struct Sync {
    catalog: Arc<Catalog>,
    store: Arc<dyn VectorStore>,
    collection: Collection,
    /// The revision that the store has reached, once it was asked. Held while it moves on, so that two callers do
    /// not cross.
    reached: Mutex<Option<i64>>,
    /// The store failed: it may have lost what it held.
    is_in_doubt: AtomicBool,
    /// Rows that were sent to the store.
    filled: AtomicUsize,
    /// Rows that the store still lacks; [`usize::MAX`] where that was not counted yet.
    left: AtomicUsize,
}

impl Sync {
    /// A sync with a store that was filled from this catalogue, or is empty.
    pub fn new(catalog: Arc<Catalog>, store: Arc<dyn VectorStore>, collection: Collection) -> Self {
        Self {
            catalog,
            store,
            collection,
            reached: Mutex::new(None),
            is_in_doubt: AtomicBool::new(false),
            filled: AtomicUsize::new(0),
            left: AtomicUsize::new(usize::MAX),
        }
    }

    /// The store. Call [`Self::run`] first for the newest answers.
    pub fn store(&self) -> &dyn VectorStore {
        self.store.as_ref()
    }

    /// How many rows were sent to the store since this was made.
    pub fn filled(&self) -> usize {
        self.filled.load(Ordering::Relaxed)
    }

    /// How many rows the store still lacks; more than there are where that was not counted yet.
    pub fn left(&self) -> usize {
        self.left.load(Ordering::Relaxed)
    }

    /// Has the store compared with the catalogue before it is used again.
    pub fn doubt(&self) {
        self.is_in_doubt.store(true, Ordering::Relaxed);
    }

    /// Which vectors of the catalogue the store holds.
    fn series(&self) -> (&str, PointKind) {
        (&self.collection.model, self.collection.kind)
    }

    /// Fills the store anew.
    pub async fn refill(&self) -> Result<()> {
        let mut reached = self.reached.lock().await;
        self.left.store(usize::MAX, Ordering::Relaxed);
        *reached = None;
        self.store.clear().await?;
        *reached = Some(self.advance_from(0).await?);
        Ok(())
    }

    /// Has the store look through what it keeps on the disk, with pauses in between, and fills it anew where that is
    /// damaged. Whether it was.
    pub async fn repair(&self, pause: Duration) -> Result<bool> {
        if self.store.is_intact(pause).await? {
            return Ok(false);
        }
        tracing::warn!("the vectors on the disk are damaged; they are read from the catalogue again");
        self.refill().await?;
        Ok(true)
    }

    /// Brings the store up to the catalogue's newest revision. The first time, and after a failure, a store that does
    /// not hold what the catalogue holds is filled anew.
    pub async fn run(&self) -> Result<()> {
        let mut reached = self.reached.lock().await;
        self.advance(&mut reached).await
    }

    /// The same, but does not wait long for another that is running. Whether the store is up to date; if not, it answers
    /// from what it has.
    pub async fn run_soon(&self) -> Result<bool> {
        match tokio::time::timeout(PATIENCE, self.reached.lock()).await {
            Ok(mut reached) => self.advance(&mut reached).await.map(|()| true),
            Err(_) => {
                tracing::info!("the store is being filled; answers are of what it holds");
                Ok(false)
            }
        }
    }

    async fn advance(&self, reached: &mut Option<i64>) -> Result<()> {
        self.catch_up(reached).await.inspect_err(|_| self.doubt())
    }

    async fn catch_up(&self, reached: &mut Option<i64>) -> Result<()> {
        let is_in_doubt = self.is_in_doubt.swap(false, Ordering::Relaxed);
        // One who is interrupted leaves nothing there.
        if let Some(revision) = reached.take().filter(|_| !is_in_doubt) {
            *reached = Some(self.advance_from(revision).await?);
            return Ok(());
        }
        let mut revision = self.store.revision().await?;
        if revision > self.catalog.newest_revision()? {
            tracing::warn!(
                revision,
                "the store is ahead of the catalogue, so it is of another; it is filled anew"
            );
            self.store.clear().await?;
            revision = 0;
        }
        let mut now = self.advance_from(revision).await?;
        match self.is_true(now).await? {
            Some(true) => {}
            Some(false) => {
                tracing::warn!("the store does not hold what the catalogue holds; it is filled anew");
                self.store.clear().await?;
                now = self.advance_from(0).await?;
            }
            None if is_in_doubt => self.doubt(),
            None => {}
        }
        *reached = Some(now);
        Ok(())
    }

    /// Returns the revision that was reached. Rows to drop go first: then every page leaves a state that
    /// the store may go on from.
    async fn advance_from(&self, reached: i64) -> Result<i64> {
        let newest = self.catalog.newest_revision()?;
        if reached == newest {
            self.left.store(0, Ordering::Relaxed);
            return Ok(newest);
        }
        self.left.store(self.catalog.vectors_between(reached, newest, self.series())?, Ordering::Relaxed);
        self.store.delete(&self.catalog.dropped_since(reached, self.series())?).await?;
        let mut after = (reached, PointId(i64::MAX));
        loop {
            let page = self.catalog.vectors_after(after, newest, self.series(), PAGE)?;
            let Some(last) = page.last() else { break };
            // Others of the last revision may be on the next page.
            let whole = last.revision - 1;
            after = (last.revision, last.id);
            let rows = page.len();
            let points: Vec<_> = page
                .into_iter()
                .map(|row| Point {
                    id: row.id,
                    photo: row.photo,
                    vector: row.vector,
                    path: row.path,
                    folder: row.folder,
                    taken_at: row.taken_at,
                })
                .collect();
            self.store.upsert(&points).await?;
            self.store.progress(whole.max(reached)).await?;
            self.filled.fetch_add(rows, Ordering::Relaxed);
            self.left.fetch_sub(rows.min(self.left()), Ordering::Relaxed);
        }
        self.store.flush(newest).await?;
        Ok(newest)
    }

    /// Whether the store holds as many rows as the catalogue, and vectors picked at random are the same; `revision`
    /// is the one that it has reached. `None`: the catalogue has moved on meanwhile, and nothing is known.
    async fn is_true(&self, revision: i64) -> Result<Option<bool>> {
        let expected = self.catalog.vector_count(self.series())?;
        let sample = self.catalog.vector_sample(self.series(), SAMPLE)?;
        let count = self.store.count().await?;
        let ids: Vec<_> = sample.iter().map(|(id, _)| *id).collect();
        let stored = self.store.get(&ids).await?;
        if self.catalog.newest_revision()? != revision {
            return Ok(None);
        }
        let is_same = |(id, vector): &(PointId, Vec<f32>)| {
            stored.iter().any(|(other, stored)| other == id && cosine(vector, stored) > SAME)
        };
        Ok(Some(count == expected && sample.iter().all(is_same)))
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}
