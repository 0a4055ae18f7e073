//! The best row of each photo, where a store only knows the best rows.

use std::collections::HashSet;

use super::{Collection, Hit, PointKind};
use crate::error::Result;

/// So many rows for each photo that is wanted are asked for first, and so many times more each further time.
const ROWS_PER_PHOTO: usize = 4;

/// The `limit` best photos for each query. `search` returns the best rows for each of its queries, best first, and is
/// asked for more, up to `most`, until they are of enough photos or there are no more.
pub(super) async fn best_per_photo<F>(
    collection: &Collection,
    queries: &[Vec<f32>],
    limit: usize,
    most: usize,
    search: impl Fn(Vec<Vec<f32>>, usize) -> F,
) -> Result<Vec<Vec<Hit>>>
where
    F: Future<Output = Result<Vec<Vec<Hit>>>>,
{
    if collection.kind == PointKind::Photos {
        return search(queries.to_vec(), limit.min(most)).await;
    }
    let mut best = vec![Vec::new(); queries.len()];
    let mut open: Vec<usize> = (0..queries.len()).collect();
    let mut rows = limit.saturating_mul(ROWS_PER_PHOTO).min(most);
    while !open.is_empty() {
        let asked = open.iter().map(|at| queries[*at].clone()).collect();
        let mut still_open = Vec::new();
        for (at, hits) in open.into_iter().zip(search(asked, rows).await?) {
            let are_all = hits.len() < rows || rows == most;
            best[at] = first_of_each_photo(hits, limit);
            if !are_all && best[at].len() < limit {
                still_open.push(at);
            }
        }
        open = still_open;
        rows = rows.saturating_mul(ROWS_PER_PHOTO).min(most);
    }
    Ok(best)
}

/// The first `limit` photos of hits that are ordered.
pub(super) fn first_of_each_photo(mut hits: Vec<Hit>, limit: usize) -> Vec<Hit> {
    let mut seen = HashSet::new();
    hits.retain(|hit| seen.insert(hit.photo));
    hits.truncate(limit);
    hits
}
