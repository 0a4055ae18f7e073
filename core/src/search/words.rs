//! Searches by words: what kinds of things the sentence means, beside what each photo shows.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::blend::Blend;
use super::class_index::{ClassIndex, ClassRow};
use super::sentence::{Sentence, SpanishNouns, is_empty_word};
use super::text_index::TextIndex;
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

/// What words are taken for.
#[derive(Debug, Default)]
pub(super) struct WordMeaning {
    /// What is looked for in pictures.
    pub(super) shown: String,
    /// Photos about which some of the words are written, with the share of the words that are.
    pub(super) written: HashMap<PhotoId, f32>,
    /// Words that are of no dictionary here.
    pub(super) unknown: Vec<String>,
}

/// The kind of thing that is wanted: what each class brings, see [`ClassScores::kind`].
pub(super) struct WantedKind(Vec<f32>);

impl WantedKind {
    /// Cosine of what the photo shows and what is wanted; `None` for a photo that was not looked at yet.
    pub(super) fn of(&self, index: &ClassIndex, photo: PhotoId) -> Option<f32> {
        index.row(photo).map(|row| kind(row, &self.0))
    }

    /// The `count` photos that most show this kind of thing, of those that `passes` lets pass.
    pub(super) fn best(
        &self,
        index: &ClassIndex,
        count: usize,
        passes: impl Fn(PhotoId) -> bool,
    ) -> Vec<PhotoId> {
        let rows = index.rows().iter().filter(|row| passes(row.photo));
        let mut scored: Vec<_> = rows.map(|row| (kind(row, &self.0), row.photo)).collect();
        if scored.len() > count {
            scored.select_nth_unstable_by(count, |a, b| b.0.total_cmp(&a.0));
            scored.truncate(count);
        }
        scored.into_iter().map(|(_, photo)| photo).collect()
    }
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
    /// [`Error::Model`] when the word pack is missing or the model knows no classes.
    pub(super) fn search(
        &self,
        catalog: &Catalog,
        model: &Model,
        sentence: &Sentence,
        passes: impl Fn(PhotoId) -> bool,
    ) -> Result<Vec<(PhotoId, f32)>> {
        self.catch_up(catalog, model)?;
        let mut loaded = self.loaded(model)?;
        let Loaded { pack, nouns, index, .. } = loaded.as_mut().expect("it was loaded");
        let mut english = |words: &str| {
            let translated = nouns.translate(words);
            pack.scores(translated.as_deref().unwrap_or(words))
        };
        let wanted = (!sentence.wanted.is_empty()).then(|| english(&sentence.wanted)).transpose()?;
        let excluded = sentence.excluded.iter().map(|words| english(words)).collect::<Result<Vec<_>>>()?;
        let rows: Vec<_> = index.rows().iter().filter(|row| passes(row.photo)).collect();
        let mut scores = wanted.map_or_else(|| vec![0.0; rows.len()], |wanted| deviations(&rows, &wanted));
        for words in &excluded {
            let away = deviations(&rows, words);
            scores.iter_mut().zip(away).for_each(|(score, away)| *score -= away.max(0.0));
        }
        let mut found: Vec<_> =
            rows.iter().zip(scores).map(|(row, score)| (row.photo, share(score))).collect();
        found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(found)
    }

    /// What of these words is looked for in pictures, and about which photos they are written.
    ///
    /// # Errors
    /// [`Error::Model`] as for [`Self::search`].
    pub(super) fn meaning(&self, model: &Model, words: &str, texts: &TextIndex) -> Result<WordMeaning> {
        let mut loaded = self.loaded(model)?;
        let Loaded { pack, nouns, .. } = loaded.as_mut().expect("it was loaded");
        let mut meaning = WordMeaning::default();
        let (mut shown, mut written) = (Vec::new(), Vec::new());
        for word in words.split_whitespace() {
            let forms: Vec<_> = std::iter::once(word.to_owned()).chain(nouns.translate(word)).collect();
            let is_known = nouns.knows(word) || pack.knows(word)?;
            if !is_known {
                meaning.unknown.push(word.to_owned());
            }
            // A name says nothing of what a photo shows; another unknown word may.
            if is_known || texts.search(std::slice::from_ref(&forms))?.is_empty() {
                shown.push(word);
            }
            if !is_empty_word(word) {
                written.push(forms);
            }
        }
        meaning.shown = shown.join(" ");
        meaning.written = texts.search(&written)?;
        Ok(meaning)
    }

    /// The kind of thing that pictures show, to compare photos with.
    ///
    /// # Errors
    /// [`Error::Model`] when the word pack is missing or the model knows no classes.
    pub(super) fn kind_of(&self, catalog: &Catalog, model: &Model, wanted: &Blend) -> Result<WantedKind> {
        self.catch_up(catalog, model)?;
        let loaded = self.loaded(model)?;
        let Loaded { pack, head, .. } = loaded.as_ref().expect("it was loaded");
        let sketches: Vec<_> = wanted.parts().map(|(weight, vector)| (weight, head.sketch(vector))).collect();
        Ok(WantedKind(pack.kind_of(&sketches)))
    }

    /// Looks at the classes of photos.
    ///
    /// # Errors
    /// As [`Self::kind_of`].
    pub(super) fn with_classes<T>(&self, model: &Model, look: impl FnOnce(&ClassIndex) -> T) -> Result<T> {
        Ok(look(&self.loaded(model)?.as_ref().expect("it was loaded").index))
    }

    /// Looks at photos that are new, but not for long.
    fn catch_up(&self, catalog: &Catalog, model: &Model) -> Result<()> {
        let begun = Instant::now();
        while !self.advance(catalog, model)? && begun.elapsed() < PATIENCE {}
        Ok(())
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
    let mut mixture: Vec<f32> = rows.iter().map(|row| weighted(row, &scores.mixture)).collect();
    let mut kind: Vec<f32> = rows.iter().map(|row| kind(row, &scores.kind)).collect();
    standardise(&mut mixture);
    standardise(&mut kind);
    mixture.iter().zip(kind).map(|(mixture, kind)| mixture + KIND * kind).collect()
}

/// The sum of what a photo's classes bring, by their shares.
fn weighted(row: &ClassRow, of: &[f32]) -> f32 {
    row.sketch.shares().map(|(class, share)| share * of[class]).sum()
}

/// Cosine of what a photo shows and what `scores` are made of.
fn kind(row: &ClassRow, scores: &[f32]) -> f32 {
    weighted(row, scores) / row.kind_length.max(f32::MIN_POSITIVE)
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
