//! Searches by words: what kinds of things the sentence means, beside what each photo shows.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::class_index::{ClassIndex, ClassRow};
use super::sentence::{Sentence, SpanishNouns};
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::inference::{ClassHead, ClassScores, Model, WordPack};
use crate::types::{FaultCode, PhotoId, ReasonCode};

/// What the cosine of kinds counts beside the mixture of classes, both as deviations from the library's mean.
const KIND: f32 = 0.5;

/// A search waits so long for photos that were not looked at yet, then answers from those that were.
const PATIENCE: Duration = Duration::from_secs(2);

/// Finds photos by words.
pub(crate) struct Words {
    resources: PathBuf,
    data: PathBuf,
    /// Loaded with the first search, or the first look at photos.
    loaded: Mutex<Option<Loaded>>,
}

struct Loaded {
    model: String,
    pack: WordPack,
    nouns: SpanishNouns,
    head: ClassHead,
    index: ClassIndex,
}

impl Words {
    pub(crate) fn new(resources: &Path, data: &Path) -> Self {
        Self { resources: resources.to_owned(), data: data.to_owned(), loaded: Mutex::default() }
    }

    /// Photos that `passes` lets pass, each with its score between 0 and 1, best first.
    ///
    /// # Errors
    /// [`Error::Model`] when the word pack is missing or the model knows no classes; [`Error::Invalid`] for a sentence without words.
    pub(super) fn search(
        &self,
        catalog: &Catalog,
        model: &Model,
        sentence: &Sentence,
        passes: impl Fn(PhotoId) -> bool,
    ) -> Result<Vec<(PhotoId, f32)>> {
        if sentence.wanted.is_empty() {
            return Err(Error::Invalid(FaultCode::WordsMissing.reason()));
        }
        let begun = Instant::now();
        while !self.advance(catalog, model)? && begun.elapsed() < PATIENCE {}
        let mut loaded = self.loaded(model)?;
        let Loaded { pack, nouns, index, .. } = loaded.as_mut().expect("it was loaded");
        let mut english = |words: &str| {
            let translated = nouns.translate(words);
            pack.scores(translated.as_deref().unwrap_or(words))
        };
        let wanted = english(&sentence.wanted)?;
        let excluded = sentence.excluded.iter().map(|words| english(words)).collect::<Result<Vec<_>>>()?;
        let rows: Vec<_> = index.rows().iter().filter(|row| passes(row.photo)).collect();
        let mut scores = deviations(&rows, &wanted);
        for words in &excluded {
            let away = deviations(&rows, words);
            scores.iter_mut().zip(away).for_each(|(score, away)| *score -= away.max(0.0));
        }
        let mut found: Vec<_> =
            rows.iter().zip(scores).map(|(row, score)| (row.photo, share(score))).collect();
        found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(found)
    }

    /// Looks at some more photos that the catalogue has newly. Whether none is left.
    ///
    /// # Errors
    /// [`Error::Model`] when the word pack is missing or the model knows no classes.
    pub(crate) fn advance(&self, catalog: &Catalog, model: &Model) -> Result<bool> {
        let mut loaded = self.loaded(model)?;
        let Loaded { pack, head, index, .. } = loaded.as_mut().expect("it was loaded");
        index.advance(catalog, head, pack)
    }

    fn loaded(&self, model: &Model) -> Result<MutexGuard<'_, Option<Loaded>>> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if loaded.as_ref().is_none_or(|loaded| loaded.model != model.id()) {
            *loaded = Some(self.load(model)?);
        }
        Ok(loaded)
    }

    fn load(&self, model: &Model) -> Result<Loaded> {
        let (runtime, pack) =
            model.load().as_ref().map_err(|report| Error::Reported(Box::new(report.clone())))?;
        let head = ClassHead::load(pack)?
            .ok_or_else(|| Error::Model(FaultCode::WordsUnknown.with("model", model.id())))?;
        let words = WordPack::load(runtime, &self.resources)?;
        let nouns = SpanishNouns::new(words.spanish());
        let index = ClassIndex::open(&self.data, &model.id());
        Ok(Loaded { model: model.id(), pack: words, nouns, head, index })
    }
}

/// By how many standard deviations each photo is above the mean of all, in what the sentence means.
fn deviations(rows: &[&ClassRow], scores: &ClassScores) -> Vec<f32> {
    let sum =
        |row: &ClassRow, of: &[f32]| row.sketch.shares().map(|(class, share)| share * of[class]).sum::<f32>();
    let mut mixture: Vec<f32> = rows.iter().map(|row| sum(row, &scores.mixture)).collect();
    let mut kind: Vec<f32> =
        rows.iter().map(|row| sum(row, &scores.kind) / row.kind_length.max(f32::MIN_POSITIVE)).collect();
    standardise(&mut mixture);
    standardise(&mut kind);
    mixture.iter().zip(kind).map(|(mixture, kind)| mixture + KIND * kind).collect()
}

fn standardise(values: &mut [f32]) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().map(|value| f64::from(*value)).sum::<f64>() / count;
    let variance = values.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum::<f64>() / count;
    let deviation = variance.sqrt().max(1e-12);
    values.iter_mut().for_each(|value| *value = ((f64::from(*value) - mean) / deviation) as f32);
}

/// A number between 0 and 1 that rises with the deviation; a half where it is 3.
fn share(deviation: f32) -> f32 {
    1.0 / (1.0 + (3.0 - deviation).exp())
}
