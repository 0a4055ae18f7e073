//! From a query to ranked photos. Joins the model, the catalogue and the vector store.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::catalog::Catalog;
use crate::decoder::Decoders;
use crate::error::{Error, Result};
use crate::types::{
    Area, FaultCode, Mark, PhotoId, PhotoLayout, PhotoQuery, QueryImage, Reason, ReasonCode, Scope, Similar,
    SimilarPhoto, SimilarQuery, SubjectId, Why,
};
use crate::vectors::Filter;

mod blend;
mod by_picture;
mod by_words;
mod class_index;
mod dates;
mod engine;
mod likeness;
mod look_alikes;
mod pictures;
mod probe;
mod sentence;
mod spelling;
mod subjects;
mod text_index;
mod words;

pub use engine::{Engine, Engines};
pub(crate) use engine::{EngineParts, may_advance, models_of};
pub(crate) use look_alikes::LookAlikeFinder;
use pictures::QueryPictures;
pub(crate) use subjects::Subjects;
use text_index::TextIndex;
pub(crate) use words::Words;

/// As many similar photos as one looks through.
const MOST_ALIKE: usize = 200;

/// Of fewer answers, and of such that differ by less, none is weak.
const FEW: usize = 8;
const NOISE: f32 = 0.05;

/// Later than any photo, and a number that each store can read: some keep times as 64-bit floating point.
const END_OF_TIME: i64 = 1 << 53;

/// Finds similar photos.
pub struct Search {
    catalog: Arc<Catalog>,
    engines: Arc<Engines>,
    /// Of parts of photos.
    regions: Arc<Engine>,
    pictures: QueryPictures,
    words: Arc<Words>,
    subjects: Subjects,
    data: PathBuf,
    texts: Mutex<Option<Arc<TextIndex>>>,
}

/// Photos by likeness, best first. One may have vanished since the store was brought up to date.
#[derive(Default)]
struct RankedPhotos {
    ids: Vec<PhotoId>,
    scores: HashMap<PhotoId, f32>,
    /// The part that is alike, of those where it is not the whole.
    areas: HashMap<PhotoId, Area>,
    why: HashMap<PhotoId, Why>,
    /// See [`cut_off`].
    weak_below: f32,
    /// Words of the query that are of no dictionary.
    unknown: Vec<String>,
    notice: Option<Reason>,
}

/// Below which score photos are among the rest: half-way from what most have, which says nothing, to the best.
fn cut_off(scores: impl Iterator<Item = f32>) -> f32 {
    let mut sorted: Vec<f32> = scores.collect();
    sorted.sort_unstable_by(f32::total_cmp);
    match (sorted.get(sorted.len() / 2), sorted.last()) {
        (Some(middle), Some(best)) if sorted.len() >= FEW && best - middle > NOISE => {
            f32::midpoint(*middle, *best)
        }
        _ => f32::NEG_INFINITY,
    }
}

impl Search {
    pub(crate) fn new(
        catalog: Arc<Catalog>,
        engines: Arc<Engines>,
        regions: Arc<Engine>,
        decoders: Decoders,
        data: &Path,
        words: Words,
    ) -> Self {
        let pictures = QueryPictures::new(Arc::clone(&catalog), decoders);
        let subjects = Subjects::new(Arc::clone(&catalog));
        let (data, words) = (data.to_owned(), Arc::new(words));
        Self { catalog, engines, regions, pictures, words, subjects, data, texts: Mutex::default() }
    }

    /// The photos of a query in their order, with what the grid needs of each; a query photo that belongs to the scope
    /// comes first itself.
    ///
    /// # Errors
    /// When what they are like is not there, or cannot be embedded.
    pub async fn layout(&self, query: &PhotoQuery) -> Result<PhotoLayout> {
        let Some(what) = &query.what else { return self.subjects.grid(&self.engines.current(), query).await };
        let revision = self.catalog.revision();
        let RankedPhotos { ids, mut scores, areas, notice, .. } = self.rank(what, query).await?;
        let photos = self.catalog.shapes_of(&ids)?;
        let scores = photos.iter().filter_map(|photo| scores.remove(&photo.id)).collect();
        Ok(PhotoLayout { revision, photos, scores, areas: areas.into_iter().collect(), notice })
    }

    /// The photos of a query for likeness, best first, with their files.
    ///
    /// # Errors
    /// As [`Self::layout`]; [`Error::NotFound`] for a query that does not say what they are like.
    pub async fn similar(&self, query: &PhotoQuery) -> Result<Similar> {
        let Some(what) = &query.what else {
            return Err(Error::NotFound(FaultCode::PictureNotFound.reason()));
        };
        let RankedPhotos { ids, scores, areas, why, weak_below, unknown, notice } =
            self.rank(what, query).await?;
        let with_score = |(id, path)| {
            let (score, why) = (*scores.get(&id)?, *why.get(&id)?);
            let weak = score < weak_below;
            Some(SimilarPhoto { id, path, score, region: areas.get(&id).copied(), weak, why })
        };
        let photos = self.catalog.paths_of(&ids)?.into_iter().filter_map(with_score).collect();
        Ok(Similar { photos, unknown, notice })
    }

    /// What a query has to say to find photos like the picture in a file: the photo, where the library has the file.
    ///
    /// # Errors
    /// When the file cannot be read or decoded.
    pub fn query_of_file(&self, path: &Path) -> Result<SimilarQuery> {
        self.pictures.query_of_file(&self.engines.current(), path)
    }

    async fn rank(&self, what: &SimilarQuery, query: &PhotoQuery) -> Result<RankedPhotos> {
        let engine = self.engines.current();
        let limit = query.limit.map_or(MOST_ALIKE, |limit| limit as usize);
        if query.area.as_ref().is_some_and(|area| !area.is_inside()) {
            return Err(Error::Invalid(FaultCode::BoxOutside.reason()));
        }
        match what {
            SimilarQuery::Words { text } => self.by_words(&engine, text, &query.among, query.limit).await,
            SimilarQuery::Subject { id } => self.by_subject(&engine, *id, &query.among, limit).await,
            _ => self.by_picture(&engine, what, query, limit).await,
        }
    }

    /// The photos of a scope by how surely they show a subject.
    async fn by_subject(
        &self,
        engine: &Engine,
        subject: SubjectId,
        scope: &Scope,
        limit: usize,
    ) -> Result<RankedPhotos> {
        let inside = self.inside(engine, scope).await?;
        let judgement = self.subjects.judge(engine, subject).await?;
        let is_inside = |photo: &PhotoId| inside.as_ref().is_none_or(|inside| inside.contains(photo));
        let ranked = judgement.ranked.iter().filter(|(photo, _)| is_inside(photo));
        let ranked: Vec<_> = ranked.take(limit).copied().collect();
        Ok(RankedPhotos {
            ids: ranked.iter().map(|(photo, _)| *photo).collect(),
            why: ranked.iter().map(|(photo, _)| (*photo, Why::Subject)).collect(),
            weak_below: subjects::MATCH,
            scores: ranked.into_iter().collect(),
            ..RankedPhotos::default()
        })
    }

    /// Who learns subjects.
    pub(crate) fn subjects(&self) -> &Subjects {
        &self.subjects
    }

    /// Who finds photos by words.
    pub(crate) fn words(&self) -> Arc<Words> {
        Arc::clone(&self.words)
    }

    /// What is written about photos, opened with the first search by words.
    fn texts(&self) -> Result<Arc<TextIndex>> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        match texts.as_ref() {
            Some(texts) => Ok(Arc::clone(texts)),
            None => Ok(Arc::clone(texts.insert(Arc::new(TextIndex::open(&self.data)?)))),
        }
    }

    /// What the stores understand of a scope.
    async fn filter(&self, engine: &Engine, scope: &Scope) -> Result<Filter> {
        let mut parts: Vec<_> = scope.folder.map(Filter::Folder).into_iter().collect();
        if scope.from.is_some() || scope.until.is_some() {
            parts.push(Filter::Taken(scope.from.unwrap_or(-END_OF_TIME)..scope.until.unwrap_or(END_OF_TIME)));
        }
        if scope.album.is_some() || !scope.filters.is_empty() {
            let known = Scope { album: scope.album, filters: scope.filters.clone(), ..Scope::default() };
            parts.push(Filter::Ids(self.catalog.photos_in(&known)?));
        }
        if let Some(mark) = scope.mark {
            parts.push(Filter::Ids(self.catalog.marked(mark)?));
        }
        if let Some(subject) = scope.subject {
            parts.push(Filter::Ids(self.subjects.matches(engine, subject).await?.into_iter().collect()));
        }
        let hidden = self.catalog.marked(Mark::Hidden)?;
        if scope.mark != Some(Mark::Hidden) && !hidden.is_empty() {
            parts.push(Filter::Not(Box::new(Filter::Ids(hidden))));
        }
        Ok(if parts.is_empty() { Filter::All } else { Filter::And(parts) })
    }

    /// The photos of a scope; `None` = all.
    async fn inside(&self, engine: &Engine, scope: &Scope) -> Result<Option<HashSet<PhotoId>>> {
        if scope.is_all() && self.catalog.marked(Mark::Hidden)?.is_empty() {
            return Ok(None);
        }
        let mut inside: HashSet<_> = self.catalog.photos_in(scope)?.into_iter().collect();
        if let Some(subject) = scope.subject {
            let matches = self.subjects.matches(engine, subject).await?;
            inside.retain(|photo| matches.contains(photo));
        }
        Ok(Some(inside))
    }

    /// Waits for a picture that is being embedded, and lets go of the models.
    pub(crate) fn close(&self) {
        self.pictures.close();
    }

    /// Keeps a picture from outside as a query, without adding it to the library. `name` gives its kind where its
    /// content does not, and is shown.
    ///
    /// # Errors
    /// When it is not a picture.
    pub fn add_image(&self, bytes: &[u8], name: &str) -> Result<QueryImage> {
        self.pictures.add(&self.engines.current(), bytes, name)
    }

    /// A small JPEG of a picture that is kept as a query.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn image_preview(&self, token: u32) -> Result<Vec<u8>> {
        self.pictures.preview(token)
    }
}
