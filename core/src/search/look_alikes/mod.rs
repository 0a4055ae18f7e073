//! Photos that look alike: files with the same bytes, the same picture in other forms, and series. How they are told, and
//! how well: docs/decisions/0020-look-alikes.md.
//!
//! Reading order: [`compare`] takes each new photo's nearest neighbours, [`fingerprint`] says what is looked at of a photo
//! ([`grey`], [`keypoints`], [`descriptor`]), [`likeness`] decides about a pair with [`align`], [`kept`] remembers it,
//! [`groups`] makes groups of pairs, and [`best`] puts the best first.

mod align;
mod best;
mod compare;
mod descriptor;
mod fingerprint;
mod grey;
mod groups;
mod kept;
mod keypoints;
mod likeness;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use self::best::best_first;
use self::compare::LookAlikeComparison;
use self::groups::{around_the_best, connected, links};
use self::kept::KeptLookAlikes;
use super::engine::Engine;
use crate::cache::ThumbnailCache;
use crate::catalog::{Catalog, ComparedPhoto};
use crate::error::Result;
use crate::task::CancelToken;
use crate::types::{
    DateSource, LookAlike, LookAlikeKind, LookAlikes, PhotoId, PhotoLayout, PhotoQuery, PhotoShape, Scope,
};

/// Photos of a series are taken within so many milliseconds of each other ...
const SERIES_GAP: i64 = 10_000;
/// ... and are this much alike to the model.
const SERIES_COSINE: f32 = 0.7;
/// Copies of a picture tell the same moment; what they were rounded to does not count.
const SAME_MOMENT: i64 = 1000;

/// Finds look-alikes in a library.
pub(crate) struct LookAlikeFinder<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) engine: &'a Engine,
    pub(crate) cache: &'a ThumbnailCache,
    /// The data folder.
    pub(crate) data: &'a Path,
}

type Pair = (PhotoId, PhotoId);

impl LookAlikeFinder<'_> {
    /// The groups among the photos of a scope, exact ones first. Photos that are new are compared before; `progress` gets
    /// how many were, and how many there are.
    pub(crate) async fn find(
        &self,
        scope: &Scope,
        progress: &impl Fn(usize, usize),
        cancel: &CancelToken,
    ) -> Result<Vec<LookAlikes>> {
        let mut kept = KeptLookAlikes::open(self.data)?;
        let comparison =
            LookAlikeComparison { catalog: self.catalog, engine: self.engine, cache: self.cache };
        comparison.run(&mut kept, progress, cancel).await?;
        let layout = self.catalog.layout(&PhotoQuery { among: scope.clone(), ..PhotoQuery::default() })?;
        let inside: HashSet<_> = layout.photos.iter().map(|photo| photo.id).collect();
        let is_inside = |(one, two): &Pair| inside.contains(one) && inside.contains(two);
        let same: Vec<_> = kept.pairs()?.into_iter().filter(is_inside).collect();
        let files: HashMap<_, _> =
            self.catalog.photos_with_copies()?.into_iter().filter(|(id, _)| inside.contains(id)).collect();
        let quick = soon_after(&layout);
        let ids = same.iter().chain(&quick).flat_map(|(one, two)| [*one, *two]).chain(files.keys().copied());
        let photos = self.ranked(ids.collect(), &same, &kept)?;
        let by_id: HashMap<_, _> = photos.iter().map(|photo| (photo.shown.id, photo)).collect();
        let near: Vec<_> =
            same.iter().filter(|pair| !tell_different_moments(&by_id, **pair)).copied().collect();
        let order: Vec<_> = photos.iter().map(|photo| photo.shown.id).collect();
        let rank: HashMap<_, _> = order.iter().enumerate().map(|(rank, id)| (*id, rank)).collect();
        let series = self.series(&quick, &same, &near, &by_id)?;
        let exact = order.iter().filter(|id| files.contains_key(id)).map(|id| vec![*id]);
        let near = around_the_best(&order, &links(near));
        let shown = |kind| {
            let (by_id, files, rank) = (&by_id, &files, &rank);
            move |mut group: Vec<PhotoId>| {
                group.sort_by_key(|id| rank[id]);
                LookAlikes { kind, photos: shown(&group, by_id, files) }
            }
        };
        Ok(exact
            .map(shown(LookAlikeKind::Exact))
            .chain(near.into_iter().map(shown(LookAlikeKind::Near)))
            .chain(series.into_iter().map(shown(LookAlikeKind::Series)))
            .collect())
    }

    /// The photos, the best one first.
    fn ranked(
        &self,
        ids: HashSet<PhotoId>,
        same: &[Pair],
        kept: &KeptLookAlikes,
    ) -> Result<Vec<ComparedPhoto>> {
        let ids: Vec<_> = ids.into_iter().collect();
        let mut sharpness = HashMap::new();
        for id in &ids {
            if let Some(content) = self.catalog.photo_content(*id)?
                && let Some(print) = kept.fingerprint(*id, content)?
            {
                sharpness.insert(*id, print.sharpness);
            }
        }
        let mut photos = self.catalog.compared_photos(&ids)?;
        best_first(&mut photos, &links(same.iter().copied()), &sharpness);
        Ok(photos)
    }

    /// Runs of photos, each taken soon after another one and alike. Copies of one moment alone are no series.
    fn series(
        &self,
        quick: &[Pair],
        same: &[Pair],
        near: &[Pair],
        photos: &HashMap<PhotoId, &ComparedPhoto>,
    ) -> Result<Vec<Vec<PhotoId>>> {
        let (same, near): (HashSet<_>, HashSet<_>) = (same.iter().collect(), near.iter().collect());
        let mut pairs = Vec::new();
        for pair in quick.iter().filter(|pair| are_of_one_camera(photos, **pair)) {
            if same.contains(pair) || self.cosine(*pair)? >= SERIES_COSINE {
                pairs.push(*pair);
            }
        }
        let moments: HashSet<_> =
            pairs.iter().filter(|pair| !near.contains(pair)).flat_map(|p| [p.0, p.1]).collect();
        let mut order: Vec<_> = photos.keys().copied().collect();
        order.sort_unstable();
        let mut groups = connected(&order, &links(pairs));
        groups.retain(|group| group.iter().any(|photo| moments.contains(photo)));
        Ok(groups)
    }

    fn cosine(&self, (one, two): Pair) -> Result<f32> {
        let model = self.engine.model.id();
        let vectors = self.catalog.embedding(one, &model)?.zip(self.catalog.embedding(two, &model)?);
        Ok(vectors.map_or(0.0, |(one, two)| one.iter().zip(&two).map(|(a, b)| a * b).sum()))
    }
}

/// Photos that follow each other within [`SERIES_GAP`], the smaller id first.
fn soon_after(layout: &PhotoLayout) -> Vec<Pair> {
    let are_close = |pair: &&[PhotoShape]| pair[0].taken_at - pair[1].taken_at <= SERIES_GAP;
    let ordered = |pair: &[PhotoShape]| (pair[0].id.min(pair[1].id), pair[0].id.max(pair[1].id));
    layout.photos.windows(2).filter(are_close).map(ordered).collect()
}

/// Whether the moment of a photo is that of the picture, and not of the file.
fn is_dated(photo: &ComparedPhoto) -> bool {
    photo.date_source != DateSource::File
}

fn tell_different_moments(photos: &HashMap<PhotoId, &ComparedPhoto>, (one, two): Pair) -> bool {
    let both = photos.get(&one).zip(photos.get(&two));
    both.is_none_or(|(one, two)| {
        let is_exif = |photo: &ComparedPhoto| photo.date_source == DateSource::Exif;
        is_exif(one) && is_exif(two) && one.taken_at.abs_diff(two.taken_at) >= SAME_MOMENT as u64
    })
}

fn are_of_one_camera(photos: &HashMap<PhotoId, &ComparedPhoto>, (one, two): Pair) -> bool {
    photos.get(&one).zip(photos.get(&two)).is_some_and(|(one, two)| {
        is_dated(one)
            && is_dated(two)
            && (one.camera == two.camera || one.camera.is_none() || two.camera.is_none())
    })
}

/// A group as it is told, the best one first, with all files of each photo.
fn shown(
    group: &[PhotoId],
    photos: &HashMap<PhotoId, &ComparedPhoto>,
    files: &HashMap<PhotoId, Vec<PathBuf>>,
) -> Vec<LookAlike> {
    let photo = |id: &PhotoId| {
        let shown = photos.get(id)?.shown.clone();
        Some(LookAlike { paths: files.get(id).cloned().unwrap_or_else(|| shown.paths.clone()), ..shown })
    };
    group.iter().filter_map(photo).collect()
}
