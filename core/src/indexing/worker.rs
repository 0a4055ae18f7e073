//! What one worker does to one file: read, hash, have it decoded once, keep the thumbnail, embed. Joins image, decoder,
//! embed and the caches.
//!
//! In three steps, so that the decoder has the next file while this one is embedded: [`Worker::read`], [`Worker::send`]
//! and [`Worker::receive`], [`Worker::complete`].

use std::collections::HashMap;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cache::ThumbnailCache;
use crate::catalog::{Catalog, Outcome, Stage, WorkItem};
use crate::decoder::{DecodeOrder, DecodeOutput, Decoder, Encoding, Job};
use crate::error::{DecodeError, Error, Harm, Result};
use crate::image::thumbnail;
use crate::indexing::intake::describe;
use crate::indexing::passes::Passes;
use crate::indexing::regions;
use crate::inference::Embedder;
use crate::platform::reading::{MAX_FILE_BYTES, read_bounded};
use crate::scan::Stat;
use crate::types::{ContentHash, FileCode, Pass, Reason, ReasonCode};

/// Why a file was not finished.
pub(crate) enum Stop {
    /// It is not what it was; the watcher or the next scan finds out.
    Later,
    /// Nothing can be finished now.
    Trouble(Error),
}

/// Whether a path leads to nothing or to another thing than what was found.
fn is_other(kind: ErrorKind) -> bool {
    use ErrorKind::{FileTooLarge, InvalidInput, IsADirectory, NotADirectory, NotFound};
    matches!(kind, NotFound | NotADirectory | IsADirectory | InvalidInput | FileTooLarge)
}

/// What was read of a file.
pub(crate) enum ReadOutcome {
    /// There is nothing to read.
    Done(Outcome),
    /// It lacks something.
    ToDecode(DecodeTask),
}

/// A file that is being decoded.
pub(crate) struct DecodeTask {
    pub(crate) item: WorkItem,
    pub(crate) stage: Arc<Stage>,
    bytes: Vec<u8>,
    content: ContentHash,
    order: DecodeOrder,
}

impl DecodeTask {
    fn job(&self) -> Job<'_> {
        Job::of(&self.item.path, &self.bytes, self.order)
    }
}

/// What one thread works with.
pub(crate) struct Worker {
    catalog: Arc<Catalog>,
    cache: ThumbnailCache,
    passes: Arc<Passes>,
    /// Whether files that seem to be half-written are rescanned.
    rescans_young: Arc<AtomicBool>,
    decoder: Decoder,
    /// By model.
    embedders: HashMap<String, Embedder>,
}

impl Worker {
    pub(crate) fn new(
        catalog: Arc<Catalog>,
        cache: ThumbnailCache,
        passes: Arc<Passes>,
        rescans_young: Arc<AtomicBool>,
        decoder: Decoder,
    ) -> Self {
        Self { catalog, cache, passes, rescans_young, decoder, embedders: HashMap::new() }
    }

    /// Reads a file and finds out what it lacks of a stage.
    pub(crate) fn read(
        &mut self,
        item: &WorkItem,
        stage: &Arc<Stage>,
    ) -> std::result::Result<ReadOutcome, Stop> {
        if item.size > MAX_FILE_BYTES {
            let limit = MAX_FILE_BYTES >> 20;
            return Ok(problem(FileCode::FileTooLarge.with("megabytes", limit)));
        }
        let bytes = match read_bounded(&item.path) {
            Ok(bytes) => bytes,
            // The watcher or the next scan sees what is there now.
            Err(error) if is_other(error.kind()) => return Err(Stop::Later),
            Err(error) => return Ok(problem(FileCode::Unreadable.because(error))),
        };
        let seen = Stat { size: item.size, modified: item.modified };
        if Stat::read(&item.path) != Some(seen) {
            return Err(Stop::Later);
        }
        let content = ContentHash::of(&bytes);
        match guarded(|| self.order(content, stage)) {
            Ok(order) => Ok(ReadOutcome::ToDecode(DecodeTask {
                item: item.clone(),
                stage: Arc::clone(stage),
                bytes,
                content,
                order,
            })),
            Err(error) => self.classify(error, seen).map(ReadOutcome::Done),
        }
    }

    /// What a content lacks of a stage. What its file says is always read anew.
    fn order(&mut self, content: ContentHash, stage: &Stage) -> Result<DecodeOrder> {
        if stage.passes.iter().any(|pass| matches!(pass, Pass::Regions(_))) {
            self.side(stage.model())?;
            return Ok(DecodeOrder { side: regions::SIDE, pixels: true, ..DecodeOrder::FACTS });
        }
        let (has_thumbnail, has_vector) = self.catalog.products_of(content, stage.model())?;
        let has_thumbnail = has_thumbnail && self.cache.contains(content);
        let square = if has_vector { None } else { self.side(stage.model())? };
        let wants_thumbnail = stage.passes.contains(&Pass::Thumbnail) && !has_thumbnail;
        let encoded = wants_thumbnail.then_some(Encoding::Jpeg(thumbnail::QUALITY));
        Ok(DecodeOrder { side: thumbnail::SIDE, encoded, square, ..DecodeOrder::FACTS })
    }

    /// Gives a file to the decoder, which must have none.
    pub(crate) fn send(&mut self, task: &DecodeTask) -> Result<()> {
        self.decoder.begin(&task.job())
    }

    /// Waits for the file that was sent.
    pub(crate) fn receive(&mut self, task: &DecodeTask) -> Result<DecodeOutput> {
        self.decoder.finish(&task.job())
    }

    /// Turns the response of the decoder into an outcome.
    pub(crate) fn complete(
        &mut self,
        task: &DecodeTask,
        answer: Result<DecodeOutput>,
    ) -> std::result::Result<Outcome, Stop> {
        let seen = Stat { size: task.item.size, modified: task.item.modified };
        guarded(|| self.keep(task, answer?)).or_else(|error| self.classify(error, seen))
    }

    fn keep(&mut self, task: &DecodeTask, answer: DecodeOutput) -> Result<Outcome> {
        if let Some(thumbnail) = &answer.encoded {
            self.cache.write(task.content, &thumbnail.bytes)?;
        }
        let embedder = self.embedders.get_mut(task.stage.model());
        let (mut vector, mut regions) = (None, Vec::new());
        if let Some(embedder) = embedder {
            tracing::debug!(path = %task.item.path.display(), "embedding");
            vector = answer.square.map(|square| embedder.embed(&square)).transpose()?;
            if let Some(picture) = answer.pixels {
                let parts = regions::of(&picture, embedder)?;
                (vector, regions) = (Some(parts.whole), parts.tiles);
            }
        }
        let facts = answer.facts.expect("they were ordered");
        Ok(Outcome::Photo {
            content: task.content,
            probe: Box::new(describe(*facts, Stat { size: task.item.size, modified: task.item.modified })),
            color: answer.encoded.map(|thumbnail| thumbnail::color(thumbnail.average)),
            vector,
            regions,
        })
    }

    /// Whether an error concerns this file or the whole index.
    fn classify(&self, error: Error, seen: Stat) -> std::result::Result<Outcome, Stop> {
        match error {
            Error::Decode(DecodeError::Truncated | DecodeError::NotAPicture | DecodeError::Corrupt(_))
                if seen.is_young() && self.rescans_young.load(Ordering::Relaxed) =>
            {
                Err(Stop::Later)
            }
            Error::Decode(error) => Ok(Outcome::Problem((&error).into())),
            Error::Harmful(harm) => Ok(Outcome::Problem((&harm).into())),
            error => Err(Stop::Trouble(error)),
        }
    }

    /// The side of the picture that a model takes, or `None` when there is none, or it turns out to be broken: thumbnails
    /// are made all the same, and the status says what is wrong.
    fn side(&mut self, id: &str) -> Result<Option<u32>> {
        let Some(model) = self.passes.model(id) else { return Ok(None) };
        if !self.embedders.contains_key(id) {
            match model.embedder() {
                Err(Error::Model(_)) => return Ok(None),
                embedder => self.embedders.insert(id.to_owned(), embedder?),
            };
        }
        Ok(self.embedders.get(id).map(Embedder::side))
    }
}

fn problem(reason: Reason) -> ReadOutcome {
    ReadOutcome::Done(Outcome::Problem(reason))
}

/// What panics on foreign bytes must cost this file only.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Harm::Ours.into()))
}
