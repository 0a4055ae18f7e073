//! The store in use, and what answers where it does not.

use std::collections::HashSet;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use tokio::sync::Notify;

use crate::error::{Error, Result, StoreFault};
use crate::stores::sync::Sync;
use crate::types::{NoticeCode, Reason};
use crate::vectors::{Filter, Hit, StoreUri};

/// Between two looks whether there is something new for a store on a server.
const KEEP_UP: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// The start is over by then.
const BEFORE_CHECK: Duration = Duration::from_secs(60);
/// Between 8 MB of the file: at most 80 MB a second, so that others have the disk.
const CHECK_PAUSE: Duration = Duration::from_millis(100);

/// The store in use, and the embedded one, which is kept in step and answers when the other does not.
pub struct ActiveStore {
    embedded: Arc<Sync>,
    chosen: RwLock<Option<Chosen>>,
    /// Another store was chosen, or there is hope for this one.
    changed: Notify,
}

/// A store beside the embedded one: its address, and who fills it.
type Chosen = (StoreUri, Arc<Sync>);

/// Hits, and what the person should know about where they are from.
pub struct StoreHits {
    /// Best first.
    pub hits: Vec<Hit>,
    /// The chosen store is away, and what to do.
    pub notice: Option<Reason>,
}

/// A search does not wait longer for a store on a server.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(5);

impl ActiveStore {
    pub(crate) fn new(embedded: Arc<Sync>, chosen: Option<Chosen>) -> Self {
        Self { embedded, chosen: RwLock::new(chosen), changed: Notify::new() }
    }

    /// The store that is always there.
    pub(crate) fn embedded(&self) -> &Arc<Sync> {
        &self.embedded
    }

    /// The address of the store in use, and who fills it.
    pub(crate) fn current(&self) -> (StoreUri, Arc<Sync>) {
        self.chosen().unwrap_or_else(|| (StoreUri::Embedded, Arc::clone(&self.embedded)))
    }

    /// From now on this one answers; `None`: the embedded one alone. Searches that have begun end where they are.
    pub(crate) fn choose(&self, chosen: Option<Chosen>) {
        *self.chosen.write().expect("no thread panics while it holds the store") = chosen;
        self.try_again();
    }

    /// Does not wait any longer to try a store again that was away.
    pub(crate) fn try_again(&self) {
        self.changed.notify_one();
    }

    fn chosen(&self) -> Option<Chosen> {
        self.chosen.read().expect("no thread panics while it holds the store").clone()
    }

    /// The most alike rows, from the chosen store or, when that does not answer, from the embedded one.
    pub(crate) async fn search(&self, query: &[f32], limit: usize, filter: &Filter) -> Result<StoreHits> {
        let mut notice = None;
        if let Some((uri, chosen)) = self.chosen() {
            let answer = tokio::time::timeout(SEARCH_TIMEOUT, search(&chosen, query, limit, filter)).await;
            let answer = answer.unwrap_or_else(|_| Err(slow(&uri)));
            match answer.and_then(|(hits, is_new)| Ok((plausible(hits, &uri)?, is_new))) {
                Ok((hits, true)) => return Ok(StoreHits { hits, notice: None }),
                // It is being filled: the embedded one has more.
                Ok((_, false)) => {}
                Err(Error::Store(fault)) => {
                    tracing::warn!(%fault, "the embedded store answers");
                    chosen.doubt();
                    notice = Some(fault.reason().within(NoticeCode::AnsweredHere));
                }
                Err(error) => return Err(error),
            }
        }
        let (hits, _) = search(&self.embedded, query, limit, filter).await?;
        Ok(StoreHits { hits, notice })
    }

    /// Brings a chosen store up to date.
    ///
    /// # Errors
    /// [`Error::Store`] when it is away.
    pub(crate) async fn sync_chosen(&self) -> Result<()> {
        match self.chosen() {
            Some((_, chosen)) => chosen.run().await,
            None => Ok(()),
        }
    }

    /// Fills the stores, so that the first search need not, and keeps them well.
    pub(crate) async fn keep_up(&self) {
        if let Err(error) = self.embedded.run().await {
            tracing::error!(%error, "filling the store");
        }
        tokio::join!(self.repair_embedded(), self.keep_chosen_up());
    }

    /// Looks through the embedded store once, in the background.
    async fn repair_embedded(&self) {
        tokio::time::sleep(BEFORE_CHECK).await;
        if let Err(error) = self.embedded.repair(CHECK_PAUSE).await {
            tracing::error!(%error, "checking the store");
        }
    }

    /// Keeps a chosen store up to date: others may read it. One that is away is tried again after longer and longer
    /// pauses.
    async fn keep_chosen_up(&self) {
        let mut pause = KEEP_UP;
        loop {
            let look = async {
                let Some((_, chosen)) = self.chosen() else { return std::future::pending().await };
                match chosen.run().await {
                    Ok(()) => pause = KEEP_UP,
                    Err(error) => {
                        pause = (2 * pause).min(LONGEST_PAUSE);
                        tracing::warn!(%error, "the store is tried again in {} s", pause.as_secs());
                    }
                }
                tokio::time::sleep(pause).await;
            };
            tokio::select! {
                () = look => {}
                () = self.changed.notified() => pause = KEEP_UP,
            }
        }
    }
}

/// The hits, and whether the store is up to date.
async fn search(sync: &Sync, query: &[f32], limit: usize, filter: &Filter) -> Result<(Vec<Hit>, bool)> {
    let is_new = sync.run_soon().await?;
    Ok((sync.store().search(query, limit, filter, false).await?, is_new))
}

/// The hits, if they can be right.
fn plausible(hits: Vec<Hit>, uri: &StoreUri) -> Result<Vec<Hit>> {
    let mut seen = HashSet::new();
    match hits.iter().all(|hit| hit.score.is_finite() && seen.insert(hit.photo)) {
        true => Ok(hits),
        false => Err(StoreFault::Untrue(uri.to_string()).into()),
    }
}

fn slow(uri: &StoreUri) -> Error {
    StoreFault::Slow { store: uri.to_string(), seconds: SEARCH_TIMEOUT.as_secs() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::PhotoId;

    #[test]
    fn hits_that_cannot_be_right_are_a_fault_of_the_store() {
        let uri: StoreUri = "qdrant+http://127.0.0.1:1".parse().unwrap();
        let told = |hits: &[(i64, f32)]| {
            let hit =
                |(photo, score): &(i64, f32)| Hit { photo: PhotoId(*photo), region: None, score: *score };
            plausible(hits.iter().map(hit).collect(), &uri)
                .map(|hits| hits.len())
                .map_err(|error| error.code())
        };
        assert_eq!(told(&[(1, 0.9), (2, 0.9)]), Ok(2));
        assert!(told(&[(1, 0.9), (1, 0.8)]).is_err(), "one photo twice");
        assert!(told(&[(1, f32::NAN)]).is_err());
        assert!(told(&[(1, f32::INFINITY)]).is_err());
    }
}
