//! Latency of one similar search in the embedded store, one thread.

use std::hint::black_box;
use std::time::Instant;

use fotonovela_core::photo::PhotoId;
use fotonovela_core::vectors::embedded::EmbeddedStore;
use fotonovela_core::vectors::{Point, VectorStore};

use crate::median;

const DIMENSION: usize = 1280;
const QUERIES: u64 = 30;
const LIMIT: usize = 50;

/// Prints the table.
pub(crate) fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    println!("| vectors x {DIMENSION} | search, top {LIMIT}, median ms | GB/s read |\n|---|---|---|");
    for count in [1_000, 30_000] {
        let milliseconds = runtime.block_on(latency(count));
        let bytes = (count as usize * DIMENSION * size_of::<f32>()) as f64;
        println!("| {count} | {milliseconds:.2} | {:.1} |", bytes / milliseconds / 1e6);
    }
}

async fn latency(count: u64) -> f64 {
    let store = EmbeddedStore::new(DIMENSION);
    for start in (0..count).step_by(1000) {
        let points: Vec<_> =
            (start..start + 1000).map(|id| Point { id: PhotoId(id as i64), vector: vector(id) }).collect();
        store.upsert(&points).await.unwrap();
    }
    let mut times = Vec::new();
    for query in 0..QUERIES {
        let query = vector(1_000_000 + query);
        let started = Instant::now();
        black_box(store.search(&query, LIMIT).await.unwrap());
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    median(times)
}

/// A unit vector, the same for the same seed.
fn vector(seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut values: Vec<f32> = (0..DIMENSION)
        .map(|_| {
            // xorshift64 (Marsaglia 2003).
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1_u32 << 24) as f32 - 0.5
        })
        .collect();
    let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    values.iter_mut().for_each(|value| *value /= norm);
    values
}
