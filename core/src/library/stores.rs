//! What the person does with vector stores.

use std::sync::Arc;
use std::thread::Builder;
use std::time::Duration;

use super::open::Library;
use crate::error::{Error, Result};
use crate::platform::keychain::Secret;
use crate::stores::sync::Sync;
use crate::stores::{Progress, state, verify};
use crate::task::CancelToken;
use crate::types::{
    Event, KeyState, ReasonCode, StoreCode, StoreJob, StoreState, StoreWork, TaskId, Verification,
};
use crate::vectors::StoreUri;

/// Between two reports of how far a fill is, and looks whether it is cancelled.
const TICK: Duration = Duration::from_millis(200);

/// A store whose library changes while it is verified is looked at so often.
const ATTEMPTS: u32 = 3;

impl Library {
    /// Brings a store on a server up to date with what was indexed. The embedded one needs no call.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away; the next search or start brings it up to date.
    pub fn update_store(&self) -> Result<()> {
        self.runtime.block_on(self.engine().active.sync_chosen())
    }

    /// The store in use, which is not asked.
    pub fn store_in_use(&self) -> StoreUri {
        self.engine().active.current().0
    }

    /// How the store in use is.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away or not of this library.
    pub fn store_state(&self) -> Result<StoreState> {
        self.test_store(&self.store_in_use())
    }

    /// How any store is. It is only asked: one that has no collection of this library holds no rows.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away or holds a collection that is not of this library.
    pub fn test_store(&self, uri: &StoreUri) -> Result<StoreState> {
        let sync = self.sync_of(uri)?;
        self.runtime.block_on(async {
            let expected = self.catalog.counts(&self.engine().model.id())?.embedded as usize;
            state(uri, sync.store(), &self.engine().stores, expected).await
        })
    }

    /// Brings the store in use up to date, then compares it with the exact results. One that has no rows stays as it is.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away or not of this library; [`Error::Cancelled`].
    pub fn verify_store(&self, progress: impl Fn(Progress), cancel: &CancelToken) -> Result<Verification> {
        let (uri, sync) = self.engine().active.current();
        self.runtime.block_on(async {
            // Only asked: one that has no rows of this library is not filled.
            if uri != StoreUri::Embedded && sync.store().count().await? == 0 {
                progress(Progress::Verifying);
                let newest = self.catalog.newest_revision()?;
                return verify(&self.catalog, &self.engine().model.id(), sync.store(), newest, cancel).await;
            }
            self.verified(&sync, progress, cancel).await
        })
    }

    /// Fills the store in use anew, then compares it with the exact results.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away or not of this library; [`Error::Cancelled`].
    pub fn rebuild_store(&self, progress: impl Fn(Progress), cancel: &CancelToken) -> Result<Verification> {
        let (_, sync) = self.engine().active.current();
        self.runtime.block_on(async {
            self.with_progress(&sync, sync.refill(), &progress, cancel).await?;
            self.verified(&sync, progress, cancel).await
        })
    }

    /// Fills another store, compares it with the exact results, and takes it into use, for later runs too. One that
    /// was cut off goes on where it was. Until it is whole, and when it fails, the old one stays in use.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away or not of this library; [`Error::Invalid`] when it does not give the right
    /// answers; [`Error::Cancelled`].
    pub fn move_store(
        &self,
        uri: &StoreUri,
        progress: impl Fn(Progress),
        cancel: &CancelToken,
    ) -> Result<Verification> {
        let target = self.sync_of(uri)?;
        let verification = self.runtime.block_on(async {
            self.with_progress(&target, target.run(), &progress, cancel).await?;
            self.verified(&target, progress, cancel).await
        })?;
        if !verification.ok {
            return Err(Error::Invalid(
                StoreCode::StoreUnfit
                    .with("store", uri.to_string())
                    .with("rows", verification.rows)
                    .with("expected", verification.expected)
                    .with("recall", format!("{:.3}", verification.recall))
                    .with("score_error", format!("{:.4}", verification.score_error)),
            ));
        }
        self.change_settings(|settings| settings.store = uri.to_string())?;
        self.engine().active.choose((*uri != StoreUri::Embedded).then(|| (uri.clone(), target)));
        Ok(verification)
    }

    /// Does a job in the background; how far it is comes as events.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a bad address, or while another job is under way.
    pub fn start_store_work(self: &Arc<Self>, job: StoreJob) -> Result<TaskId> {
        if let StoreJob::Move { to } = &job {
            to.parse::<StoreUri>()?;
        }
        let (work, cancel) = self.jobs.begin(job.clone(), self.store_in_use().to_string())?;
        let task = work.task;
        self.notify_store(work);
        let library = Arc::clone(self);
        let run = move || {
            let progress = |progress| library.notify_store(library.jobs.note(progress));
            let ended = match &job {
                StoreJob::Verify => library.verify_store(progress, &cancel),
                StoreJob::Rebuild => library.rebuild_store(progress, &cancel),
                StoreJob::Move { to } => {
                    to.parse().and_then(|uri| library.move_store(&uri, progress, &cancel))
                }
            };
            library.notify_store(library.jobs.end(ended));
        };
        Builder::new().name("store".into()).spawn(run).expect("the system can start threads");
        Ok(task)
    }

    /// The work on a store that is under way, or the last one of this run.
    pub fn store_work(&self) -> Option<StoreWork> {
        self.jobs.work()
    }

    /// Asks the work on a store to stop.
    pub fn cancel_store_work(&self) {
        self.jobs.cancel();
    }

    /// Whether there is a token for a store, and where.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a store that has none.
    pub fn store_token_state(&self, uri: &StoreUri) -> Result<KeyState> {
        Ok(self.runtime.block_on(self.engine_parts.keys.state(host(uri)?)))
    }

    /// Keeps the token of a store on a server: in the keychain if it is to be remembered, else for this run.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a store that has none, [`Error::Keychain`] where there is no keychain.
    pub fn set_store_token(&self, uri: &StoreUri, token: &str, remember: bool) -> Result<KeyState> {
        let secret = Secret::new(token).ok_or_else(|| Error::Invalid(StoreCode::TokenEmpty.reason()))?;
        self.runtime.block_on(self.engine_parts.keys.set(host(uri)?, secret, remember))?;
        self.engine().active.try_again();
        self.store_token_state(uri)
    }

    /// Forgets the token of a store on a server.
    ///
    /// # Errors
    /// As [`Self::set_store_token`].
    pub fn delete_store_token(&self, uri: &StoreUri) -> Result<KeyState> {
        self.runtime.block_on(self.engine_parts.keys.delete(host(uri)?))?;
        self.store_token_state(uri)
    }

    /// Who fills this store. There is one for the store in use: two would get in each other's way.
    fn sync_of(&self, uri: &StoreUri) -> Result<Arc<Sync>> {
        let engine = self.engine();
        let (current, sync) = engine.active.current();
        if *uri == current {
            return Ok(sync);
        }
        Ok(match engine.stores.open(uri)? {
            Some(store) => {
                Arc::new(Sync::new(Arc::clone(&self.catalog), store, engine.stores.collection.clone()))
            }
            None => Arc::clone(engine.active.embedded()),
        })
    }

    fn notify_store(&self, work: StoreWork) {
        (self.on_event)(Event::Store { work });
    }

    async fn verified(
        &self,
        sync: &Sync,
        progress: impl Fn(Progress),
        cancel: &CancelToken,
    ) -> Result<Verification> {
        progress(Progress::Verifying);
        let engine = self.engine();
        let repaired = engine.active.embedded().repair(Duration::ZERO).await?;
        let mut attempts = ATTEMPTS;
        loop {
            sync.run().await?;
            let newest = self.catalog.newest_revision()?;
            let verification =
                verify(&self.catalog, &engine.model.id(), sync.store(), newest, cancel).await?;
            attempts -= 1;
            if verification.ok || attempts == 0 || newest == self.catalog.newest_revision()? {
                return Ok(Verification { repaired, ..verification });
            }
        }
    }

    async fn with_progress(
        &self,
        sync: &Sync,
        work: impl Future<Output = Result<()>>,
        progress: &impl Fn(Progress),
        cancel: &CancelToken,
    ) -> Result<()> {
        let of = self.catalog.counts(&self.engine().model.id())?.embedded as usize;
        let report = || progress(Progress::Filling { sent: of.saturating_sub(sync.left()), of });
        let mut work = std::pin::pin!(work);
        let mut ticks = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                done = &mut work => {
                    done?;
                    report();
                    return Ok(());
                }
                _ = ticks.tick() => {
                    cancel.check()?;
                    report();
                }
            }
        }
    }
}

/// The host that a token belongs to.
fn host(uri: &StoreUri) -> Result<&str> {
    uri.host().ok_or_else(|| Error::Invalid(StoreCode::StoreTokenless.with("store", uri.to_string())))
}
