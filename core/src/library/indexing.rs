//! Indexing: starting, pausing, how far it is.

use std::sync::Arc;

use super::open::Library;
use crate::error::Result;
use crate::indexing::indexer::Indexer;
use crate::indexing::intake::ScanTally;
use crate::task::CancelToken;
use crate::types::{Effort, IndexStatus, PhotoId};

impl Library {
    /// Starts the threads that index. With `watch` all folders are walked now and their changes followed, with the
    /// effort of the settings, and not while the person paused it. Without, somebody waits for it: it takes all cores.
    ///
    /// # Errors
    /// [`Error::Locked`](crate::error::Error::Locked) when another process indexes this library.
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
        let active = Arc::clone(&self.active);
        self.runtime.spawn(async move { active.keep_up().await });
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
