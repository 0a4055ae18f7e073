//! Photos of a subject: learned of what the person answered, by the vectors of the model in use. What is learned is kept
//! in memory alone, and learned again when answers, photos or the model change.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use super::engine::Engine;
use super::probe::SubjectProbe;
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::types::{FaultCode, PhotoId, PhotoLayout, PhotoQuery, ReasonCode, SubjectId};
use crate::vectors::{Filter, dot};

/// Vectors of the library that a subject is told from: as many as change no answer.
const BACKGROUND: usize = 600;
/// Scores from here on are matches.
pub(super) const MATCH: f32 = 0.5;
/// Photos that are more alike are not asked about at once.
const ALIKE: f32 = 0.9;
/// So many times the photos that are asked about are looked at, for some that are not alike.
const CHOICE: usize = 4;

/// No revision of a catalogue.
const NOT_YET: i64 = -1;

/// Who learns subjects, and what was learned last.
pub(crate) struct Subjects {
    catalog: Arc<Catalog>,
    learned: Mutex<HashMap<SubjectId, Arc<Judgement>>>,
}

/// What a subject's probe says of every photo.
pub(super) struct Judgement {
    /// The model and the revision of the catalogue that it is of.
    of: (String, i64),
    /// Best first, each with its score; that of an answered photo is 1 or 0.
    pub(super) ranked: Vec<(PhotoId, f32)>,
    answered: HashSet<PhotoId>,
    /// Whether any photo was said to show it.
    is_taught: bool,
}

impl Judgement {
    fn matches(&self) -> HashSet<PhotoId> {
        self.ranked.iter().take_while(|(_, score)| *score >= MATCH).map(|(photo, _)| *photo).collect()
    }
}

impl Subjects {
    pub(super) fn new(catalog: Arc<Catalog>) -> Self {
        Self { catalog, learned: Mutex::default() }
    }

    /// The photos of a scope, newest first.
    pub(super) async fn grid(&self, engine: &Engine, query: &PhotoQuery) -> Result<PhotoLayout> {
        let Some(subject) = query.among.subject else { return self.catalog.layout(query) };
        let matches = self.matches(engine, subject).await?;
        let mut layout = self.catalog.layout(&PhotoQuery { limit: None, ..query.clone() })?;
        layout.photos.retain(|photo| matches.contains(&photo.id));
        layout.photos.truncate(query.limit.map_or(usize::MAX, |limit| limit as usize));
        Ok(layout)
    }

    /// The photos that show a subject: those that were said to, and those that are taken to by their score.
    pub(crate) async fn matches(&self, engine: &Engine, subject: SubjectId) -> Result<HashSet<PhotoId>> {
        Ok(self.judge(engine, subject).await?.matches())
    }

    /// The photos of which an answer would teach most: the least certain ones that are not like each other.
    ///
    /// # Errors
    /// [`Error::Invalid`] where no photo was said to show the subject.
    pub(crate) async fn questions(
        &self,
        engine: &Engine,
        subject: SubjectId,
        count: usize,
    ) -> Result<Vec<(PhotoId, f32)>> {
        let judgement = self.judge(engine, subject).await?;
        if !judgement.is_taught {
            return Err(Error::Invalid(FaultCode::SubjectUntaught.reason()));
        }
        let inside = self.catalog.layout(&PhotoQuery::default())?;
        let inside: HashSet<_> = inside.photos.iter().map(|photo| photo.id).collect();
        let is_open = |photo| inside.contains(photo) && !judgement.answered.contains(photo);
        let mut open: Vec<_> = judgement.ranked.iter().filter(|(photo, _)| is_open(photo)).copied().collect();
        open.sort_by(|a, b| (a.1 - MATCH).abs().total_cmp(&(b.1 - MATCH).abs()));
        open.truncate(CHOICE * count);
        self.unlike(engine, open, count)
    }

    /// The first `count` that are not alike, then others.
    fn unlike(
        &self,
        engine: &Engine,
        photos: Vec<(PhotoId, f32)>,
        count: usize,
    ) -> Result<Vec<(PhotoId, f32)>> {
        let (mut chosen, mut others, mut vectors) = (Vec::new(), Vec::new(), Vec::<Vec<f32>>::new());
        for photo in photos {
            if chosen.len() == count {
                break;
            }
            let vector = self.catalog.embedding(photo.0, &engine.model.id())?.unwrap_or_default();
            if vectors.iter().any(|other| dot(other, &vector) > ALIKE) {
                others.push(photo);
            } else {
                chosen.push(photo);
                vectors.push(vector);
            }
        }
        chosen.extend(others);
        chosen.truncate(count);
        Ok(chosen)
    }

    /// What the probe of a subject says; learned now where it was not, or of something else.
    pub(super) async fn judge(&self, engine: &Engine, subject: SubjectId) -> Result<Arc<Judgement>> {
        let of = (engine.model.id(), self.catalog.newest_revision()?);
        let learned = || self.learned.lock().expect("no thread panics while it holds what was learned");
        if let Some(known) = learned().get(&subject).filter(|known| known.of == of) {
            return Ok(Arc::clone(known));
        }
        let judgement = Arc::new(self.learn(engine, subject, of).await?);
        learned().insert(subject, Arc::clone(&judgement));
        Ok(judgement)
    }

    async fn learn(&self, engine: &Engine, subject: SubjectId, mut of: (String, i64)) -> Result<Judgement> {
        let answers: HashMap<_, _> = self.catalog.answers(subject)?.into_iter().collect();
        let mut scores: HashMap<PhotoId, f32> = HashMap::new();
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (photo, answer) in &answers {
            // One that has no vector yet teaches later.
            if let Some(vector) = self.catalog.embedding(*photo, &of.0)? {
                if *answer { &mut yes } else { &mut no }.push(vector);
            }
        }
        let background = self.catalog.vectors_spread(&of.0, BACKGROUND)?;
        let is_taught = !yes.is_empty() && !background.is_empty();
        if is_taught {
            let probe = SubjectProbe::fit(&background, &yes, &no);
            let embedded = engine.active.embedded();
            if !embedded.run_soon().await? {
                // It is being filled: what is said now is not the last word.
                of.1 = NOT_YET;
            }
            let count = embedded.store().count().await?;
            let hits = embedded.store().search(&probe.weights, count, &Filter::All, true).await?;
            let open = hits.iter().filter(|hit| !answers.contains_key(&hit.photo));
            let threshold = probe.threshold(&open.map(|hit| hit.score).collect::<Vec<_>>());
            scores = hits.iter().map(|hit| (hit.photo, threshold.confidence(hit.score))).collect();
        }
        scores.extend(answers.iter().map(|(photo, yes)| (*photo, if *yes { 1.0 } else { 0.0 })));
        let mut ranked: Vec<_> = scores.into_iter().collect();
        ranked.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(Judgement { of, ranked, answered: answers.into_keys().collect(), is_taught })
    }
}
