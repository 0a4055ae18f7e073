//! What every store must do. Each backend runs all of it (the macro at the end).

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use fotonovela_core::error::Error;
use fotonovela_core::types::{FolderId, PhotoId, PointId, RegionId};
use fotonovela_core::vectors::{Filter, Hit, Point, VectorStore};

use crate::{DIMENSION, point, points, vector};

type Store = Arc<dyn VectorStore>;

fn hit(row: &Point, score: f32) -> Hit {
    let region = (row.id != row.photo.into()).then_some(RegionId(row.id.0));
    Hit { photo: row.photo, region, score }
}

/// The exact answer.
fn exact(rows: &[Point], query: &[f32], limit: usize, pass: impl Fn(&Point) -> bool) -> Vec<Hit> {
    let dot = |row: &Point| row.vector.iter().zip(query).map(|(a, b)| a * b).sum();
    let mut hits: Vec<_> = rows.iter().filter(|row| pass(row)).map(|row| hit(row, dot(row))).collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.photo.cmp(&b.photo)));
    let mut seen = HashSet::new();
    hits.retain(|hit| seen.insert(hit.photo));
    hits.truncate(limit);
    hits
}

/// The same order and scores, but that rows whose scores differ by less than a thousandth may change places.
fn assert_alike(got: &[Hit], wanted: &[Hit], what: &str) {
    assert_eq!(got.len(), wanted.len(), "{what}: {got:?}, not {wanted:?}");
    for (got, wanted) in got.iter().zip(wanted) {
        assert!((got.score - wanted.score).abs() < 1e-3, "{what}: {got:?} where {wanted:?} belongs");
    }
    assert!(got.is_sorted_by(|a, b| a.score >= b.score), "{what}: {got:?}");
    let ids: HashSet<_> = got.iter().map(|hit| hit.photo).collect();
    assert_eq!(ids.len(), got.len(), "{what}: a row came twice");
}

fn recall(got: &[Hit], wanted: &[Hit]) -> f64 {
    let found: HashSet<_> = got.iter().map(|hit| hit.photo).collect();
    wanted.iter().filter(|hit| found.contains(&hit.photo)).count() as f64 / wanted.len() as f64
}

async fn all(store: &Store, filter: &Filter) -> Vec<i64> {
    let hits = store.search(&vector(1), 1000, filter, true).await.unwrap();
    let mut ids: Vec<_> = hits.iter().map(|hit| hit.photo.0).collect();
    ids.sort_unstable();
    ids
}

pub(crate) async fn before_the_first_rows_it_is_empty_and_answers(store: Store) {
    assert!(!store.health().await.unwrap().is_empty());
    assert_eq!(store.count().await.unwrap(), 0);
    assert_eq!(store.search(&vector(1), 5, &Filter::All, false).await.unwrap(), []);
    assert_eq!(store.get(&[PointId(1)]).await.unwrap(), []);
    store.delete(&[PointId(1)]).await.unwrap();
    store.clear().await.unwrap();
    store.flush(3).await.unwrap();
    store.upsert(&points(1..=3)).await.unwrap();
    assert_eq!(all(&store, &Filter::All).await, [1, 2, 3]);
}

pub(crate) async fn rows_come_change_and_go(store: Store) {
    assert_eq!(store.count().await.unwrap(), 0);
    assert_eq!(store.search(&vector(1), 5, &Filter::All, false).await.unwrap(), []);
    let rows = points(1..=300);
    for _ in 0..2 {
        store.upsert(&rows).await.unwrap();
        assert_eq!(store.count().await.unwrap(), 300, "an upsert can be repeated");
    }
    let query = vector(42);
    let hits = store.search(&query, 20, &Filter::All, false).await.unwrap();
    assert_alike(&hits, &exact(&rows, &query, 20, |_| true), "20 of 300");
    assert_eq!(hits[0].photo, PhotoId(42));

    // Overwritten whole: vector, folder and time.
    let changed =
        Point { id: PointId(42), photo: PhotoId(42), folder: FolderId(99), taken_at: 7, ..point(5000) };
    store.upsert(std::slice::from_ref(&changed)).await.unwrap();
    assert_eq!(store.count().await.unwrap(), 300);
    let best = store.search(&changed.vector, 1, &Filter::Folder(FolderId(99)), false).await.unwrap();
    assert!(best[0].photo == PhotoId(42) && best[0].score > 0.999, "{best:?}");

    // Of a batch with one id twice, the last row stays.
    store.upsert(&[point(7), Point { id: PointId(7), photo: PhotoId(7), ..point(6000) }]).await.unwrap();
    let best = store.search(&vector(6000), 1, &Filter::All, false).await.unwrap();
    assert_eq!(best[0].photo, PhotoId(7));

    let gone: Vec<_> = (1..=100).chain([9999]).map(PointId).collect();
    for _ in 0..2 {
        store.delete(&gone).await.unwrap();
        assert_eq!(store.count().await.unwrap(), 200, "a deletion can be repeated");
    }
    assert_eq!(all(&store, &Filter::All).await, (101..=300).collect::<Vec<_>>());
    store.delete(&[]).await.unwrap();
    store.upsert(&[]).await.unwrap();
    store.clear().await.unwrap();
    assert_eq!((store.count().await.unwrap(), store.revision().await.unwrap()), (0, 0));
    store.upsert(&points(1..=3)).await.unwrap();
    assert_eq!(all(&store, &Filter::All).await, [1, 2, 3]);
}

pub(crate) async fn filters_let_pass_what_they_say(store: Store) {
    store.upsert(&points(1..=200)).await.unwrap();
    let some = |ids: &[i64]| Filter::Ids(ids.iter().copied().map(PhotoId).collect());
    let folder = Filter::Folder(FolderId(3));
    let early = Filter::Taken(-5000..15_000);
    let not = |filter: &Filter| Filter::Not(Box::new(filter.clone()));
    type Pass = fn(i64) -> bool;
    let cases: Vec<(Filter, Pass)> = vec![
        (Filter::All, |_| true),
        (folder.clone(), |id| id % 7 == 3),
        (early.clone(), |id| id < 20),
        (some(&[5, 10, 999]), |id| id == 5 || id == 10),
        (some(&[]), |_| false),
        (not(&folder), |id| id % 7 != 3),
        (Filter::And(vec![folder.clone(), early.clone()]), |id| id % 7 == 3 && id < 20),
        (Filter::Or(vec![folder.clone(), some(&[1])]), |id| id % 7 == 3 || id == 1),
        (Filter::And(vec![]), |_| true),
        (Filter::Or(vec![]), |_| false),
        (not(&Filter::Or(vec![folder.clone(), early.clone()])), |id| id % 7 != 3 && id >= 20),
        (Filter::And(vec![not(&folder), Filter::Or(vec![early, some(&[100])])]), |id| {
            id % 7 != 3 && (id < 20 || id == 100)
        }),
    ];
    for (filter, pass) in cases {
        let wanted: Vec<_> = (1..=200).filter(|id| pass(*id)).collect();
        assert_eq!(all(&store, &filter).await, wanted, "{filter:?}");
    }
}

pub(crate) async fn vectors_come_back_as_they_went(store: Store) {
    let rows = points(1..=700);
    store.upsert(&rows).await.unwrap();
    let ids: Vec<_> = (1..=701).map(PointId).collect();
    let stored: BTreeMap<_, _> = store.get(&ids).await.unwrap().into_iter().collect();
    assert_eq!(stored.len(), 700);
    for row in &rows {
        let cosine: f32 = row.vector.iter().zip(&stored[&row.id]).map(|(a, b)| a * b).sum();
        assert!((cosine - 1.0).abs() < 1e-3, "{:?}: {cosine}", row.id);
    }
}

pub(crate) async fn ten_thousand_rows_are_found_also_with_filters(store: Store) {
    let rows = points(1..=10_000);
    store.upsert(&rows).await.unwrap();
    assert_eq!(store.count().await.unwrap(), 10_000);
    let favourites = Filter::Ids((1..=12_000).map(|half| PhotoId(half * 2)).collect());
    let (mut whole, mut filtered, mut chosen) = (0.0, 0.0, 0.0);
    for seed in 20_000..20_040 {
        let query = vector(seed);
        let hits = store.search(&query, 10, &Filter::All, false).await.unwrap();
        whole += recall(&hits, &exact(&rows, &query, 10, |_| true)) / 40.0;
        // One row of a hundred.
        let early = Filter::Taken(-5000..95_000);
        let hits = store.search(&query, 10, &early, false).await.unwrap();
        filtered += recall(&hits, &exact(&rows, &query, 10, |row| row.id.0 < 100)) / 40.0;
        let hits = store.search(&query, 10, &favourites, false).await.unwrap();
        chosen += recall(&hits, &exact(&rows, &query, 10, |row| row.id.0 % 2 == 0)) / 40.0;
    }
    assert!(
        whole >= 0.99 && filtered >= 0.99 && chosen >= 0.99,
        "recall@10 {whole}, of a time {filtered}, of 12,000 favourites {chosen}"
    );
    store.delete(&(5_001..=30_000).map(PointId).collect::<Vec<_>>()).await.unwrap();
    assert_eq!(store.count().await.unwrap(), 5_000);
}

pub(crate) async fn searches_go_on_while_rows_come(store: Store) {
    store.upsert(&points(1..=100)).await.unwrap();
    let is_done = Arc::new(AtomicBool::new(false));
    let (writing, done) = (Arc::clone(&store), Arc::clone(&is_done));
    let writer = tokio::spawn(async move {
        for batch in 1..=10 {
            writing.upsert(&points(batch * 100 + 1..=batch * 100 + 100)).await.unwrap();
        }
        done.store(true, Ordering::Release);
    });
    let mut searches = 0;
    while searches == 0 || !is_done.load(Ordering::Acquire) {
        let hits = store.search(&vector(50), 3, &Filter::All, false).await.unwrap();
        assert_eq!(hits[0].photo, PhotoId(50));
        searches += 1;
    }
    writer.await.unwrap();
    assert_eq!(store.count().await.unwrap(), 1100);
}

pub(crate) async fn vectors_of_another_length_are_refused(store: Store) {
    store.upsert(&points(1..=3)).await.unwrap();
    let short = Point { vector: vec![1.0; DIMENSION - 1], ..point(9) };
    let refused = store.upsert(&[point(8), short]).await.unwrap_err();
    assert!(matches!(refused, Error::Dimension { expected: DIMENSION, .. }), "{refused}");
    let refused = store.search(&[1.0; 3], 5, &Filter::All, false).await.unwrap_err();
    assert!(matches!(refused, Error::Dimension { got: 3, .. }), "{refused}");
    assert_eq!(store.count().await.unwrap(), 3);
}

pub(crate) async fn many_queries_are_answered_as_each_alone(store: Store) {
    store.upsert(&points(1..=300)).await.unwrap();
    let queries: Vec<_> = (1000..1030).map(vector).collect();
    let some = Filter::Folder(FolderId(2));
    let found = store.search_many(&queries, 5, &some, true).await.unwrap();
    assert_eq!(found.len(), queries.len());
    for (query, found) in queries.iter().zip(&found) {
        assert_alike(found, &store.search(query, 5, &some, true).await.unwrap(), "one of many");
    }
    assert_eq!(store.search_many(&[], 5, &some, true).await.unwrap(), Vec::<Vec<Hit>>::new());
    let refused = store.search_many(&[vector(1), vec![1.0; 3]], 5, &some, true).await.unwrap_err();
    assert!(matches!(refused, Error::Dimension { got: 3, .. }), "{refused}");
}

/// Photo 1 has a hundred regions that are all much alike, photos 2 to 30 have three each.
fn regions() -> Vec<Point> {
    let of = |photo: i64, id: i64| Point { id: PointId(id), ..point(photo) };
    let crowd = (0..100).map(|n| Point { vector: near(7, n), ..of(1, 10_000 + n) });
    let others = (2..=30).flat_map(|photo| (0..3).map(move |n| (photo, 1000 + 10 * photo + n)));
    crowd.chain(others.map(|(photo, id)| Point { vector: vector(id), ..of(photo, id) })).collect()
}

/// A unit vector beside the one of `seed`.
fn near(seed: i64, number: i64) -> Vec<f32> {
    let mixed: Vec<f32> = vector(seed).iter().zip(vector(number)).map(|(a, b)| a + 0.1 * b).collect();
    let norm = mixed.iter().map(|value| value * value).sum::<f32>().sqrt();
    mixed.iter().map(|value| value / norm).collect()
}

pub(crate) async fn the_best_region_of_each_photo_is_found_and_told(store: Store) {
    let rows = regions();
    store.upsert(&rows).await.unwrap();
    assert_eq!(store.count().await.unwrap(), rows.len());
    let query = vector(7);
    for limit in [1, 10, 50] {
        let hits = store.search(&query, limit, &Filter::All, true).await.unwrap();
        let wanted = exact(&rows, &query, limit, |_| true);
        assert_alike(&hits, &wanted, "regions");
        assert!(wanted.len() == limit.min(30) && wanted[0].photo == PhotoId(1), "{wanted:?}");
        assert!(hits.iter().all(|hit| {
            let told = rows.iter().find(|row| hit.region == Some(RegionId(row.id.0))).unwrap();
            told.photo == hit.photo
        }));
    }

    // Filters are of photos, deletions of regions.
    let some = Filter::Ids(vec![PhotoId(1), PhotoId(9), PhotoId(30)]);
    let is_some = |row: &Point| [1, 9, 30].contains(&row.photo.0);
    let best = exact(&rows, &query, 10, is_some);
    assert_alike(&store.search(&query, 10, &some, true).await.unwrap(), &best, "of three photos");
    let last = best[2].region.unwrap();
    for _ in 0..2 {
        store.delete(&[last.into()]).await.unwrap();
    }
    assert_eq!(store.count().await.unwrap(), rows.len() - 1);
    let left = exact(&rows, &query, 10, |row| is_some(row) && row.id != last.into());
    let hits = store.search(&query, 10, &some, true).await.unwrap();
    assert_alike(&hits, &left, "without the best region of a photo");
    assert_ne!(hits[2].region, Some(last));

    // A region that is of another photo now.
    let first = hits[0].region.unwrap();
    let moved = Point { id: first.into(), vector: vector(5000), ..point(77) };
    store.upsert(std::slice::from_ref(&moved)).await.unwrap();
    let hits = store.search(&moved.vector, 1, &Filter::Ids(vec![PhotoId(77)]), true).await.unwrap();
    assert!(hits[0].region == Some(first) && hits[0].photo == PhotoId(77), "{hits:?}");
    let stored = store.get(&[first.into(), PointId(1)]).await.unwrap();
    assert!(matches!(stored[..], [(id, _)] if id == first.into()), "{stored:?}");

    let queries = [vector(7), vector(5000)];
    let found = store.search_many(&queries, 10, &Filter::All, true).await.unwrap();
    for (query, found) in queries.iter().zip(&found) {
        assert_alike(found, &store.search(query, 10, &Filter::All, true).await.unwrap(), "one of two");
    }
}

/// `reopen` gives the store as another program would open it.
pub(crate) async fn reopened(store: Store, reopen: impl AsyncFnOnce() -> Store) {
    store.upsert(&points(1..=50)).await.unwrap();
    store.flush(12).await.unwrap();
    assert!(!store.health().await.unwrap().is_empty());
    drop(store);
    let store = reopen().await;
    assert_eq!(store.revision().await.unwrap(), 12);
    assert_eq!(all(&store, &Filter::All).await, (1..=50).collect::<Vec<_>>());
}

/// A module with the suite for a backend: `open(name, kind)` returns a store in a collection of that name.
macro_rules! conformance {
    ($backend:ident, $open:path) => {
        mod $backend {
            use $crate::suite::{self, conformance};

            conformance! { @tests $open, Photos,
                before_the_first_rows_it_is_empty_and_answers
                rows_come_change_and_go
                filters_let_pass_what_they_say
                vectors_come_back_as_they_went
                ten_thousand_rows_are_found_also_with_filters
                searches_go_on_while_rows_come
                vectors_of_another_length_are_refused
                many_queries_are_answered_as_each_alone
            }
            conformance! { @tests $open, Regions,
                the_best_region_of_each_photo_is_found_and_told
            }
        }
    };
    (@tests $open:path, $kind:ident, $($name:ident)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let kind = fotonovela_core::vectors::PointKind::$kind;
            suite::$name($open(stringify!($name), kind).await).await;
        })*
    };
}
pub(crate) use conformance;
