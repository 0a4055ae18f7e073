//! Indexing: starting, pausing, how far it is.

use std::sync::Arc;
use std::time::Duration;

use super::open::Library;
use crate::error::Result;
use crate::indexing::indexer::Indexer;
use crate::indexing::intake::ScanTally;
use crate::indexing::passes::Passes;
use crate::search::may_advance;
use crate::task::CancelToken;
use crate::types::{Effort, Event, EventSink, IndexStatus, PhotoId};

/// The start is over by then.
const BEFORE_CHECK: Duration = Duration::from_secs(60);
/// Between two looks whether there are new photos for searches by words.
const BETWEEN_LOOKS: Duration = Duration::from_secs(10);

impl Library {
    /// Starts the threads that index. With `watch` all folders are walked now and their changes followed, with the
    /// effort of the settings, and not while the person paused it. Without, somebody waits for it: it takes all cores.
    ///
    /// # Errors
    /// [`Error::Locked`](crate::error::Error::Locked) when another process indexes this library.
    pub fn start_indexing(&self, watch: bool) -> Result<()> {
        self.start_indexing_until(None, watch)
    }

    /// [`Self::start_indexing`] of the passes up to this one; `None`: all.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::error::Error::Invalid) where no pass is called so.
    pub fn start_indexing_until(&self, last_pass: Option<String>, watch: bool) -> Result<()> {
        let mut slot = self.indexer();
        if slot.is_none() {
            let catalog = Arc::clone(&self.catalog);
            let regions = Arc::clone(&self.regions.model);
            let passes = Passes::new(Arc::clone(&catalog), self.engines.models(), regions, last_pass)?;
            let decoders = self.decoders.clone();
            let effort = if watch { self.settings().effort } else { Effort::Full };
            let indexer =
                Indexer::start(catalog, passes, decoders, &self.data, effort, self.indexer_events())?;
            if watch {
                if self.catalog.is_paused()? {
                    indexer.stop();
                }
                indexer.watch()?;
            }
            *slot = Some(indexer);
        }
        self.keep_store_up();
        Ok(())
    }

    /// Starts the indexer again, if it runs: for other passes than before.
    pub(super) fn restart_indexing(&self) -> Result<()> {
        let watched = self.indexer().take().map(|indexer| indexer.is_watching());
        watched.map_or(Ok(()), |watch| self.start_indexing(watch))
    }

    /// Events of the indexer go to the person; the one that ends the preparing of a model takes it into use.
    fn indexer_events(&self) -> EventSink {
        let (on_event, engines) = (Arc::clone(&self.on_event), Arc::clone(&self.engines));
        let (catalog, runtime) = (Arc::clone(&self.catalog), self.runtime.handle().clone());
        Arc::new(move |event| {
            if let Event::Index { status } = &event
                && may_advance(&status.passes)
            {
                let (engines, catalog) = (Arc::clone(&engines), Arc::clone(&catalog));
                runtime.spawn(async move {
                    match engines.advance(&catalog).await {
                        Ok(Some(engine)) => engine.active.keep_up().await,
                        Ok(None) => {}
                        Err(error) => tracing::error!(%error, "the model that was prepared is not used yet"),
                    }
                });
            }
            on_event(event);
        })
    }

    fn keep_store_up(&self) {
        for active in [&self.engine().active, &self.regions.active] {
            let active = Arc::clone(active);
            self.runtime.spawn(async move { active.keep_up().await });
        }
        self.keep_words_up();
        let catalog = Arc::clone(&self.catalog);
        self.runtime.spawn(async move {
            tokio::time::sleep(BEFORE_CHECK).await;
            let checked = tokio::task::spawn_blocking(move || catalog.check_tables()).await;
            if let Ok(Err(error)) = checked {
                tracing::error!(%error, "the catalogue is damaged; the next start mends it");
            }
        });
    }

    /// Looks at photos for searches by words, so that the first search need not.
    fn keep_words_up(&self) {
        let (words, catalog, engines) =
            (self.search.words(), Arc::clone(&self.catalog), Arc::clone(&self.engines));
        self.runtime.spawn(async move {
            loop {
                let (words, catalog, engines) =
                    (Arc::clone(&words), Arc::clone(&catalog), Arc::clone(&engines));
                let advance = move || words.advance(&catalog, &engines.current().model);
                match tokio::task::spawn_blocking(advance).await {
                    Ok(Ok(false)) => {}
                    Ok(Ok(true)) => tokio::time::sleep(BETWEEN_LOOKS).await,
                    Ok(Err(error)) => {
                        tracing::info!(%error, "photos are not searched by words");
                        return;
                    }
                    Err(_) => return,
                }
            }
        });
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
        // Also where a full disk lets nothing be written, to see whether it still is.
        if self.catalog.is_paused()? {
            self.catalog.set_paused(false)?;
        }
        self.indexer().as_ref().map_or(Ok(()), Indexer::resume)
    }

    /// Follows changes from now on and walks all folders, where [`Self::start_indexing`] did not.
    pub fn watch(&self) -> Result<()> {
        self.indexer().as_ref().map_or(Ok(()), Indexer::watch)
    }

    /// Stops a pass until it is let go on, over restarts too. The others go on.
    pub fn set_pass_paused(&self, name: &str, paused: bool) -> Result<()> {
        self.catalog.set_pass_paused(name, paused)?;
        if let Some(indexer) = self.indexer().as_ref() {
            indexer.replan();
        }
        Ok(())
    }

    /// Waits until every photo has its thumbnail and the vector of the model in use, or `cancel`.
    pub fn wait_until_searchable(&self, cancel: &CancelToken) {
        if let Some(indexer) = self.indexer().as_ref() {
            indexer.wait_first(cancel);
        }
    }

    /// Waits until nothing is left to index, or `cancel`.
    pub fn wait_until_indexed(&self, cancel: &CancelToken) {
        if let Some(indexer) = self.indexer().as_ref() {
            indexer.wait_idle(cancel);
        }
    }

    /// What all scans since the start found, and how many photos were finished.
    pub fn index_tally(&self) -> (ScanTally, u64) {
        self.indexer().as_ref().map(Indexer::tally).unwrap_or_default()
    }

    /// Tells which photos are on screen: they come first.
    pub fn set_visible(&self, photos: &[PhotoId]) -> Result<()> {
        self.indexer().as_ref().map_or(Ok(()), |indexer| indexer.prioritise(photos))
    }
}
