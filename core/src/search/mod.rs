//! From a query to ranked photos. Joins the model, the catalogue and the vector store.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use crate::catalog::Catalog;
use crate::decoder::{DecodeOrder, Decoders, EncodedImage, Encoding, FilePart, Job};
use crate::error::{Error, Result};
use crate::image::thumbnail;
use crate::inference::Embedder;
use crate::platform::reading::read_picture;
use crate::types::{
    FaultCode, Mark, PhotoId, PhotoLayout, PhotoQuery, QueryImage, Reason, ReasonCode, Scope, Similar,
    SimilarPhoto, SimilarQuery, SubjectId,
};
use crate::vectors::Filter;

mod class_index;
mod engine;
mod look_alikes;
mod probe;
mod sentence;
mod subjects;
mod words;

pub use engine::{Engine, Engines};
pub(crate) use engine::{EngineParts, may_advance, models_of};
pub(crate) use look_alikes::LookAlikeFinder;
use sentence::Sentence;
pub(crate) use subjects::Subjects;
pub(crate) use words::Words;

/// Pictures from outside that are kept as queries; older ones are forgotten.
const KEPT_IMAGES: usize = 32;

/// As many similar photos as one looks through.
const MOST_ALIKE: usize = 200;

/// Later than any photo, and a number that each store can read: some keep times as 64-bit floating point.
const END_OF_TIME: i64 = 1 << 53;

/// Finds similar photos.
pub struct Search {
    catalog: Arc<Catalog>,
    engines: Arc<Engines>,
    decoders: Decoders,
    /// Made with the first query that needs it, and the model that it is of.
    embedder: Mutex<Option<(String, Embedder)>>,
    images: Mutex<BTreeMap<u32, StoredImage>>,
    next_token: AtomicU32,
    words: Arc<Words>,
    subjects: Subjects,
}

/// Photos by likeness, best first. One may have vanished since the store was brought up to date.
struct RankedPhotos {
    ids: Vec<PhotoId>,
    scores: HashMap<PhotoId, f32>,
    notice: Option<Reason>,
}

struct StoredImage {
    model: String,
    vector: Vec<f32>,
    preview: Vec<u8>,
}

impl Search {
    pub(crate) fn new(
        catalog: Arc<Catalog>,
        engines: Arc<Engines>,
        decoders: Decoders,
        words: Words,
    ) -> Self {
        Self {
            words: Arc::new(words),
            subjects: Subjects::new(Arc::clone(&catalog)),
            catalog,
            engines,
            decoders,
            embedder: Mutex::default(),
            images: Mutex::default(),
            next_token: AtomicU32::new(1),
        }
    }

    /// The photos of a query in their order, with what the grid needs of each; a query photo that belongs to the scope
    /// comes first itself.
    ///
    /// # Errors
    /// When what they are like is not there, or cannot be embedded.
    pub async fn layout(&self, query: &PhotoQuery) -> Result<PhotoLayout> {
        let Some(what) = &query.what else { return self.subjects.grid(&self.engines.current(), query).await };
        let revision = self.catalog.revision();
        let RankedPhotos { ids, mut scores, notice } = self.rank(what, query).await?;
        let photos = self.catalog.shapes_of(&ids)?;
        let scores = photos.iter().filter_map(|photo| scores.remove(&photo.id)).collect();
        Ok(PhotoLayout { revision, photos, scores, notice })
    }

    /// The photos of a query for likeness, best first, with their files.
    ///
    /// # Errors
    /// As [`Self::layout`]; [`Error::NotFound`] for a query that does not say what they are like.
    pub async fn similar(&self, query: &PhotoQuery) -> Result<Similar> {
        let Some(what) = &query.what else {
            return Err(Error::NotFound(FaultCode::PictureNotFound.reason()));
        };
        let RankedPhotos { ids, mut scores, notice } = self.rank(what, query).await?;
        let with_score = |(id, path)| scores.remove(&id).map(|score| SimilarPhoto { id, path, score });
        let photos = self.catalog.paths_of(&ids)?.into_iter().filter_map(with_score).collect();
        Ok(Similar { photos, notice })
    }

    /// What a query has to say to find photos like the picture in a file: the photo, where the library has the file.
    ///
    /// # Errors
    /// When the file cannot be read or decoded.
    pub fn query_of_file(&self, path: &Path) -> Result<SimilarQuery> {
        if let Some(id) = self.catalog.photo_at(path)? {
            return Ok(SimilarQuery::Photo { id });
        }
        let bytes = read_picture(path)?;
        let image = self.add_image(&bytes, &path.to_string_lossy())?;
        Ok(SimilarQuery::Image { token: image.token })
    }

    async fn rank(&self, what: &SimilarQuery, query: &PhotoQuery) -> Result<RankedPhotos> {
        let engine = self.engines.current();
        let limit = query.limit.map_or(MOST_ALIKE, |limit| limit as usize);
        let (vector, first) = match what {
            SimilarQuery::Photo { id } => (self.vector_of(&engine, *id)?, Some(*id)),
            SimilarQuery::Image { token } => (self.vector_of_image(&engine, *token)?, None),
            SimilarQuery::Words { text } => return self.by_words(&engine, text, &query.among, limit).await,
            SimilarQuery::Subject { id } => return self.by_subject(&engine, *id, &query.among, limit).await,
        };
        self.nearest(&engine, &vector, first, &query.among, limit).await
    }

    /// The photos of a scope by how surely they show a subject.
    async fn by_subject(
        &self,
        engine: &Engine,
        subject: SubjectId,
        scope: &Scope,
        limit: usize,
    ) -> Result<RankedPhotos> {
        let among = PhotoQuery { among: scope.clone(), ..PhotoQuery::default() };
        let inside = self.subjects.grid(engine, &among).await?.photos;
        let inside: HashSet<_> = inside.iter().map(|photo| photo.id).collect();
        let judgement = self.subjects.judge(engine, subject).await?;
        let ranked = judgement.ranked.iter().filter(|(photo, _)| inside.contains(photo));
        let ranked: Vec<_> = ranked.take(limit).copied().collect();
        let ids = ranked.iter().map(|(photo, _)| *photo).collect();
        Ok(RankedPhotos { ids, scores: ranked.into_iter().collect(), notice: None })
    }

    /// Who learns subjects.
    pub(crate) fn subjects(&self) -> &Subjects {
        &self.subjects
    }

    /// Who finds photos by words.
    pub(crate) fn words(&self) -> Arc<Words> {
        Arc::clone(&self.words)
    }

    /// Photos whose names and texts hold all the words come first, then those that show what the words say.
    async fn by_words(
        &self,
        engine: &Engine,
        text: &str,
        scope: &Scope,
        limit: usize,
    ) -> Result<RankedPhotos> {
        let among = PhotoQuery { among: scope.clone(), ..PhotoQuery::default() };
        let inside: HashSet<_> =
            self.subjects.grid(engine, &among).await?.photos.iter().map(|photo| photo.id).collect();
        let sentence = Sentence::parse(text);
        let shown =
            self.words.search(&self.catalog, &engine.model, &sentence, |photo| inside.contains(&photo))?;
        let named: HashSet<_> = self.catalog.photos_named(&sentence.wanted)?.into_iter().collect();
        let mut ranked: Vec<_> = shown
            .into_iter()
            .map(|(photo, score)| {
                (photo, f32::midpoint(score, if named.contains(&photo) { 1.0 } else { 0.0 }))
            })
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked.truncate(limit);
        let ids = ranked.iter().map(|(photo, _)| *photo).collect();
        Ok(RankedPhotos { ids, scores: ranked.into_iter().collect(), notice: None })
    }

    /// What the stores understand of a scope.
    async fn filter(&self, engine: &Engine, scope: &Scope) -> Result<Filter> {
        let mut parts: Vec<_> = scope.folder.map(Filter::Folder).into_iter().collect();
        if scope.from.is_some() || scope.until.is_some() {
            parts.push(Filter::Taken(scope.from.unwrap_or(-END_OF_TIME)..scope.until.unwrap_or(END_OF_TIME)));
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

    async fn nearest(
        &self,
        engine: &Engine,
        vector: &[f32],
        first: Option<PhotoId>,
        scope: &Scope,
        limit: usize,
    ) -> Result<RankedPhotos> {
        let answer = engine.active.search(vector, limit, &self.filter(engine, scope).await?).await?;
        let mut ids: Vec<PhotoId> = answer.hits.iter().map(|hit| hit.photo).collect();
        let mut scores: HashMap<_, _> =
            answer.hits.iter().map(|hit| (hit.photo, hit.score.clamp(-1.0, 1.0))).collect();
        // Photos that are the same to the model may hide it.
        if let Some(first) = first.filter(|first| scope.is_all() || ids.contains(first)) {
            ids.retain(|id| *id != first);
            ids.insert(0, first);
            scores.insert(first, 1.0);
        }
        ids.truncate(limit);
        Ok(RankedPhotos { ids, scores, notice: answer.notice })
    }

    /// The vector of a photo; one that the indexer has not reached yet is embedded now.
    fn vector_of(&self, engine: &Engine, id: PhotoId) -> Result<Vec<f32>> {
        if let Some(vector) = self.catalog.embedding(id, &engine.model.id())? {
            return Ok(vector);
        }
        self.embed_file(engine, &self.catalog.photo_path(id)?)
    }

    /// The vector of a picture from outside. One of an earlier model is made again, of the small picture.
    fn vector_of_image(&self, engine: &Engine, token: u32) -> Result<Vec<f32>> {
        let (model, vector) = self.image(token, |image| (image.model.clone(), image.vector.clone()))?;
        if model == engine.model.id() {
            return Ok(vector);
        }
        Ok(self.embed(engine, Path::new("query.jpg"), &self.image_preview(token)?, None)?.0)
    }

    fn embed_file(&self, engine: &Engine, path: &Path) -> Result<Vec<f32>> {
        let bytes = read_picture(path)?;
        Ok(self.embed(engine, path, &bytes, None)?.0)
    }

    /// The vector of a picture, and the picture encoded if that is asked for too.
    fn embed(
        &self,
        engine: &Engine,
        path: &Path,
        bytes: &[u8],
        encoded: Option<Encoding>,
    ) -> Result<(Vec<f32>, Option<EncodedImage>)> {
        let side = self.with_embedder(engine, |embedder| Ok(embedder.side()))?;
        let order = DecodeOrder {
            side: thumbnail::SIDE,
            encoded,
            square: Some(side),
            facts: false,
            part: FilePart::Photo,
        };
        let answer = self.decoders.decode(&Job::of(path, bytes, order))?;
        let square = answer.square.expect("it was ordered");
        Ok((self.with_embedder(engine, |embedder| embedder.embed(&square))?, answer.encoded))
    }

    fn with_embedder<T>(&self, engine: &Engine, work: impl FnOnce(&mut Embedder) -> Result<T>) -> Result<T> {
        let mut slot = self.embedder.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let id = engine.model.id();
        if slot.as_ref().is_none_or(|(model, _)| *model != id) {
            *slot = Some((id, engine.model.embedder()?));
        }
        work(&mut slot.as_mut().expect("made above").1)
    }

    /// Waits for a picture that is being embedded, and lets go of the model.
    pub(crate) fn close(&self) {
        *self.embedder.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
    }

    /// Keeps a picture from outside as a query, without adding it to the library. `name` gives its kind where its
    /// content does not, and is shown.
    ///
    /// # Errors
    /// When it is not a picture.
    pub fn add_image(&self, bytes: &[u8], name: &str) -> Result<QueryImage> {
        let encoded = Some(Encoding::Jpeg(thumbnail::QUALITY));
        let engine = self.engines.current();
        let (vector, small) = self.embed(&engine, Path::new(name), bytes, encoded)?;
        let EncodedImage { bytes: preview, width, height, .. } = small.expect("it was ordered");
        let token = self.next_token.fetch_add(1, Ordering::Relaxed);
        let mut images = self.images.lock().expect("no thread panics while it holds the pictures");
        images.insert(token, StoredImage { model: engine.model.id(), vector, preview });
        while images.len() > KEPT_IMAGES {
            images.pop_first();
        }
        Ok(QueryImage { token, name: name.to_owned(), width, height })
    }

    /// A small JPEG of a picture that is kept as a query.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn image_preview(&self, token: u32) -> Result<Vec<u8>> {
        self.image(token, |image| image.preview.clone())
    }

    fn image<T>(&self, token: u32, take: impl FnOnce(&StoredImage) -> T) -> Result<T> {
        let images = self.images.lock().expect("no thread panics while it holds the pictures");
        images.get(&token).map(take).ok_or_else(|| Error::NotFound(FaultCode::PictureNotFound.reason()))
    }
}
