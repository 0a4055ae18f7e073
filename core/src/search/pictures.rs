//! Pictures as queries: of the library and from outside, each with its vectors, and those of a part of it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::engine::Engine;
use crate::catalog::Catalog;
use crate::decoder::{DecodeOrder, Decoders, EncodedImage, Encoding, FilePart, Job};
use crate::error::{Error, Result};
use crate::image::thumbnail;
use crate::indexing::regions;
use crate::inference::{Embedder, Model};
use crate::pixels::Rgb;
use crate::platform::reading::read_picture;
use crate::types::{Area, FaultCode, QueryImage, ReasonCode, SimilarQuery};

/// Pictures from outside that are kept as queries; older ones are forgotten.
const KEPT_IMAGES: usize = 32;
/// Longer side of such a picture as it is kept, in pixels: enough to see a small part of it.
const SIDE: u32 = 1280;

/// See the module.
pub(super) struct QueryPictures {
    catalog: Arc<Catalog>,
    decoders: Decoders,
    /// By model, made with the first query that needs them.
    embedders: Mutex<HashMap<String, Embedder>>,
    images: Mutex<BTreeMap<u32, StoredImage>>,
    next_token: AtomicU32,
}

struct StoredImage {
    model: String,
    vector: Vec<f32>,
    preview: Vec<u8>,
}

impl QueryPictures {
    pub(super) fn new(catalog: Arc<Catalog>, decoders: Decoders) -> Self {
        Self {
            catalog,
            decoders,
            embedders: Mutex::default(),
            images: Mutex::default(),
            next_token: AtomicU32::new(1),
        }
    }

    /// The vector of a whole picture; a photo that the indexer has not reached yet is embedded now, and a picture that was
    /// embedded by an earlier model again.
    pub(super) fn vector_of(&self, engine: &Engine, query: &SimilarQuery) -> Result<Vec<f32>> {
        let model = &engine.model;
        match query {
            SimilarQuery::Photo { id } => {
                if let Some(vector) = self.catalog.embedding(*id, &model.id())? {
                    return Ok(vector);
                }
            }
            SimilarQuery::Image { token } => {
                let (of, vector) = self.image(*token, |image| (image.model.clone(), image.vector.clone()))?;
                if of == model.id() {
                    return Ok(vector);
                }
            }
            SimilarQuery::Examples { .. } | SimilarQuery::Words { .. } | SimilarQuery::Subject { .. } => {}
        }
        let side = self.with_embedder(model, |embedder| Ok(embedder.side()))?;
        let order =
            DecodeOrder { side: thumbnail::SIDE, square: Some(side), facts: false, ..DecodeOrder::FACTS };
        let square = self.decoded(query, order)?.square.expect("it was ordered");
        self.with_embedder(model, |embedder| embedder.embed(&square))
    }

    /// The vector of a part of a picture, as parts of photos have them.
    pub(super) fn vector_of_part(
        &self,
        model: &Model,
        query: &SimilarQuery,
        area: &Area,
    ) -> Result<Vec<f32>> {
        if let SimilarQuery::Photo { id } = query
            && *area == Area::WHOLE
            && let Some(vector) = self.catalog.embedding(*id, &model.id())?
        {
            return Ok(vector);
        }
        let order = DecodeOrder { side: SIDE, pixels: true, facts: false, ..DecodeOrder::FACTS };
        let picture: Rgb = self.decoded(query, order)?.pixels.expect("they were ordered");
        self.with_embedder(model, |embedder| regions::embed(&picture, area, embedder))
    }

    /// What a query has to say to find photos like the picture in a file: the photo, where the library has the file.
    pub(super) fn query_of_file(&self, engine: &Engine, path: &Path) -> Result<SimilarQuery> {
        if let Some(id) = self.catalog.photo_at(path)? {
            return Ok(SimilarQuery::Photo { id });
        }
        let image = self.add(engine, &read_picture(path)?, &path.to_string_lossy())?;
        Ok(SimilarQuery::Image { token: image.token })
    }

    /// See [`super::Search::add_image`].
    pub(super) fn add(&self, engine: &Engine, bytes: &[u8], name: &str) -> Result<QueryImage> {
        let square = self.with_embedder(&engine.model, |embedder| Ok(embedder.side()))?;
        let order = DecodeOrder {
            side: SIDE,
            encoded: Some(Encoding::Jpeg(thumbnail::QUALITY)),
            square: Some(square),
            pixels: false,
            facts: false,
            part: FilePart::Photo,
        };
        let answer = self.decoders.decode(&Job::of(Path::new(name), bytes, order))?;
        let square = answer.square.expect("it was ordered");
        let vector = self.with_embedder(&engine.model, |embedder| embedder.embed(&square))?;
        let EncodedImage { bytes: preview, width, height, .. } = answer.encoded.expect("it was ordered");
        let token = self.next_token.fetch_add(1, Ordering::Relaxed);
        let mut images = self.images();
        images.insert(token, StoredImage { model: engine.model.id(), vector, preview });
        while images.len() > KEPT_IMAGES {
            images.pop_first();
        }
        Ok(QueryImage { token, name: name.to_owned(), width, height })
    }

    /// See [`super::Search::image_preview`].
    pub(super) fn preview(&self, token: u32) -> Result<Vec<u8>> {
        self.image(token, |image| image.preview.clone())
    }

    /// Waits for a picture that is being embedded, and lets go of the models.
    pub(super) fn close(&self) {
        self.embedders.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn decoded(&self, query: &SimilarQuery, order: DecodeOrder) -> Result<crate::decoder::DecodeOutput> {
        match query {
            SimilarQuery::Photo { id } => {
                let path = self.catalog.photo_path(*id)?;
                self.decoders.decode(&Job::of(&path, &read_picture(&path)?, order))
            }
            SimilarQuery::Image { token } => {
                self.decoders.decode(&Job::of(Path::new("query.jpg"), &self.preview(*token)?, order))
            }
            SimilarQuery::Examples { .. } | SimilarQuery::Words { .. } | SimilarQuery::Subject { .. } => {
                Err(Error::NotFound(FaultCode::PictureNotFound.reason()))
            }
        }
    }

    fn with_embedder<T>(&self, model: &Model, work: impl FnOnce(&mut Embedder) -> Result<T>) -> Result<T> {
        let mut embedders = self.embedders.lock().unwrap_or_else(PoisonError::into_inner);
        match embedders.entry(model.id()) {
            Entry::Occupied(known) => work(known.into_mut()),
            Entry::Vacant(free) => work(free.insert(model.embedder()?)),
        }
    }

    fn image<T>(&self, token: u32, take: impl FnOnce(&StoredImage) -> T) -> Result<T> {
        self.images()
            .get(&token)
            .map(take)
            .ok_or_else(|| Error::NotFound(FaultCode::PictureNotFound.reason()))
    }

    fn images(&self) -> MutexGuard<'_, BTreeMap<u32, StoredImage>> {
        self.images.lock().expect("no thread panics while it holds the pictures")
    }
}
