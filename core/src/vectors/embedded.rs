//! The store inside the app: all vectors in one flat matrix in memory, compared one by one. Exact, and needs no
//! building; measured before the first line at 30,000 vectors, indexes of graph form were no faster.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::sync::RwLock;

use async_trait::async_trait;

use super::{Hit, Point, VectorStore};
use crate::error::{Error, Result};
use crate::photo::PhotoId;

/// Lanes of the dot product: independent sums let the compiler use wide registers.
const LANES: usize = 16;

/// Vectors in memory. Filled from the catalogue at start, empty when made.
pub struct EmbeddedStore {
    dimension: usize,
    rows: RwLock<Rows>,
}

#[derive(Default)]
struct Rows {
    ids: Vec<PhotoId>,
    position: HashMap<PhotoId, usize>,
    /// `ids.len() * dimension` numbers.
    matrix: Vec<f32>,
}

impl EmbeddedStore {
    /// An empty store for vectors of this length.
    pub fn new(dimension: usize) -> Self {
        Self { dimension, rows: RwLock::default() }
    }

    fn check(&self, vector: &[f32]) -> Result<()> {
        if vector.len() == self.dimension {
            Ok(())
        } else {
            Err(Error::Dimension { expected: self.dimension, got: vector.len() })
        }
    }
}

#[async_trait]
impl VectorStore for EmbeddedStore {
    async fn upsert(&self, points: &[Point]) -> Result<()> {
        points.iter().try_for_each(|point| self.check(&point.vector))?;
        let mut rows = self.rows.write().expect("no thread panics while it changes the rows");
        for point in points {
            rows.upsert(point, self.dimension);
        }
        Ok(())
    }

    async fn delete(&self, ids: &[PhotoId]) -> Result<()> {
        let mut rows = self.rows.write().expect("no thread panics while it changes the rows");
        for &id in ids {
            rows.delete(id, self.dimension);
        }
        Ok(())
    }

    async fn search(&self, query: &[f32], limit: usize) -> Result<Vec<Hit>> {
        self.check(query)?;
        let rows = self.rows.read().expect("no thread panics while it reads the rows");
        Ok(rows.best(query, limit))
    }

    async fn count(&self) -> Result<usize> {
        Ok(self.rows.read().expect("no thread panics while it reads the rows").ids.len())
    }
}

impl Rows {
    fn upsert(&mut self, point: &Point, dimension: usize) {
        if let Some(&position) = self.position.get(&point.id) {
            let start = position * dimension;
            self.matrix[start..start + dimension].copy_from_slice(&point.vector);
        } else {
            self.position.insert(point.id, self.ids.len());
            self.ids.push(point.id);
            self.matrix.extend_from_slice(&point.vector);
        }
    }

    /// The last row takes the place of the removed one.
    fn delete(&mut self, id: PhotoId, dimension: usize) {
        let Some(position) = self.position.remove(&id) else { return };
        let last = self.ids.len() - 1;
        self.ids.swap_remove(position);
        if position != last {
            self.position.insert(self.ids[position], position);
            self.matrix.copy_within(last * dimension..(last + 1) * dimension, position * dimension);
        }
        self.matrix.truncate(last * dimension);
    }

    fn best(&self, query: &[f32], limit: usize) -> Vec<Hit> {
        // The heap holds the best so far with the worst of them on top.
        let mut heap: BinaryHeap<Ranked> = BinaryHeap::with_capacity(limit.min(self.ids.len()) + 1);
        for (&id, row) in self.ids.iter().zip(self.matrix.chunks_exact(query.len())) {
            let hit = Ranked(Hit { id, score: dot(query, row) });
            if heap.len() < limit {
                heap.push(hit);
            } else if heap.peek().is_some_and(|worst| hit < *worst) {
                heap.pop();
                heap.push(hit);
            }
        }
        heap.into_sorted_vec().into_iter().map(|ranked| ranked.0).collect()
    }
}

/// Orders by rank: the best hit is the least.
#[derive(PartialEq)]
struct Ranked(Hit);

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.score.total_cmp(&self.0.score).then(self.0.id.cmp(&other.0.id))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(values: &[f32]) -> Vec<f32> {
        let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
        values.iter().map(|value| value / norm).collect()
    }

    fn point(id: i64, values: &[f32]) -> Point {
        Point { id: PhotoId(id), vector: unit(values) }
    }

    fn ids(hits: &[Hit]) -> Vec<i64> {
        hits.iter().map(|hit| hit.id.0).collect()
    }

    #[tokio::test]
    async fn best_come_first_and_equal_scores_by_id() {
        let store = EmbeddedStore::new(3);
        let points = [
            point(9, &[1.0, 0.0, 0.0]),
            point(4, &[1.0, 0.0, 0.0]),
            point(7, &[1.0, 1.0, 0.0]),
            point(1, &[0.0, 0.0, 1.0]),
        ];
        store.upsert(&points).await.unwrap();
        let hits = store.search(&[1.0, 0.0, 0.0], 3).await.unwrap();
        assert_eq!(ids(&hits), [4, 9, 7]);
        assert!((hits[2].score - 0.5_f32.sqrt()).abs() < 1e-6);
        assert_eq!(store.search(&[1.0, 0.0, 0.0], 0).await.unwrap(), []);
    }

    #[tokio::test]
    async fn agrees_with_a_plain_sort_after_overwrites_and_deletes() {
        let store = EmbeddedStore::new(37);
        let vector = |seed: i64| -> Vec<f32> {
            unit(&(0..37).map(|n| ((seed * 7919 + n * 104_729) % 1009) as f32 - 504.0).collect::<Vec<_>>())
        };
        let points: Vec<_> = (0..500).map(|id| Point { id: PhotoId(id), vector: vector(id) }).collect();
        store.upsert(&points).await.unwrap();
        let changed: Vec<_> =
            (0..50).map(|id| Point { id: PhotoId(id), vector: vector(id + 1000) }).collect();
        store.upsert(&changed).await.unwrap();
        let removed: Vec<_> = (0..500).step_by(3).map(PhotoId).collect();
        store.delete(&removed).await.unwrap();
        store.delete(&removed).await.unwrap();

        let mut left: Vec<Point> = changed.into_iter().chain(points.into_iter().skip(50)).collect();
        left.retain(|point| point.id.0 % 3 != 0);
        assert_eq!(store.count().await.unwrap(), left.len());
        let query = vector(12_345);
        let plain = |point: &Point| point.vector.iter().zip(&query).map(|(a, b)| a * b).sum::<f32>();
        left.sort_by(|a, b| plain(b).total_cmp(&plain(a)));
        let expected: Vec<i64> = left.iter().take(20).map(|point| point.id.0).collect();
        assert_eq!(ids(&store.search(&query, 20).await.unwrap()), expected);
    }

    #[tokio::test]
    async fn vectors_of_another_length_are_refused_and_nothing_is_written() {
        let store = EmbeddedStore::new(3);
        let mixed = [point(1, &[1.0, 0.0, 0.0]), point(2, &[1.0, 0.0])];
        assert!(matches!(store.upsert(&mixed).await, Err(Error::Dimension { expected: 3, got: 2 })));
        assert_eq!(store.count().await.unwrap(), 0);
        assert!(store.search(&[1.0], 1).await.is_err());
    }
}
