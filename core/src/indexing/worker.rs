//! What one worker does to one file: read, hash, have it decoded once, keep the thumbnail, embed. Joins image, decoder,
//! embed and the caches.
//!
//! In three steps, so that the decoder has the next file while this one is embedded: [`Bench::read`], [`Bench::send`]
//! and [`Bench::receive`], [`Bench::complete`].

use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cache::ThumbnailCache;
use crate::catalog::{Catalog, Outcome, Probe, WorkItem};
use crate::decoder::{Answer, Decoder, Encoding, Job, Order};
use crate::error::{DecodeError, Error, Harm, Result};
use crate::image::{self, thumbnail};
use crate::indexing::intake::{MAX_FILE_BYTES, describe};
use crate::inference::{Embedder, Model};
use crate::scan::Stat;
use crate::types::ContentHash;

/// Why a file was not finished.
pub(crate) enum Stop {
    /// It is not what it was; the watcher or the next walk tells.
    Later,
    /// Nothing can be finished now.
    Trouble(Error),
}

/// What was read of a file.
pub(crate) enum Read {
    /// There is nothing to decode.
    Done(Outcome),
    /// It lacks something.
    ToDecode(Task),
}

/// A file that is being decoded.
pub(crate) struct Task {
    pub(crate) item: WorkItem,
    bytes: Vec<u8>,
    content: ContentHash,
    probe: Box<Probe>,
    order: Order,
}

impl Task {
    fn job(&self) -> Job<'_> {
        Job::of(&self.item.path, &self.bytes, self.order)
    }
}

/// The tools of one worker.
pub(crate) struct Bench {
    catalog: Arc<Catalog>,
    cache: ThumbnailCache,
    model: Arc<Model>,
    /// Whether somebody looks again at files that seem to be half-written.
    patient: Arc<AtomicBool>,
    decoder: Decoder,
    embedder: Option<Embedder>,
}

impl Bench {
    pub(crate) fn new(
        catalog: Arc<Catalog>,
        cache: ThumbnailCache,
        model: Arc<Model>,
        patient: Arc<AtomicBool>,
        decoder: Decoder,
    ) -> Self {
        Self { catalog, cache, model, patient, decoder, embedder: None }
    }

    /// Whether vectors can be made. Without a model there are still thumbnails.
    pub(crate) fn can_embed(&self) -> bool {
        self.model.is_ready()
    }

    /// Reads a file and finds out what it lacks.
    pub(crate) fn read(&mut self, item: &WorkItem) -> std::result::Result<Read, Stop> {
        if item.size > MAX_FILE_BYTES {
            let limit = MAX_FILE_BYTES >> 20;
            return Ok(problem(format!("the file is too large: more than {limit} MB")));
        }
        let bytes = match std::fs::read(&item.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(Stop::Later),
            Err(error) => return Ok(problem(format!("it could not be read: {error}"))),
        };
        let seen = Stat { size: item.size, modified: item.modified };
        if Stat::read(&item.path) != Some(seen) {
            return Err(Stop::Later);
        }
        match guarded(|| self.plan(&item.path, &bytes, seen)) {
            Ok(Plan { content, probe, order: Some(order) }) => {
                Ok(Read::ToDecode(Task { item: item.clone(), bytes, content, probe, order }))
            }
            Ok(Plan { content, probe, order: None }) => {
                Ok(Read::Done(Outcome::Photo { content, probe, color: None, vector: None }))
            }
            Err(error) => self.judge(error, seen).map(Read::Done),
        }
    }

    fn plan(&mut self, path: &Path, bytes: &[u8], stat: Stat) -> Result<Plan> {
        let content = ContentHash::of(bytes);
        let probe = Box::new(describe(&image::header(bytes, path)?, bytes, path, stat));
        let (has_thumbnail, has_vector) = self.catalog.products_of(content, &self.model.id())?;
        let has_thumbnail = has_thumbnail && self.cache.contains(content);
        let square = if has_vector || !self.can_embed() { None } else { self.side()? };
        let encoded = (!has_thumbnail).then_some(Encoding::Jpeg(thumbnail::QUALITY));
        let is_lacking = encoded.is_some() || square.is_some();
        let order = is_lacking.then_some(Order { side: thumbnail::SIDE, encoded, square });
        Ok(Plan { content, probe, order })
    }

    /// Gives a file to the decoder, which must have none.
    pub(crate) fn send(&mut self, task: &Task) -> Result<()> {
        self.decoder.begin(&task.job())
    }

    /// Waits for the file that was sent.
    pub(crate) fn receive(&mut self, task: &Task) -> Result<Answer> {
        self.decoder.finish(&task.job())
    }

    /// Makes the outcome of what the decoder answered.
    pub(crate) fn complete(
        &mut self,
        task: &Task,
        answer: Result<Answer>,
    ) -> std::result::Result<Outcome, Stop> {
        let seen = Stat { size: task.item.size, modified: task.item.modified };
        guarded(|| self.keep(task, answer?)).or_else(|error| self.judge(error, seen))
    }

    fn keep(&mut self, task: &Task, answer: Answer) -> Result<Outcome> {
        if let Some(thumbnail) = &answer.encoded {
            self.cache.write(task.content, &thumbnail.bytes)?;
        }
        let vector = match (answer.square, &mut self.embedder) {
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

    /// What an error means for the file and for all others.
    fn judge(&self, error: Error, seen: Stat) -> std::result::Result<Outcome, Stop> {
        match error {
            Error::Decode(DecodeError::Truncated | DecodeError::Corrupt(_))
                if seen.is_young() && self.patient.load(Ordering::Relaxed) =>
            {
                Err(Stop::Later)
            }
            Error::Decode(error) => Ok(Outcome::Problem(error.to_string())),
            Error::Harmful(harm) => Ok(Outcome::Problem(harm.to_string())),
            error => Err(Stop::Trouble(error)),
        }
    }

    /// The side of the picture that the model takes, or `None` when the model turns out to be broken: thumbnails are
    /// made all the same, and the status tells what is wrong.
    fn side(&mut self) -> Result<Option<u32>> {
        if self.embedder.is_none() {
            self.embedder = match self.model.embedder() {
                Err(Error::Model { .. }) => None,
                embedder => Some(embedder?),
            };
        }
        Ok(self.embedder.as_ref().map(Embedder::side))
    }
}

struct Plan {
    content: ContentHash,
    probe: Box<Probe>,
    /// `None`: the photo lacks nothing.
    order: Option<Order>,
}

fn problem(reason: String) -> Read {
    Read::Done(Outcome::Problem(reason))
}

/// What panics on foreign bytes must cost this file only.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Harm::Ours.into()))
}
