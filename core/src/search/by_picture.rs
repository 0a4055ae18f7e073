//! Photos like a picture, or with a part like it.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::blend::Blend;
use super::likeness::Evidence;
use super::words::WantedKind;
use super::{Engine, RankedPhotos, Search, cut_off};
use crate::error::{Error, Result};
use crate::types::{
    Area, Example, FaultCode, PhotoId, PhotoQuery, Reason, ReasonCode, RegionId, SimilarQuery, Why,
};
use crate::vectors::{Filter, dot};

/// So many photos that look alike, show the same kind of thing, or have a part that is alike, are compared in all three.
const POOL: usize = 300;

/// The best answers that are asked for too, and what each counts beside the picture itself.
const EXPANDED: usize = 2;
const EXPANSION: f32 = 0.5;

/// What the photos that answers shall be unlike count, all together, beside the others.
const AWAY: f32 = 0.5;

/// A photo, how alike it is, and the part that this is for.
#[derive(Clone, Copy, Debug)]
struct Scored {
    photo: PhotoId,
    score: f32,
    why: Why,
    part: Option<RegionId>,
}

/// What a question is asked among, made once for all its rounds.
struct Among {
    filter: Filter,
    /// The photos of the scope; `None` = all.
    inside: Option<HashSet<PhotoId>>,
    /// See [`PhotoQuery::kind`].
    kind: Option<f32>,
    /// Photos with a part that is alike: the part, and its cosine.
    parts: HashMap<PhotoId, (RegionId, f32)>,
    /// So many are looked at for each reason.
    pool: usize,
}

impl Scored {
    /// Best first, equal scores by photo.
    fn rank(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.photo.cmp(&other.photo))
    }
}

impl Search {
    pub(super) async fn by_picture(
        &self,
        engine: &Engine,
        what: &SimilarQuery,
        query: &PhotoQuery,
        limit: usize,
    ) -> Result<RankedPhotos> {
        let mut ranked = match &query.area {
            Some(area) => self.with_part(engine, what, area, query, limit).await?,
            None => self.like_whole(engine, what, query, limit).await?,
        };
        // Photos that are the same to the model may hide the one that is asked for.
        if let SimilarQuery::Photo { id } = what
            && (query.among.is_all() || ranked.ids.contains(id))
        {
            ranked.ids.retain(|other| other != id);
            ranked.ids.insert(0, *id);
            ranked.scores.insert(*id, 1.0);
            ranked.why.insert(*id, Why::Itself);
            ranked.areas.remove(id);
            ranked.areas.extend(query.area.map(|area| (*id, area)));
        }
        ranked.ids.truncate(limit);
        Ok(ranked)
    }

    /// Photos with a part like this part of a picture.
    async fn with_part(
        &self,
        engine: &Engine,
        what: &SimilarQuery,
        area: &Area,
        query: &PhotoQuery,
        limit: usize,
    ) -> Result<RankedPhotos> {
        let vector = self.pictures.vector_of_part(&self.regions.model, what, area)?;
        let answer =
            self.regions.active.search(&vector, limit, &self.filter(engine, &query.among).await?).await?;
        let scored = answer.hits.iter().map(|hit| Scored {
            photo: hit.photo,
            score: hit.score.clamp(-1.0, 1.0),
            why: Why::Part,
            part: hit.region,
        });
        self.ranked(scored.collect(), answer.notice)
    }

    /// Photos like a whole picture. The best answers say more of what is meant, so they are asked for too.
    async fn like_whole(
        &self,
        engine: &Engine,
        what: &SimilarQuery,
        query: &PhotoQuery,
        limit: usize,
    ) -> Result<RankedPhotos> {
        let mut among = Among {
            filter: self.filter(engine, &query.among).await?,
            inside: self.inside(engine, &query.among).await?,
            kind: query.kind,
            parts: HashMap::new(),
            pool: limit.max(POOL),
        };
        if let SimilarQuery::Examples { photos } = what {
            let wanted = self.blended(engine, photos)?;
            let (scored, notice) = self.compare(engine, &wanted, &among).await?;
            return self.ranked(scored, notice);
        }
        let wanted = Blend::of(self.pictures.vector_of(engine, what)?);
        if query.kind.is_none() {
            among.parts = self.parts_like(what, among.pool, &among.filter).await;
        }
        let (mut scored, notice) = self.compare(engine, &wanted, &among).await?;
        if query.kind.is_none() {
            let itself = match what {
                SimilarQuery::Photo { id } => Some(*id),
                _ => None,
            };
            let mut others = scored.clone();
            others.retain(|found| Some(found.photo) != itself);
            others.sort_unstable_by(Scored::rank);
            if let Some(first) = others.first().copied() {
                let wanted = self.expanded(engine, &wanted, &others)?;
                (scored, _) = self.compare(engine, &wanted, &among).await?;
                // Where one photo alone is meant, the others must not push it aside.
                scored.retain(|found| found.photo != first.photo);
                let most = scored.iter().map(|found| found.score).fold(first.score, f32::max);
                scored.push(Scored { score: most, ..first });
            }
        }
        self.ranked(scored, notice)
    }

    /// What examples have in common, away from what those have that answers shall be unlike.
    fn blended(&self, engine: &Engine, examples: &[Example]) -> Result<Blend> {
        let sum = |sign: f32| examples.iter().map(|each| (sign * each.weight).max(0.0)).sum::<f32>();
        let (wanted, unwanted) = (sum(1.0), sum(-1.0));
        if wanted <= 0.0 {
            return Err(Error::Invalid(FaultCode::ExamplesMissing.reason()));
        }
        let mut blend = Blend::default();
        for Example { id, weight } in examples {
            let share = if *weight > 0.0 { weight / wanted } else { AWAY * weight / unwanted };
            blend.add(share, self.pictures.vector_of(engine, &SimilarQuery::Photo { id: *id })?);
        }
        Ok(blend)
    }

    /// What is wanted, and the best answers to it.
    fn expanded(&self, engine: &Engine, wanted: &Blend, best: &[Scored]) -> Result<Blend> {
        let mut expanded = wanted.clone();
        for found in best.iter().filter(|found| found.part.is_none()).take(EXPANDED) {
            if let Some(vector) = self.catalog.embedding(found.photo, &engine.model.id())? {
                let alike = dot(&wanted.vector(), &vector);
                expanded.add(EXPANSION * alike.max(0.0), vector);
            }
        }
        Ok(expanded)
    }

    /// Compares the photos that come into question with what is wanted, in no order.
    async fn compare(
        &self,
        engine: &Engine,
        wanted: &Blend,
        among: &Among,
    ) -> Result<(Vec<Scored>, Option<Reason>)> {
        let vector = wanted.vector();
        let answer = engine.active.search(&vector, among.pool, &among.filter).await?;
        let mut looks: HashMap<_, _> = answer.hits.iter().map(|hit| (hit.photo, hit.score)).collect();
        let kind = self.wanted_kind(engine, wanted, among);
        let is_inside = |photo| among.inside.as_ref().is_none_or(|inside| inside.contains(&photo));
        let of_kind = match &kind {
            Some(kind) => {
                self.words.with_classes(&engine.model, |classes| kind.best(classes, among.pool, is_inside))?
            }
            None => Vec::new(),
        };
        let others = of_kind.into_iter().chain(among.parts.keys().copied());
        let others: HashSet<_> = others.filter(|photo| !looks.contains_key(photo)).collect();
        if !others.is_empty() {
            let count = others.len();
            let filter = Filter::Ids(others.into_iter().collect());
            let filter = Filter::And(vec![among.filter.clone(), filter]);
            let more = engine.active.search(&vector, count, &filter).await?;
            looks.extend(more.hits.iter().map(|hit| (hit.photo, hit.score)));
        }
        let kinds: HashMap<_, _> = match &kind {
            Some(kind) => self.words.with_classes(&engine.model, |classes| {
                looks.keys().filter_map(|photo| Some((*photo, kind.of(classes, *photo)?))).collect()
            })?,
            None => HashMap::new(),
        };
        let scored = looks.into_iter().map(|(photo, looks)| {
            let kind = kinds.get(&photo).copied().unwrap_or(looks);
            let part = among.parts.get(&photo).copied();
            let (score, why, part) = Evidence { looks, kind, part }.score(among.kind);
            Scored { photo, score, why, part }
        });
        Ok((scored.collect(), answer.notice))
    }

    /// The kind of thing that is wanted. `None` where looks alone are, the model has no classes or the word pack is missing.
    fn wanted_kind(&self, engine: &Engine, wanted: &Blend, among: &Among) -> Option<WantedKind> {
        if among.kind == Some(0.0) {
            return None;
        }
        let kind = self.words.kind_of(&self.catalog, &engine.model, wanted);
        kind.inspect_err(|error| tracing::info!(%error, "kinds are not compared")).ok()
    }

    /// Photos with a part that is like a whole picture; none where parts cannot be compared.
    async fn parts_like(
        &self,
        what: &SimilarQuery,
        limit: usize,
        filter: &Filter,
    ) -> HashMap<PhotoId, (RegionId, f32)> {
        let found = match self.pictures.vector_of_part(&self.regions.model, what, &Area::WHOLE) {
            Ok(vector) => self.regions.active.search(&vector, limit, filter).await,
            Err(error) => Err(error),
        };
        let hits = match found {
            Ok(answer) => answer.hits,
            Err(error) => {
                tracing::info!(%error, "parts of photos are not compared");
                Vec::new()
            }
        };
        hits.iter().filter_map(|hit| Some((hit.photo, (hit.region?, hit.score)))).collect()
    }

    fn ranked(&self, mut scored: Vec<Scored>, notice: Option<Reason>) -> Result<RankedPhotos> {
        scored.sort_unstable_by(Scored::rank);
        let regions: Vec<_> = scored.iter().filter_map(|found| found.part).collect();
        let known = self.catalog.areas(&regions)?;
        let area = |found: &Scored| {
            let area = known.get(&found.part?).filter(|area| **area != Area::WHOLE)?;
            Some((found.photo, *area))
        };
        Ok(RankedPhotos {
            ids: scored.iter().map(|found| found.photo).collect(),
            areas: scored.iter().filter_map(area).collect(),
            weak_below: cut_off(scored.iter().map(|found| found.score)),
            why: scored.iter().map(|found| (found.photo, found.why)).collect(),
            scores: scored.iter().map(|found| (found.photo, found.score)).collect(),
            unknown: Vec::new(),
            notice,
        })
    }
}
