//! Compares each photo once with those that the model takes for most alike, and keeps which are the same picture.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZero;

use super::fingerprint::Fingerprint;
use super::grey::Grey;
use super::kept::KeptLookAlikes;
use super::likeness::{LEAST_COSINE, is_same_picture};
use crate::cache::ThumbnailCache;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::image::thumbnail;
use crate::search::Engine;
use crate::task::CancelToken;
use crate::types::{ContentHash, PhotoId};
use crate::vectors::Filter;

/// Photos that each one is compared with at most: the cost grows with the library, not with its square.
const NEIGHBOURS: usize = 32;
/// Photos between two looks whether to stop.
const AT_ONCE: usize = 64;
/// Rows of the catalogue that are read at a time.
const PAGE: usize = 10_000;

/// See the module.
pub(super) struct LookAlikeComparison<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) engine: &'a Engine,
    pub(super) cache: &'a ThumbnailCache,
}

type Contents = HashMap<PhotoId, ContentHash>;

/// Two photos, the smaller id first, and the cosine of their vectors.
type Pairs = BTreeMap<(PhotoId, PhotoId), f32>;

impl LookAlikeComparison<'_> {
    /// Compares what is new. `progress` gets how many photos were compared, and how many there were to compare.
    pub(super) async fn run(
        &self,
        kept: &mut KeptLookAlikes,
        progress: &impl Fn(usize, usize),
        cancel: &CancelToken,
    ) -> Result<()> {
        let contents = self.contents()?;
        let compared = kept.compared()?;
        let is_stale = |(photo, content): &(&PhotoId, &ContentHash)| contents.get(photo) != Some(content);
        let stale: Vec<_> = compared.iter().filter(is_stale).map(|(photo, _)| *photo).collect();
        kept.forget(&stale)?;
        let mut new: Vec<_> =
            contents.keys().filter(|photo| compared.get(photo) != contents.get(photo)).copied().collect();
        new.sort_unstable();
        if !new.is_empty() {
            self.engine.active.embedded().run().await?;
        }
        for (number, photos) in new.chunks(AT_ONCE).enumerate() {
            cancel.check()?;
            progress(number * AT_ONCE, new.len());
            self.compare(photos, &contents, kept).await?;
        }
        Ok(())
    }

    /// All photos that have a thumbnail.
    fn contents(&self) -> Result<Contents> {
        let (mut contents, mut after) = (Contents::new(), PhotoId(0));
        loop {
            let page = self.catalog.with_thumbnails(after, PAGE)?;
            let Some((last, _)) = page.last() else { return Ok(contents) };
            after = *last;
            contents.extend(page);
        }
    }

    async fn compare(
        &self,
        photos: &[PhotoId],
        contents: &Contents,
        kept: &mut KeptLookAlikes,
    ) -> Result<()> {
        let (asked, vectors) = self.vectors(photos)?;
        let pairs = self.alike(&asked, &vectors, contents).await?;
        let mut involved: Vec<_> = pairs.keys().flat_map(|(one, two)| [*one, *two]).collect();
        involved.sort_unstable();
        involved.dedup();
        let (mut prints, mut lacking) = (HashMap::new(), Vec::new());
        for photo in involved {
            match kept.fingerprint(photo, contents[&photo])? {
                Some(print) => drop(prints.insert(photo, print)),
                None => lacking.push(photo),
            }
        }
        let made = in_parallel(&lacking, |photo| self.fingerprint(contents[photo]));
        prints.extend(lacking.iter().zip(made).filter_map(|(photo, print)| Some((*photo, print?))));
        let pairs: Vec<_> = pairs.into_iter().collect();
        let same = in_parallel(&pairs, |((one, two), cosine)| {
            let prints = prints.get(one).zip(prints.get(two));
            prints.is_some_and(|(one, two)| is_same_picture(one, two, *cosine))
        });
        let same: Vec<_> =
            pairs.iter().zip(same).filter(|(_, same)| *same).map(|((pair, _), _)| *pair).collect();
        let made = lacking.iter().filter_map(|photo| Some((*photo, contents[photo], prints.get(photo)?)));
        // One whose thumbnail is away is compared when it is there again.
        let is_done = |photo: &&PhotoId| !lacking.contains(photo) || prints.contains_key(photo);
        let done: Vec<_> = asked.iter().filter(is_done).map(|photo| (*photo, contents[photo])).collect();
        kept.keep(&made.collect::<Vec<_>>(), &same, &done)
    }

    /// Those of `photos` that have a vector, and it.
    fn vectors(&self, photos: &[PhotoId]) -> Result<(Vec<PhotoId>, Vec<Vec<f32>>)> {
        let model = self.engine.model.id();
        let mut found = (Vec::new(), Vec::new());
        for photo in photos {
            if let Some(vector) = self.catalog.embedding(*photo, &model)? {
                found.0.push(*photo);
                found.1.push(vector);
            }
        }
        Ok(found)
    }

    /// The pairs of these photos and those that are most alike, each once, with the cosines of their vectors.
    async fn alike(&self, asked: &[PhotoId], vectors: &[Vec<f32>], contents: &Contents) -> Result<Pairs> {
        let store = self.engine.active.embedded();
        let found = store.store().search_many(vectors, NEIGHBOURS + 1, &Filter::All, false).await?;
        let mut pairs = Pairs::new();
        for (photo, hits) in asked.iter().copied().zip(found) {
            let is_other = |photo: PhotoId, other: PhotoId| photo != other && contents.contains_key(&other);
            for hit in hits.iter().filter(|hit| hit.score >= LEAST_COSINE && is_other(photo, hit.photo)) {
                pairs.insert((photo.min(hit.photo), photo.max(hit.photo)), hit.score);
            }
        }
        Ok(pairs)
    }

    /// The fingerprint of the thumbnail with this content. `None` when it is not there.
    fn fingerprint(&self, content: ContentHash) -> Option<Fingerprint> {
        let (width, height, bytes) = thumbnail::brightness(&self.cache.read(content)?)?;
        Some(Fingerprint::of(&Grey::of_bytes(width, height, &bytes)))
    }
}

/// Does the work for all items on all cores, in their order.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let work = &work;
        let parts: Vec<_> = items
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("comparing does not panic")).collect()
    })
}
