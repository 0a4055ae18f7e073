//! What the embedded store must do, against plain sorts.

mod files;

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::types::{FolderId, PhotoId, PointId};

const DIMENSION: usize = 37;

fn unit(values: &[f32]) -> Vec<f32> {
    let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    values.iter().map(|value| value / norm).collect()
}

/// Numbers from -0.5 to 0.5, the same for the same seed.
fn noise(seed: i64, length: usize) -> Vec<f32> {
    let mut state = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let next = || {
        // xorshift64 (Marsaglia 2003).
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1_u32 << 24) as f32 - 0.5
    };
    std::iter::repeat_with(next).skip(2).take(length).collect()
}

/// Around one of ten centres, so that many are alike.
fn vector(seed: i64, length: usize) -> Vec<f32> {
    let centre = noise(seed.rem_euclid(10) - 100, length);
    unit(&centre.iter().zip(noise(seed, length)).map(|(a, b)| a + 0.5 * b).collect::<Vec<_>>())
}

/// Members of ten groups that differ more along some directions than along others, as photos do.
struct Varied(Vec<Vec<f32>>);

impl Varied {
    fn new(length: usize) -> Self {
        Self((0..12).map(|axis| noise(-1000 - axis, length)).collect())
    }

    fn vector(&self, seed: i64) -> Vec<f32> {
        let mut values = noise(seed.rem_euclid(10) - 100, self.0[0].len());
        for (direction, weight) in self.0.iter().zip(noise(seed, 12)) {
            values.iter_mut().zip(direction).for_each(|(value, along)| *value += weight * along * 2.0);
        }
        let own = noise(seed, values.len());
        unit(&values.iter().zip(own).map(|(a, b)| a + 0.5 * b).collect::<Vec<_>>())
    }
}

fn point(id: i64, vector: Vec<f32>) -> Point {
    let folder = FolderId(id % 7);
    let path = format!("/photos/{id}.jpg");
    Point { id: PointId(id), photo: PhotoId(id), vector, path, folder, taken_at: id * 1000 }
}

fn points(ids: impl IntoIterator<Item = i64>) -> Vec<Point> {
    ids.into_iter().map(|id| point(id, vector(id, DIMENSION))).collect()
}

fn collection(dimension: usize) -> Collection {
    Collection::of_photos("test@1".into(), dimension)
}

fn open(folder: &Path) -> EmbeddedStore {
    EmbeddedStore::open(folder, collection(DIMENSION)).unwrap()
}

fn ids(hits: &[Hit]) -> Vec<i64> {
    hits.iter().map(|hit| hit.photo.0).collect()
}

/// What a store should hold, and plain answers.
#[derive(Default)]
struct Truth(BTreeMap<i64, Point>);

impl Truth {
    async fn upsert(&mut self, store: &EmbeddedStore, points: Vec<Point>) {
        store.upsert(&points).await.unwrap();
        self.0.extend(points.into_iter().map(|point| (point.id.0, point)));
    }

    async fn delete(&mut self, store: &EmbeddedStore, ids: impl IntoIterator<Item = i64>) {
        let ids: Vec<_> = ids.into_iter().map(PointId).collect();
        store.delete(&ids).await.unwrap();
        ids.iter().for_each(|id| drop(self.0.remove(&id.0)));
    }

    fn best(&self, query: &[f32], limit: usize, passes: impl Fn(&Point) -> bool) -> Vec<i64> {
        let score = |point: &Point| -> f64 {
            let kept = point.vector.iter().map(|value| half::f16::from_f32(*value).to_f64());
            kept.zip(query).map(|(a, b)| a * f64::from(*b)).sum()
        };
        let mut all: Vec<_> =
            self.0.values().filter(|point| passes(point)).map(|point| (score(point), point.id.0)).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        all.into_iter().take(limit).map(|(_, id)| id).collect()
    }

    async fn check(&self, store: &EmbeddedStore) {
        assert_eq!(store.count().await.unwrap(), self.0.len());
        for seed in 1_000_000..1_000_010 {
            let query = vector(seed, DIMENSION);
            let hits = store.search(&query, 20, &Filter::All, false).await.unwrap();
            assert_eq!(ids(&hits), self.best(&query, 20, |_| true));
        }
    }
}

#[tokio::test]
async fn best_come_first_and_equal_scores_by_id() {
    let folder = tempfile::tempdir().unwrap();
    let store = EmbeddedStore::open(folder.path(), collection(3)).unwrap();
    let points = [
        point(9, unit(&[1.0, 0.0, 0.0])),
        point(4, unit(&[1.0, 0.0, 0.0])),
        point(7, unit(&[1.0, 1.0, 0.0])),
        point(1, unit(&[0.0, 0.0, 1.0])),
    ];
    store.upsert(&points).await.unwrap();
    let hits = store.search(&[1.0, 0.0, 0.0], 3, &Filter::All, false).await.unwrap();
    assert_eq!(ids(&hits), [4, 9, 7]);
    assert!((hits[2].score - 0.5_f32.sqrt()).abs() < 1e-3, "16-bit numbers: {hits:?}");
    assert_eq!(store.search(&[1.0, 0.0, 0.0], 0, &Filter::All, false).await.unwrap(), []);
    assert_eq!(store.search(&[0.0; 3], 9, &Filter::All, false).await.unwrap().len(), 4);
}

#[tokio::test]
async fn agrees_with_a_plain_sort_through_overwrites_deletes_files_and_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let mut truth = Truth::default();
    truth.check(&store).await;
    truth.upsert(&store, points(0..500)).await;
    truth.upsert(&store, (0..50).map(|id| point(id, vector(id + 5000, DIMENSION))).collect()).await;
    truth.delete(&store, (0..500).step_by(3)).await;
    truth.delete(&store, (0..500).step_by(3)).await;
    truth.check(&store).await;
    for round in 1..4 {
        store.flush(round).await.unwrap();
        store.compact().unwrap();
        truth.check(&store).await;
        let start = round * 1000;
        for id in start..start + 40 {
            truth.upsert(&store, points([id])).await;
        }
        truth.upsert(&store, points(start - 20..start + 900)).await;
        truth.delete(&store, (start - 300..start + 300).step_by(2)).await;
        truth.check(&store).await;
        store.flush(round + 1).await.unwrap();
        store.compact().unwrap();
        drop(store);
        store = open(folder.path());
        assert_eq!(store.revision().await.unwrap(), round + 1);
        truth.check(&store).await;
    }
    assert!(store.inner.parts().len() == 1);
}

#[tokio::test]
async fn of_rows_with_one_id_the_last_counts() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut truth = Truth::default();
    let twice = [3, 1, 3, 2, 1].into_iter().zip(0..).map(|(id, seed)| point(id, vector(seed, DIMENSION)));
    truth.upsert(&store, twice.collect()).await;
    truth.check(&store).await;
}

#[tokio::test]
async fn vectors_that_8_bits_tell_badly_are_still_ranked_exactly() {
    // One large number, so that the others are less than one step; and many that differ by less than a step.
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut truth = Truth::default();
    let spiky = |id: i64| {
        let mut values: Vec<f32> = vector(id, DIMENSION).iter().map(|value| value * 0.01).collect();
        values[0] = 1.0;
        unit(&values)
    };
    truth.upsert(&store, (0..2000).map(|id| point(id, spiky(id))).collect()).await;
    for id in 3000..3020 {
        let query = spiky(id);
        let hits = store.search(&query, 20, &Filter::All, false).await.unwrap();
        let best = truth.best(&query, 20, |_| true);
        // Scores that 32-bit sums cannot distinguish may change places.
        let overlap = hits.iter().filter(|hit| best.contains(&hit.photo.0)).count();
        assert!(overlap >= 19, "{overlap}");
    }
}

#[tokio::test]
async fn filters_restrict_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut truth = Truth::default();
    truth.upsert(&store, points(0..1500)).await;
    store.compact().unwrap();
    truth.upsert(&store, points(1400..1700)).await;
    truth.delete(&store, (0..1700).step_by(5)).await;
    let some = || Filter::Ids((0..2000).step_by(11).map(PhotoId).collect());
    let is_some = |point: &Point| point.id.0 % 11 == 0;
    let in_folder = |folder| Filter::Folder(FolderId(folder));
    let early = || Filter::Taken(100_000..700_000);
    let is_early = |point: &Point| (100_000..700_000).contains(&point.taken_at);
    let not = |filter| Filter::Not(Box::new(filter));
    type Check = Box<dyn Fn(&Point) -> bool>;
    let cases: Vec<(Filter, Check)> = vec![
        (Filter::All, Box::new(|_| true)),
        (in_folder(3), Box::new(|point| point.folder.0 == 3)),
        (in_folder(8), Box::new(|_| false)),
        (some(), Box::new(is_some)),
        (early(), Box::new(is_early)),
        (not(early()), Box::new(move |point| !is_early(point))),
        (not(Filter::All), Box::new(|_| false)),
        (Filter::And(vec![in_folder(2), early()]), Box::new(move |p| p.folder.0 == 2 && is_early(p))),
        (Filter::And(vec![]), Box::new(|_| true)),
        (Filter::Or(vec![in_folder(2), in_folder(5)]), Box::new(|point| [2, 5].contains(&point.folder.0))),
        (Filter::Or(vec![]), Box::new(|_| false)),
        (
            Filter::And(vec![not(in_folder(1)), Filter::Or(vec![some(), not(early())])]),
            Box::new(move |point| point.folder.0 != 1 && (is_some(point) || !is_early(point))),
        ),
    ];
    for (filter, passes) in cases {
        for seed in 2_000_000..2_000_003 {
            let query = vector(seed, DIMENSION);
            let hits = store.search(&query, 15, &filter, false).await.unwrap();
            assert_eq!(ids(&hits), truth.best(&query, 15, &passes), "{filter:?}");
        }
    }
}

#[tokio::test]
async fn a_row_takes_its_new_folder_and_date() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.upsert(&points(0..10)).await.unwrap();
    let moved = Point { folder: FolderId(99), taken_at: -5, ..points([3]).remove(0) };
    store.upsert(&[moved]).await.unwrap();
    let query = vector(3, DIMENSION);
    for filter in [Filter::Folder(FolderId(99)), Filter::Taken(-10..0)] {
        assert_eq!(ids(&store.search(&query, 5, &filter, false).await.unwrap()), [3]);
    }
    let before = Filter::Folder(FolderId(3));
    assert_eq!(ids(&store.search(&query, 5, &before, false).await.unwrap()), [] as [i64; 0]);
}

#[tokio::test]
async fn vectors_come_back_as_the_catalogue_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let points = points([5, 2, 9]);
    store.upsert(&points).await.unwrap();
    store.delete(&[PointId(2)]).await.unwrap();
    let mut back = store.get(&[PointId(2), PointId(5), PointId(9), PointId(77)]).await.unwrap();
    back.sort_by_key(|(id, _)| *id);
    let halves = |point: &Point| -> Vec<f32> {
        point.vector.iter().map(|value| half::f16::from_f32(*value).to_f32()).collect()
    };
    assert_eq!(back, [(PointId(5), halves(&points[0])), (PointId(9), halves(&points[2]))]);
    assert!(store.health().await.unwrap().starts_with("embedded "));
}

#[tokio::test]
async fn vectors_of_another_length_are_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = EmbeddedStore::open(folder.path(), collection(3)).unwrap();
    let mixed = [point(1, vec![1.0, 0.0, 0.0]), point(2, vec![1.0, 0.0])];
    assert!(matches!(store.upsert(&mixed).await, Err(Error::Dimension { expected: 3, got: 2 })));
    assert_eq!(store.count().await.unwrap(), 0);
    assert!(store.search(&[1.0], 1, &Filter::All, false).await.is_err());
}

#[tokio::test]
async fn the_first_pass_over_bits_finds_nearly_all_and_exact_finds_all() {
    const LENGTH: usize = 256;
    let folder = tempfile::tempdir().unwrap();
    let store = EmbeddedStore::open(folder.path(), collection(LENGTH)).unwrap();
    let count = bits::FROM_ROWS as i64 + 5000;
    let mut truth = Truth::default();
    let varied = Varied::new(LENGTH);
    let all: Vec<Point> = (0..count).map(|id| point(id, varied.vector(id))).collect();
    truth.upsert(&store, all).await;
    store.compact().unwrap();
    assert!(store.inner.parts()[0].segment().has_bits());
    truth.upsert(&store, (count..count + 100).map(|id| point(id, varied.vector(id))).collect()).await;
    truth.delete(&store, (0..1000).step_by(2)).await;
    let (mut found, mut wanted) = (0, 0);
    let most = Filter::Not(Box::new(Filter::Ids((0..500).map(PhotoId).collect())));
    for seed in 5_000_000..5_000_005 {
        let query = varied.vector(seed);
        for (filter, first) in [(&Filter::All, 0), (&most, 500)] {
            let best = truth.best(&query, 50, |point| point.id.0 >= first);
            assert_eq!(ids(&store.search(&query, 50, filter, true).await.unwrap()), best);
            let hits = ids(&store.search(&query, 50, filter, false).await.unwrap());
            assert!(hits.iter().all(|id| *id >= first && truth.0.contains_key(id)));
            found += best.iter().filter(|id| hits.contains(id)).count();
            wanted += best.len();
        }
    }
    let recall = found as f64 / wanted as f64;
    assert!(recall >= 0.99, "{recall}");
}

#[tokio::test]
async fn searches_and_changes_at_once_give_whole_answers() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(folder.path()));
    store.upsert(&points(0..3000)).await.unwrap();
    let other = Arc::clone(&store);
    let changing = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for round in 0..30 {
            runtime.block_on(other.upsert(&points(round * 100..round * 100 + 400))).unwrap();
        }
    });
    while !changing.is_finished() {
        let hits = store.search(&vector(77, DIMENSION), 50, &Filter::All, false).await.unwrap();
        let mut unique = ids(&hits);
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), 50, "each photo once: {hits:?}");
        assert!(hits.is_sorted_by(|a, b| a.score >= b.score));
    }
    changing.join().unwrap();
}
