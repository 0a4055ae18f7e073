//! What one worker does to one file: read, hash, have it decoded once, keep the thumbnail, embed. Joins image, decoder,
//! embed and the caches.
//!
//! In three steps, so that the decoder has the next file while this one is embedded: [`Worker::read`], [`Worker::send`]
//! and [`Worker::receive`], [`Worker::complete`].

use std::collections::HashMap;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cache::ThumbnailCache;
use crate::catalog::{Catalog, Outcome, Probe, Stage, WorkItem};
use crate::decoder::{DecodeOrder, DecodeOutput, Decoder, Encoding, Job};
use crate::error::{DecodeError, Error, Harm, Result};
use crate::image::{self, thumbnail};
use crate::indexing::intake::{MAX_FILE_BYTES, describe};
use crate::indexing::passes::Passes;
use crate::inference::Embedder;
use crate::scan::Stat;
use crate::types::{ContentHash, FileCode, Pass, Reason, ReasonCode};

/// Why a file was not finished.
pub(crate) enum Stop {
    /// It is not what it was; the watcher or the next scan finds out.
    Later,
    /// Nothing can be finished now.
    Trouble(Error),
}

/// What was read of a file.
pub(crate) enum ReadOutcome {
    /// There is nothing to decode.
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
    probe: Box<Probe>,
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
        let bytes = match std::fs::read(&item.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(Stop::Later),
            Err(error) => return Ok(problem(FileCode::Unreadable.because(error))),
        };
        let seen = Stat { size: item.size, modified: item.modified };
        if Stat::read(&item.path) != Some(seen) {
            return Err(Stop::Later);
        }
        match guarded(|| self.plan(&item.path, &bytes, seen, stage)) {
            Ok(DecodePlan { content, probe, order: Some(order) }) => Ok(ReadOutcome::ToDecode(DecodeTask {
                item: item.clone(),
                stage: Arc::clone(stage),
                bytes,
                content,
                probe,
                order,
            })),
            Ok(DecodePlan { content, probe, order: None }) => {
                Ok(ReadOutcome::Done(Outcome::Photo { content, probe, color: None, vector: None }))
            }
            Err(error) => self.classify(error, seen).map(ReadOutcome::Done),
        }
    }

    fn plan(&mut self, path: &Path, bytes: &[u8], stat: Stat, stage: &Stage) -> Result<DecodePlan> {
        let content = ContentHash::of(bytes);
        let probe = Box::new(describe(&image::header(bytes, path)?, bytes, path, stat));
        let (has_thumbnail, has_vector) = self.catalog.products_of(content, stage.model())?;
        let has_thumbnail = has_thumbnail && self.cache.contains(content);
        let square = if has_vector { None } else { self.side(stage.model())? };
        let wants_thumbnail = stage.passes.contains(&Pass::Thumbnail) && !has_thumbnail;
        let encoded = wants_thumbnail.then_some(Encoding::Jpeg(thumbnail::QUALITY));
        let is_lacking = encoded.is_some() || square.is_some();
        let order = is_lacking.then_some(DecodeOrder { side: thumbnail::SIDE, encoded, square });
        Ok(DecodePlan { content, probe, order })
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
        let vector = match (answer.square, self.embedders.get_mut(task.stage.model())) {
            (Some(square), Some(embedder)) => {
                tracing::debug!(path = %task.item.path.display(), "embedding");
                Some(embedder.embed(&square)?)
            }
            _ => None,
        };
        let (content, probe) = (task.content, task.probe.clone());
        Ok(Outcome::Photo {
            content,
            probe,
            color: answer.encoded.map(|thumbnail| thumbnail::color(thumbnail.average)),
            vector,
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

struct DecodePlan {
    content: ContentHash,
    probe: Box<Probe>,
    /// `None`: the photo lacks nothing.
    order: Option<DecodeOrder>,
}

fn problem(reason: Reason) -> ReadOutcome {
    ReadOutcome::Done(Outcome::Problem(reason))
}

/// What panics on foreign bytes must cost this file only.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Harm::Ours.into()))
}
