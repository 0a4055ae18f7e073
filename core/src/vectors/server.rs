//! What the stores on servers share: how they are named, in what pieces rows are sent, and the mark that says how far
//! they are.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::grouping::first_of_each_photo;
use super::{Collection, Hit, Point, PointKind};
use crate::error::{Error, Result, StoreFault};
use crate::platform::address::is_loopback;
use crate::platform::files::write_whole;
use crate::platform::keychain::{KeyRing, Secret, without_keys};

/// Names a host (with its port) to which a token may go in the clear.
const IN_CLEAR: &str = "FOTONOVELA_TOKEN_IN_CLEAR";
/// More of what a server wrote is not told.
const LONGEST_QUOTE: usize = 500;

/// A server is away when it has not answered by then.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// One call: a batch of rows on a busy machine takes seconds.
pub(super) const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Servers take 64 MB in one call, but their clients no more than 4 MiB in one answer.
pub(super) const BATCH_BYTES: usize = 3_000_000;
/// Photos or rows that one call names.
pub(super) const IDS_PER_CALL: usize = 10_000;
/// A hit with its payload, generously.
const HIT_BYTES: usize = 100;

/// Where a collection is, on a server.
#[derive(Clone, Debug)]
pub struct Place {
    /// Name of the collection: letters, digits, underscores.
    pub name: String,
    /// What it holds.
    pub collection: Collection,
    /// Where the token is looked for, and the host that it belongs to; `None`: it needs none.
    pub token: Option<(Arc<KeyRing>, String)>,
    /// A file on this machine that remembers the revision.
    pub mark: PathBuf,
}

impl Place {
    /// What a collection says of itself, so that one that somebody else made is not written to.
    pub(super) fn description(&self) -> String {
        let model = &self.collection.model;
        match self.collection.kind {
            PointKind::Photos => format!("Fotonovela, {model}"),
            PointKind::Regions => format!("Fotonovela, regions, {model}"),
        }
    }

    /// The token for the server at `url`. Most servers of one's own want none, so a missing keychain is not an error.
    ///
    /// # Errors
    /// [`StoreFault::TokenInClear`] where everybody on the way could read it, unless the person named that host.
    pub(super) async fn token(&self, url: &str) -> std::result::Result<Option<Secret>, StoreFault> {
        let Some((keys, host)) = self.token.as_ref() else { return Ok(None) };
        let token = keys.load(host).await.unwrap_or_else(|error| {
            tracing::debug!(host, %error, "asking without a token");
            None
        });
        if token.is_some() && is_overheard(url) && std::env::var(IN_CLEAR).as_deref() != Ok(host.as_str()) {
            return Err(StoreFault::TokenInClear(url.to_owned()));
        }
        Ok(token)
    }

    /// So many vectors fit into one answer.
    pub(super) fn vectors_per_answer(&self) -> usize {
        (BATCH_BYTES / (self.collection.dimension * 4 + 16)).max(1)
    }

    /// So many searches for `limit` rows fit into one call, and their hits into one answer.
    pub(super) fn searches_per_call(&self, limit: usize) -> usize {
        (BATCH_BYTES / (self.collection.dimension * 4 + limit * HIT_BYTES)).max(1)
    }

    /// Fields beside the vector that filters ask for.
    pub(super) fn number_fields(&self) -> &'static [&'static str] {
        match self.collection.kind {
            PointKind::Photos => &["folder", "taken_at"],
            PointKind::Regions => &["photo", "folder", "taken_at"],
        }
    }
}

/// If TLS verification failed, says so in the error. `url` is `http(s)://host:port`.
pub(super) async fn explained(error: Error, url: &str) -> Error {
    match error {
        Error::Store(StoreFault::Away { store, reason }) => {
            match crate::platform::tls::certificate_error(url).await {
                Some(reason) => StoreFault::Certificate { store, reason }.into(),
                None => StoreFault::Away { store, reason }.into(),
            }
        }
        other => other,
    }
}

/// What the gRPC status of a call says of a store. `is_broken`: the client wrote it, since the connection broke.
pub(super) fn status_fault(store: String, code: i32, reason: String, is_broken: bool) -> StoreFault {
    let reason = quoted(&reason);
    match code {
        7 | 16 => StoreFault::Token(store),
        1 | 4 | 14 => StoreFault::Away { store, reason },
        _ if is_broken => StoreFault::Away { store, reason },
        _ => StoreFault::Failed { store, reason },
    }
}

/// What a server wrote: without any key that it may repeat, and not at any length.
pub(super) fn quoted(text: &str) -> String {
    let text = without_keys(text);
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Whether others can read what goes to an address.
fn is_overheard(url: &str) -> bool {
    let url = reqwest::Url::parse(url).ok();
    url.is_none_or(|url| url.scheme() == "http" && !url.host_str().is_some_and(is_loopback))
}

/// The revision that a server's rows have reached. It is kept on this machine: servers have no good place for it, and
/// whoever follows compares rows at start, so that a mark of other rows does no harm.
pub(super) struct RevisionFile {
    path: PathBuf,
    revision: Mutex<i64>,
}

impl RevisionFile {
    pub(super) fn open(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        Self { path: path.to_owned(), revision: Mutex::new(text.trim().parse().unwrap_or(0)) }
    }

    pub(super) fn get(&self) -> i64 {
        *self.revision.lock().expect("no thread panics while it holds a number")
    }

    pub(super) fn set(&self, revision: i64) -> Result<()> {
        let mut held = self.revision.lock().expect("no thread panics while it holds a number");
        if *held != revision {
            write_whole(&self.path, revision.to_string().as_bytes())?;
            *held = revision;
            tracing::debug!(revision, "rows on the server have come so far");
        }
        Ok(())
    }

    /// The revision, where the collection that it belongs to is there; a server without it lost its rows.
    pub(super) fn of_collection(&self, is_there: bool) -> Result<i64> {
        if !is_there {
            self.set(0)?;
        }
        Ok(self.get())
    }

    /// What searches find where there is no collection: nothing, but where rows were sent they were lost there.
    pub(super) fn nothing_found(&self, store: &impl Display, queries: usize) -> Result<Vec<Vec<Hit>>> {
        if self.get() == 0 {
            return Ok(vec![Vec::new(); queries]);
        }
        Err(StoreFault::RowsLost(store.to_string()).into())
    }
}

/// The best of what each query found among the parts of a filter.
pub(super) fn merged(parts: Vec<Vec<Vec<Hit>>>, limit: usize) -> Vec<Vec<Hit>> {
    let merge = |mut all: Vec<Vec<Hit>>, part: Vec<Vec<Hit>>| {
        all.iter_mut().zip(part).for_each(|(all, hits)| all.extend(hits));
        all
    };
    let mut all = parts.into_iter().reduce(merge).unwrap_or_default();
    for hits in &mut all {
        hits.sort_by(Hit::rank);
        *hits = first_of_each_photo(std::mem::take(hits), limit);
    }
    all
}

/// The points in batches of at most [`BATCH_BYTES`]. Of points with the same id the last one stays: servers refuse, or
/// choose as they like.
pub(super) fn batches(points: &[Point]) -> Vec<Vec<&Point>> {
    let mut newest: Vec<&Point> = points.iter().rev().collect();
    newest.sort_by_key(|point| point.id);
    newest.dedup_by_key(|point| point.id);
    let mut batches: Vec<Vec<&Point>> = Vec::new();
    let mut bytes = 0;
    for point in newest {
        let size = point.vector.len() * 4 + point.path.len() + 100;
        match batches.last_mut() {
            Some(batch) if bytes + size <= BATCH_BYTES => batch.push(point),
            _ => {
                batches.push(vec![point]);
                bytes = 0;
            }
        }
        bytes += size;
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{FolderId, PhotoId, PointId};

    fn point(id: i64, first: f32) -> Point {
        let mut vector = vec![0.0; 1280];
        vector[0] = first;
        let (id, photo) = (PointId(id), PhotoId(id));
        Point { id, photo, vector, path: "/p".into(), folder: FolderId(1), taken_at: 0 }
    }

    #[test]
    fn batches_stay_below_the_limit_and_lose_nothing() {
        let points: Vec<_> = (0..2000).map(|id| point(id, 1.0)).collect();
        let batches = batches(&points);
        assert!(batches.len() > 3);
        assert!(batches.iter().all(|batch| batch.len() * 1280 * 4 < BATCH_BYTES));
        assert_eq!(batches.iter().map(Vec::len).sum::<usize>(), 2000);
    }

    #[test]
    fn of_points_with_the_same_id_the_last_one_stays() {
        let points = [point(7, 0.1), point(7, 0.2)];
        let batches = batches(&points);
        assert_eq!(batches.len(), 1);
        assert!(matches!(batches[0][..], [point] if point.vector[0] == 0.2));
    }

    #[test]
    fn a_mark_is_remembered_and_a_damaged_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/mark");
        RevisionFile::open(&path).set(42).unwrap();
        assert_eq!(RevisionFile::open(&path).get(), 42);
        std::fs::write(&path, "4x").unwrap();
        assert_eq!(RevisionFile::open(&path).get(), 0);
    }

    #[test]
    fn a_token_is_overheard_on_the_way_to_another_machine_alone() {
        for url in
            ["http://127.0.0.1:19530", "http://localhost:6334", "http://[::1]:80", "https://q.example:6334"]
        {
            assert!(!is_overheard(url), "{url}");
        }
        for url in ["http://q.example:6334", "http://192.168.1.7:19530", "no address"] {
            assert!(is_overheard(url), "{url}");
        }
    }

    #[test]
    fn what_a_server_writes_is_told_without_keys_and_not_at_any_length() {
        crate::platform::keychain::note_given(&Secret::new("root:Hidden-1").unwrap());
        assert_eq!(quoted("no such key: root:Hidden-1."), "no such key: [key].");
        assert_eq!(quoted(&"ñ".repeat(4_000_000)).chars().count(), LONGEST_QUOTE + 1);
    }
}
