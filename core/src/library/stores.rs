//! What the person does with vector stores.

use std::sync::Arc;

use super::Library;
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::follow::Follower;
use crate::secret::Secret;
use crate::settings::Settings;
use crate::store::{InUse, StoreState, Stores, Verification, state, verify};
use crate::vectors::StoreUri;
use crate::vectors::embedded::EmbeddedStore;

/// Opens the embedded store and the one that was chosen, for this run or in the settings.
pub(super) fn open(
    stores: &Stores,
    asked: Option<StoreUri>,
    settings: &Settings,
    catalog: &Arc<Catalog>,
) -> Result<InUse> {
    let follower =
        |store| Arc::new(Follower::new(Arc::clone(catalog), store, stores.collection.model.clone()));
    let embedded = EmbeddedStore::open(&stores.data.join("vectors"), stores.collection.clone())?;
    let uri = asked.map_or_else(|| settings.store.parse(), Ok)?;
    let chosen = stores.open(&uri)?.map(|store| (uri, follower(store)));
    Ok(InUse::new(follower(Arc::new(embedded)), chosen))
}

impl Library {
    /// Brings a store on a server up to date with what was indexed. The embedded one needs no call.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away; the next search or start brings it up to date.
    pub fn update_store(&self) -> Result<()> {
        self.block_on(self.in_use.follow_chosen())
    }

    /// How the store in use is.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away or not of this library.
    pub fn store_state(&self) -> Result<StoreState> {
        let (uri, follower) = self.in_use.current();
        self.block_on(async {
            let expected = self.catalog.counts(&self.model.id())?.embedded as usize;
            state(&uri, follower.store(), &self.stores, expected).await
        })
    }

    /// Brings the store in use up to date, then compares it with the exact answers.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away or not of this library.
    pub fn verify_store(&self) -> Result<Verification> {
        let (_, follower) = self.in_use.current();
        self.block_on(self.verified(follower))
    }

    /// Fills the store in use anew. `progress` is told the rows that were sent and those there are.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away or not of this library.
    pub fn rebuild_store(&self, progress: impl Fn(usize, usize)) -> Result<Verification> {
        let (_, follower) = self.in_use.current();
        self.block_on(async {
            self.with_progress(follower, follower.refill(), progress).await?;
            self.verified(follower).await
        })
    }

    /// Fills another store, compares it with the exact answers, and takes it into use from the next start on. One that
    /// was cut off goes on where it was. Until it is whole, and when it fails, the old one stays in use.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away or not of this library; [`Error::Invalid`] when it does not give the right
    /// answers.
    pub fn move_store(&self, uri: &StoreUri, progress: impl Fn(usize, usize)) -> Result<Verification> {
        let target = match self.stores.open(uri)? {
            Some(store) => {
                let catalog = Arc::clone(&self.catalog);
                Arc::new(Follower::new(catalog, store, self.model.id()))
            }
            None => Arc::clone(self.in_use.embedded()),
        };
        let verification = self.block_on(async {
            self.with_progress(&target, target.follow(), progress).await?;
            self.verified(&target).await
        })?;
        if !verification.ok {
            return Err(Error::Invalid(format!(
                "{uri} does not give the right answers: {} of {} rows, recall {:.3}, scores off by {:.4}. The store in \
                 use stays. Try `fotonovela --store {uri} store rebuild`",
                verification.rows, verification.expected, verification.recall, verification.score_error
            )));
        }
        self.save_settings(Settings { store: uri.to_string(), ..self.settings() })?;
        Ok(verification)
    }

    /// Keeps the token of a store on a server in the keychain.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a store that has none, [`Error::Keychain`] where there is no keychain.
    pub fn remember_store_token(&self, uri: &StoreUri, token: &str) -> Result<()> {
        let host = uri.host().ok_or_else(|| Error::Invalid(format!("the store {uri} has no token")))?;
        let secret = Secret::new(token).ok_or_else(|| Error::Invalid("the token is empty".into()))?;
        self.block_on(self.stores.keys.set(host, secret, true))
    }

    async fn verified(&self, follower: &Follower) -> Result<Verification> {
        let embedded = self.in_use.embedded();
        embedded.follow().await?;
        // After the other, so that it lacks nothing that came meanwhile.
        follower.follow().await?;
        verify(&self.catalog, &self.model.id(), follower.store(), embedded.store()).await
    }

    async fn with_progress(
        &self,
        follower: &Follower,
        work: impl Future<Output = Result<()>>,
        progress: impl Fn(usize, usize),
    ) -> Result<()> {
        let total = self.catalog.counts(&self.model.id())?.embedded as usize;
        let mut work = std::pin::pin!(work);
        let mut ticks = tokio::time::interval(std::time::Duration::from_millis(100));
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = ticks.tick() => progress(follower.filled(), total),
            }
        }
    }
}
