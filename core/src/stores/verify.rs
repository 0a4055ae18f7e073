//! Whether a store gives the right answers: its hits beside those of all the catalogue's vectors, compared one by one.

use std::collections::HashMap;

use crate::catalog::Catalog;
use crate::error::Result;
use crate::task::CancelToken;
use crate::types::{PhotoId, PointId, PointKind, Verification};
use crate::vectors::{Filter, Hit, VectorStore, dot};

/// Searches that are compared.
const SEARCHES: usize = 100;

const HITS: usize = 10;

/// Of the exact answers a store must find this share.
const LEAST_RECALL: f64 = 0.99;

/// Most by which a score may differ from the exact one.
const SCORE_TOLERANCE: f32 = 1e-3;

/// What a score counts for that is not a number: scores are between -1 and 1.
const WORST_ERROR: f32 = 2.0;

/// Rows of the catalogue that are read at a time.
const PAGE: usize = 1000;

/// Compares a store's hits for photos picked at random with the catalogue, up to the revision `newest`.
pub(crate) async fn verify(
    catalog: &Catalog,
    model: &str,
    store: &dyn VectorStore,
    newest: i64,
    cancel: &CancelToken,
) -> Result<Verification> {
    let series = (model, PointKind::Photos);
    let mut comparisons = Vec::new();
    for (_, query) in catalog.vector_sample(series, SEARCHES)? {
        cancel.check()?;
        let hits = store.search(&query, HITS, &Filter::All, false).await?;
        comparisons.push(Comparison::new(query, hits));
    }
    let mut after = (0, PointId(i64::MAX));
    let mut expected = 0;
    loop {
        let page = catalog.vectors_after(after, newest, series, PAGE)?;
        let Some(last) = page.last() else { break };
        after = (last.revision, last.id);
        expected += page.len();
        for comparison in &mut comparisons {
            cancel.check()?;
            page.iter().for_each(|row| comparison.add(row.photo, &row.vector));
        }
    }
    Ok(judge(&comparisons, store.count().await?, expected))
}

fn judge(comparisons: &[Comparison], rows: usize, expected: usize) -> Verification {
    let sum = |count: fn(&Comparison) -> usize| comparisons.iter().map(count).sum::<usize>();
    let (wanted, found) = (sum(|one| one.best.len()), sum(Comparison::found));
    let strangers = sum(Comparison::strangers);
    let recall = if wanted == 0 { 1.0 } else { f64::from(found as u32) / f64::from(wanted as u32) };
    let score_error = comparisons.iter().map(Comparison::score_error).fold(0.0, f32::max);
    let ok = rows == expected && recall >= LEAST_RECALL && score_error <= SCORE_TOLERANCE && strangers == 0;
    let searches = comparisons.len();
    Verification { rows, expected, searches, recall, score_error, strangers, repaired: false, ok }
}

/// One search: what the store found, and what is right.
struct Comparison {
    query: Vec<f32>,
    hits: Vec<Hit>,
    /// The catalogue's scores of the hits.
    scores: HashMap<PhotoId, Option<f32>>,
    /// The best scores of the catalogue, best first.
    best: Vec<f32>,
}

impl Comparison {
    fn new(query: Vec<f32>, hits: Vec<Hit>) -> Self {
        let scores = hits.iter().map(|hit| (hit.photo, None)).collect();
        Self { query, hits, scores, best: Vec::with_capacity(HITS + 1) }
    }

    /// A vector of the catalogue.
    fn add(&mut self, photo: PhotoId, vector: &[f32]) {
        let score = dot(&self.query, vector);
        if let Some(known) = self.scores.get_mut(&photo) {
            *known = Some(score);
        }
        if self.best.len() < HITS || self.best.last().is_some_and(|least| score > *least) {
            self.best.insert(self.best.partition_point(|other| *other >= score), score);
            self.best.truncate(HITS);
        }
    }

    /// Photos that were rightly found. Those that are equally alike may stand for one another.
    fn found(&self) -> usize {
        let least = self.best.last().map_or(0.0, |score| score - SCORE_TOLERANCE);
        self.scores.values().flatten().filter(|score| **score >= least).count().min(self.best.len())
    }

    /// Hits that are not photos of the library, or came before.
    fn strangers(&self) -> usize {
        self.hits.len() - self.scores.values().flatten().count()
    }

    fn score_error(&self) -> f32 {
        let error = |hit: &Hit| {
            let known = self.scores[&hit.photo]?;
            let error = (hit.score - known).abs();
            Some(if error.is_nan() { WORST_ERROR } else { error.min(WORST_ERROR) })
        };
        self.hits.iter().filter_map(error).fold(0.0, f32::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(photo: i64, score: f32) -> Hit {
        Hit { photo: PhotoId(photo), region: None, score }
    }

    /// Twenty photos, each less alike the query than the one before, and these hits.
    fn compared(hits: Vec<Hit>) -> Verification {
        let mut comparison = Comparison::new(vec![1.0, 0.0], hits);
        for photo in (0..20).rev() {
            comparison.add(PhotoId(photo), &[score(photo), 0.0]);
        }
        judge(&[comparison], 20, 20)
    }

    fn score(photo: i64) -> f32 {
        1.0 - photo as f32 / 100.0
    }

    fn right() -> Vec<Hit> {
        (0..10).map(|photo| hit(photo, score(photo))).collect()
    }

    fn changed(at: usize, hit: Hit) -> Verification {
        let mut hits = right();
        hits[at] = hit;
        compared(hits)
    }

    #[test]
    fn the_right_hits_pass() {
        let verified = compared(right());
        assert!(verified.ok && verified.recall == 1.0 && verified.strangers == 0, "{verified:?}");
    }

    #[test]
    fn hits_that_are_no_photos_fail_whatever_their_score() {
        let verified = changed(3, hit(77, score(3)));
        assert_eq!((verified.ok, verified.strangers, verified.recall), (false, 1, 0.9));
    }

    #[test]
    fn the_same_photo_again_counts_once() {
        let verified = compared(vec![hit(0, 1.0); 10]);
        assert_eq!((verified.ok, verified.strangers, verified.recall), (false, 9, 0.1));
    }

    #[test]
    fn photos_that_are_less_alike_fail_though_their_score_says_otherwise() {
        let verified = changed(9, hit(15, score(9)));
        assert!(!verified.ok && verified.recall == 0.9 && verified.score_error > 0.05, "{verified:?}");
    }

    #[test]
    fn a_score_that_is_no_number_fails() {
        for odd in [f32::NAN, f32::INFINITY] {
            let verified = changed(2, hit(2, odd));
            assert_eq!((verified.ok, verified.score_error), (false, WORST_ERROR));
        }
    }

    #[test]
    fn a_photo_that_is_not_found_fails() {
        let verified = compared(right()[..9].to_vec());
        assert_eq!((verified.ok, verified.recall), (false, 0.9));
    }
}
