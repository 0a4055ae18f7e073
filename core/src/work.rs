//! What one worker does to one file: read, hash, decode once, thumbnail, vector. Joins image, embed and the caches.

use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cache::ThumbnailCache;
use crate::catalog::{Catalog, Outcome, WorkItem};
use crate::embed::Embedder;
use crate::error::{Error, Result};
use crate::image::{self, DecodeError, thumbnail};
use crate::index::{MAX_FILE_BYTES, describe};
use crate::model::Model;
use crate::photo::ContentHash;
use crate::scan::Stat;

/// Why a file was not finished.
pub(crate) enum Stop {
    /// It is not what it was; the watcher or the next walk tells.
    Later,
    /// Nothing can be finished now.
    Trouble(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Trouble(error)
    }
}

/// The tools of one worker.
pub(crate) struct Bench {
    catalog: Arc<Catalog>,
    cache: ThumbnailCache,
    model: Arc<Model>,
    /// Whether somebody looks again at files that seem to be half-written.
    patient: Arc<AtomicBool>,
    embedder: Option<Embedder>,
}

impl Bench {
    pub(crate) fn new(
        catalog: Arc<Catalog>,
        cache: ThumbnailCache,
        model: Arc<Model>,
        patient: Arc<AtomicBool>,
    ) -> Self {
        Self { catalog, cache, model, patient, embedder: None }
    }

    /// Whether vectors can be made. Without a model there are still thumbnails.
    pub(crate) fn can_embed(&self) -> bool {
        self.model.is_ready()
    }

    /// Makes what the file lacks.
    pub(crate) fn process(&mut self, item: &WorkItem) -> std::result::Result<Outcome, Stop> {
        if item.size > MAX_FILE_BYTES {
            let limit = MAX_FILE_BYTES >> 20;
            return Ok(Outcome::Problem(format!("the file is too large: more than {limit} MB")));
        }
        let bytes = match std::fs::read(&item.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(Stop::Later),
            Err(error) => return Ok(Outcome::Problem(format!("it could not be read: {error}"))),
        };
        let seen = Stat { size: item.size, modified: item.modified };
        if Stat::read(&item.path) != Some(seen) {
            return Err(Stop::Later);
        }
        // A decoder or model that panics on foreign bytes must cost this file only.
        match catch_unwind(AssertUnwindSafe(|| self.make(&item.path, &bytes, seen))) {
            Ok(Ok(outcome)) => Ok(outcome),
            Ok(Err(Error::Decode(DecodeError::Truncated | DecodeError::Corrupt(_))))
                if seen.is_young() && self.patient.load(Ordering::Relaxed) =>
            {
                Err(Stop::Later)
            }
            Ok(Err(Error::Decode(error))) => Ok(Outcome::Problem(error.to_string())),
            Ok(Err(error)) => Err(Stop::Trouble(error)),
            Err(_) => {
                Ok(Outcome::Problem("reading it failed inside Fotonovela; this is a fault of ours".into()))
            }
        }
    }

    fn make(&mut self, path: &Path, bytes: &[u8], stat: Stat) -> Result<Outcome> {
        let content = ContentHash::of(bytes);
        let header = image::header(bytes, path)?;
        let probe = describe(&header, bytes, path, stat);
        let (has_thumbnail, has_vector) = self.catalog.products_of(content, &self.model.id())?;
        let has_thumbnail = has_thumbnail && self.cache.contains(content);
        let wants_vector = !has_vector && self.can_embed();
        if has_thumbnail && !wants_vector {
            return Ok(Outcome::Photo { content, probe, color: None, vector: None });
        }
        let decoded = image::decode(bytes, path, thumbnail::SIDE)?;
        let color = if has_thumbnail {
            None
        } else {
            let small = decoded.fitted(thumbnail::SIDE);
            let jpeg = thumbnail::encode(&small).map_err(image::DecodeError::Corrupt)?;
            self.cache.write(content, &jpeg)?;
            Some(thumbnail::color(&small))
        };
        let vector = match wants_vector.then(|| self.embed(&decoded)) {
            // Thumbnails are made all the same; the status tells what is wrong with the model.
            None | Some(Err(Error::Model { .. })) => None,
            Some(embedded) => Some(embedded?),
        };
        Ok(Outcome::Photo { content, probe, color, vector })
    }

    fn embed(&mut self, decoded: &image::Decoded) -> Result<Vec<f32>> {
        if self.embedder.is_none() {
            self.embedder = Some(self.model.embedder()?);
        }
        let embedder = self.embedder.as_mut().expect("made above");
        embedder.embed(&decoded.squashed(embedder.side()))
    }
}
