//! The store inside the app: all vectors compared one by one, exactly, and no index to build. Measured before the
//! first line: up to a million vectors, indexes of graph form were no faster (docs/decisions/0010-embedded-store.md).
//!
//! Rows lie in parts that do not change ([`segment`]): a large one in a mapped file, small ones in memory. A search
//! takes the parts that are there and is never in the way of a change; a change makes new parts and marks rows as dead.
//! When the small ones have grown, a background thread writes all to a new file ([`file`]), whose blocks have checksums
//! ([`sums`]).
//!
//! Reading order: [`layout`], [`segment`], [`part`], [`scan`], [`bits`].

mod bits;
mod file;
mod layout;
mod part;
mod rows;
mod scan;
mod segment;
mod select;
mod simd;
mod sums;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;

use self::part::Part;
use self::rows::Rows;
use self::segment::Segment;
use super::grouping::best_per_photo;
use super::{Collection, Filter, Hit, Point, PointKind, VectorStore};
use crate::error::{Error, Result};
use crate::types::{FaultCode, PointId, ReasonCode};

/// Changes of fewer rows are not worth a new file: the catalogue gives them again within a second.
const WORTH_A_FILE: usize = 1000;
/// While rows come in, a new file is written when the changes are this share of the old one, so that memory stays
/// bounded and a row is written a few times only.
const SHARE_WHILE_FILLING: usize = 4;
/// When all rows are in, so that the next start has little left to read.
const SHARE_WHEN_FILLED: usize = 16;
/// Parts of so many rows are not merged in memory.
const LARGE: usize = 20_000;

/// Bytes that are checked between two pauses.
const CHECKED_AT_ONCE: usize = 128 * sums::BLOCK;

/// See the module.
pub struct EmbeddedStore {
    inner: Arc<EmbeddedInner>,
    /// Who writes the file, or wrote it last.
    writer: Mutex<Option<JoinHandle<()>>>,
}

struct EmbeddedInner {
    collection: Collection,
    path: PathBuf,
    /// Held for as long as it takes to copy the pointer.
    parts: RwLock<Arc<Vec<Part>>>,
    /// Held by who writes the file.
    writing: Mutex<()>,
    /// Held by who changes the parts.
    changing: Mutex<Changing>,
}

#[derive(Default)]
struct Changing {
    revision: i64,
    /// So many of the first parts are being written to a file: they are not merged meanwhile.
    writing: usize,
    /// Writing failed; the next start tries again.
    failed: bool,
    /// Raised by [`VectorStore::clear`]: what is being written is of no use then.
    cleared: u32,
}

impl EmbeddedStore {
    /// Opens the store in `folder`, or begins an empty one.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: &Path, collection: Collection) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| Error::write(folder, error))?;
        let path = folder.join(file_name(&collection));
        let (parts, revision) = match file::open(&path, &collection) {
            Some((segment, revision)) => {
                segment.warm();
                (vec![Part::new(segment)], revision)
            }
            None => (Vec::new(), 0),
        };
        let inner = EmbeddedInner {
            collection,
            path,
            parts: RwLock::new(Arc::new(parts)),
            writing: Mutex::default(),
            changing: Mutex::new(Changing { revision, ..Changing::default() }),
        };
        Ok(Self { inner: Arc::new(inner), writer: Mutex::default() })
    }

    /// Writes all rows to a new file now, so that the next start has nothing left to read.
    ///
    /// # Errors
    /// [`Error::Write`]; the rows stay in memory.
    pub fn compact(&self) -> Result<()> {
        let alone = self.inner.writing.lock().expect("no thread panics while it writes the file");
        self.inner.write_file(&alone)
    }

    /// Writes a new file in the background if the changes have grown to a share of the old one.
    fn write_if_due(&self, share: usize) {
        let mut writer = self.writer();
        if writer.as_ref().is_none_or(JoinHandle::is_finished) && self.inner.is_due(share) {
            let inner = Arc::clone(&self.inner);
            *writer = Some(std::thread::spawn(move || {
                if let Err(error) = inner.write_if_due(share) {
                    tracing::warn!(%error, "the vectors are kept in memory, and read from the catalogue at the next start");
                }
            }));
        }
    }

    fn writer(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.writer.lock().expect("no thread panics while it holds the writer")
    }
}

/// Letters, digits, dots, hyphens and the sign between name and version are fine in file names everywhere.
fn file_name(collection: &Collection) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "@.-".contains(c) { c } else { '_' };
    let model: String = collection.model.chars().map(plain).collect();
    match collection.kind {
        PointKind::Photos => format!("{model}.vectors"),
        PointKind::Regions => format!("{model}.regions.vectors"),
    }
}

impl Drop for EmbeddedStore {
    /// Waits for a file that is being written: short commands would begin it again and again.
    fn drop(&mut self) {
        if let Some(writer) = self.writer().take() {
            let _ = writer.join();
        }
    }
}

#[async_trait]
impl VectorStore for EmbeddedStore {
    async fn upsert(&self, points: &[Point]) -> Result<()> {
        self.inner.upsert(points)
    }

    async fn delete(&self, ids: &[PointId]) -> Result<()> {
        let changing = self.inner.changing();
        self.inner.set_parts(without(&self.inner.parts(), ids, changing.writing));
        Ok(())
    }

    async fn search_many(
        &self,
        queries: &[Vec<f32>],
        limit: usize,
        filter: &Filter,
        exact: bool,
    ) -> Result<Vec<Vec<Hit>>> {
        let collection = &self.inner.collection;
        queries.iter().try_for_each(|query| collection.check(query))?;
        let parts = self.inner.parts();
        let rows = parts.iter().map(Part::count).sum();
        best_per_photo(collection, queries, limit, rows, |queries, limit| {
            let (parts, filter) = (Arc::clone(&parts), filter.clone());
            // It may take tens of milliseconds, and longer where the file must come from the disk.
            let search = move || {
                let search = |query: &Vec<f32>| scan::search(&parts, query, limit, &filter, exact);
                queries.iter().map(search).collect()
            };
            async { Ok(tokio::task::spawn_blocking(search).await.expect("a search does not panic")) }
        })
        .await
    }

    async fn get(&self, ids: &[PointId]) -> Result<Vec<(PointId, Vec<f32>)>> {
        let parts = self.inner.parts();
        let vector = |id: &PointId| {
            let (part, row) = parts.iter().find_map(|part| Some((part, part.find(*id)?)))?;
            let mut vector = vec![0.0; self.inner.collection.dimension];
            part.segment().decode(row, &mut vector);
            Some((*id, vector))
        };
        Ok(ids.iter().filter_map(vector).collect())
    }

    async fn count(&self) -> Result<usize> {
        Ok(self.inner.parts().iter().map(Part::count).sum())
    }

    async fn revision(&self) -> Result<i64> {
        Ok(self.inner.changing().revision)
    }

    async fn progress(&self, revision: i64) -> Result<()> {
        self.inner.changing().revision = revision;
        self.write_if_due(SHARE_WHILE_FILLING);
        Ok(())
    }

    async fn flush(&self, revision: i64) -> Result<()> {
        self.inner.changing().revision = revision;
        self.write_if_due(SHARE_WHEN_FILLED);
        Ok(())
    }

    async fn clear(&self) -> Result<()> {
        let mut changing = self.inner.changing();
        *changing = Changing { cleared: changing.cleared + 1, ..Changing::default() };
        self.inner.set_parts(Vec::new());
        match std::fs::remove_file(&self.inner.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::write(&self.inner.path, error))
            }
            _ => Ok(()),
        }
    }

    async fn is_intact(&self, pause: Duration) -> Result<bool> {
        for part in self.inner.parts().iter() {
            for start in (0..part.segment().summed()).step_by(CHECKED_AT_ONCE) {
                let part = part.clone();
                let check = move || {
                    let bytes = part.segment().summed();
                    part.segment().is_right(start..bytes.min(start + CHECKED_AT_ONCE))
                };
                if !tokio::task::spawn_blocking(check).await.expect("a check does not panic") {
                    return Ok(false);
                }
                tokio::time::sleep(pause).await;
            }
        }
        Ok(true)
    }

    async fn health(&self) -> Result<String> {
        Ok(format!("embedded {}", env!("CARGO_PKG_VERSION")))
    }
}

impl EmbeddedInner {
    fn parts(&self) -> Arc<Vec<Part>> {
        Arc::clone(&self.parts.read().expect("no thread panics while it holds the parts"))
    }

    fn set_parts(&self, parts: Vec<Part>) {
        *self.parts.write().expect("no thread panics while it holds the parts") = Arc::new(parts);
    }

    fn changing(&self) -> MutexGuard<'_, Changing> {
        self.changing.lock().expect("no thread panics while it changes the parts")
    }

    fn upsert(&self, points: &[Point]) -> Result<()> {
        points.iter().try_for_each(|point| self.collection.check(&point.vector))?;
        let mut newest: Vec<&Point> = points.iter().rev().collect();
        // Stable: of rows with the same id, the one that came last stays.
        newest.sort_by_key(|point| point.id);
        newest.dedup_by_key(|point| point.id);
        if newest.is_empty() {
            return Ok(());
        }
        let segment = Segment::of_points(&newest, &self.collection).map_err(out_of_memory)?;
        let ids: Vec<PointId> = newest.iter().map(|point| point.id).collect();
        let changing = self.changing();
        let mut parts = without(&self.parts(), &ids, changing.writing);
        parts.push(Part::new(segment));
        merge_small(&mut parts, changing.writing.max(1))?;
        self.set_parts(parts);
        Ok(())
    }

    /// Rows that are in memory only, and rows of the file that are dead.
    fn is_due(&self, share: usize) -> bool {
        let changing = self.changing();
        let parts = self.parts();
        let in_file = parts.first().filter(|part| part.segment().is_in_file());
        let kept = in_file.map_or(0, |part| part.segment().len());
        let living: usize = parts.iter().map(Part::count).sum();
        let changed = in_file.map_or(living, |part| living - part.count() + part.dead());
        changing.writing == 0 && !changing.failed && changed >= WORTH_A_FILE.max(kept / share)
    }

    /// No-op if compaction is running or just finished.
    fn write_if_due(&self, share: usize) -> Result<()> {
        match self.writing.try_lock() {
            Ok(alone) if self.is_due(share) => self.write_file(&alone),
            _ => Ok(()),
        }
    }

    /// Writes all living rows to a new file, which takes the place of the parts that they came from. Changes go on
    /// meanwhile, after those parts.
    fn write_file(&self, _alone: &MutexGuard<'_, ()>) -> Result<()> {
        let (parts, revision, cleared) = {
            let mut changing = self.changing();
            let parts = self.parts();
            changing.writing = parts.len();
            (parts, changing.revision, changing.cleared)
        };
        let drafted = file::draft(&self.path, &self.collection, revision, &Rows::living(&parts));
        let mut changing = self.changing();
        if changing.cleared != cleared {
            drafted?.into_iter().for_each(file::Draft::discard);
            return Ok(());
        }
        changing.writing = 0;
        changing.failed = drafted.is_err();
        let Some(draft) = drafted? else { return Ok(()) };
        let segment = draft.publish(&self.path)?;
        let now = self.parts();
        let lost = parts.iter().zip(now.iter()).flat_map(|(then, now)| then.lost_in(now));
        let mut all = vec![Part::new(segment).without(lost)];
        all.extend_from_slice(&now[parts.len()..]);
        self.set_parts(all);
        Ok(())
    }
}

/// The parts without these rows. Empty ones go, but for the first `kept`.
fn without(parts: &[Part], ids: &[PointId], kept: usize) -> Vec<Part> {
    let parts = parts.iter().map(|part| part.without(ids.iter().copied()));
    parts
        .enumerate()
        .filter(|(number, part)| *number < kept || part.count() > 0)
        .map(|(_, part)| part)
        .collect()
}

/// Merges the last parts as long as they are of similar size, so that there are few; the first `kept` ones stay.
fn merge_small(parts: &mut Vec<Part>, kept: usize) -> Result<()> {
    let mut start = parts.len();
    let mut rows = 0;
    while start > kept && (start == parts.len() || parts[start - 1].count() <= (2 * rows).min(LARGE)) {
        start -= 1;
        rows += parts[start].count();
    }
    if parts.len() - start > 1 {
        let merged = Rows::living(&parts[start..]).to_segment().map_err(out_of_memory)?;
        parts.truncate(start);
        parts.push(Part::new(merged));
    }
    Ok(())
}

fn out_of_memory(error: std::io::Error) -> Error {
    Error::Invalid(FaultCode::VectorsOutOfMemory.because(error))
}

#[cfg(test)]
mod tests;
