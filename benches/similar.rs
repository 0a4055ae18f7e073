//! Similar search in the embedded store: CPU time of one query, whether it finds what it should, what changes and the
//! start cost.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use cpu_time::ProcessTime;
use fotonovela_core::types::{FolderId, PhotoId, PointId};
use fotonovela_core::vectors::embedded::EmbeddedStore;
use fotonovela_core::vectors::{Collection, Filter, Point, VectorStore};
use tokio::runtime::Runtime;

use crate::median;
use crate::vectors::VectorFile;

const LIMIT: usize = 50;
const FOLDERS: usize = 100;
const PAGE: usize = 1000;
/// Each query is asked so often; a search that another program disturbed does not count.
const TIMES: usize = 5;
const CHANGED: usize = 10_000;
const SMALL: [(usize, usize); 3] = [(30_000, 512), (30_000, 1280), (100_000, 512)];
const LARGE: [(usize, usize); 2] = [(1_000_000, 512), (1_000_000, 1280)];

/// Prints the tables. Vectors lie in `folder`; those of the large ones need 8 GB there.
pub(crate) fn run(folder: &Path, large: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    println!(
        "Similar photos, top {LIMIT}: CPU ms of one search (median of the best of {TIMES}); `bare` reads the bytes of \
         the exact scan\n"
    );
    println!(
        "| vectors | search | recall | exact | recall | bare | exact/bare | 1 % filter | start | first | fill | best, \
         50th cosine |\n|---|---|---|---|---|---|---|---|---|---|---|---|"
    );
    let sizes = SMALL.iter().chain(LARGE.iter().filter(|_| large));
    let mut pauses = Vec::new();
    for (rows, dimension) in sizes {
        let vectors = VectorFile::open(folder, *rows, *dimension);
        pauses.push((*rows, *dimension, measure(&runtime, &vectors)));
    }
    println!(
        "\n| vectors | longest search, ms | while {CHANGED} vectors are written | written in s |\n|---|---|---|---|"
    );
    for (rows, dimension, pause) in pauses {
        println!("| {rows} x {dimension} | {:.1} | {:.1} | {:.2} |", pause.quiet, pause.busy, pause.seconds);
    }
}

/// Prints the head of a table, and the row of the embedded store for `scripts/bench-stores.sh`.
pub(crate) fn one(folder: &Path, rows: usize, dimension: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let vectors = VectorFile::open(folder, rows, dimension);
    let data = tempfile::tempdir().unwrap();
    let store = EmbeddedStore::open(data.path(), Collection::of_photos("bench@1".into(), dimension)).unwrap();
    let started = ProcessTime::now();
    fill(&runtime, &store, &vectors);
    let fill = started.elapsed().as_secs_f64();
    println!(
        "| {rows} x {dimension}, top {LIMIT} | fill, CPU s | search, CPU ms | recall |\n|---|---|---|---|"
    );
    let truth = truth(&vectors);
    for (name, exact) in [("embedded store", false), ("embedded store, exact", true)] {
        let (time, recall) = search(&runtime, &store, &vectors, &Filter::All, exact, &truth);
        println!("| {name} | {fill:.1} | {time:.2} | {recall:.4} |");
    }
}

fn measure(runtime: &Runtime, vectors: &VectorFile) -> Pause {
    let data = tempfile::tempdir().unwrap();
    let collection = Collection::of_photos("bench@1".into(), vectors.dimension);
    let open = || EmbeddedStore::open(data.path(), collection.clone()).unwrap();
    let started = Instant::now();
    fill(runtime, &open(), vectors);
    let fill = started.elapsed().as_secs_f64();

    let started = Instant::now();
    let store = open();
    let start = started.elapsed().as_secs_f64() * 1e3;
    assert_eq!(runtime.block_on(store.count()).unwrap(), vectors.rows);
    runtime.block_on(store.search(&vectors.queries[0], LIMIT, &Filter::All, false)).unwrap();
    let first = started.elapsed().as_secs_f64() * 1e3;

    let truth = truth(vectors);
    let search = |filter: &Filter, exact: bool| search(runtime, &store, vectors, filter, exact, &truth);
    let (quick, quick_recall) = search(&Filter::All, false);
    let (exact, exact_recall) = search(&Filter::All, true);
    let (filtered, _) = search(&Filter::Folder(FolderId(7)), false);
    let bare = bare_read(vectors.rows * vectors.dimension);
    let mean = |at: usize| truth.iter().map(|best| best[at].1).sum::<f32>() / truth.len() as f32;
    println!(
        "| {} x {} | {quick:.2} | {quick_recall:.4} | {exact:.2} | {exact_recall:.4} | {bare:.2} | {:.2} | {filtered:.2} \
         | {start:.0} ms | {first:.0} ms | {fill:.1} s | {:.2}, {:.2} |",
        vectors.rows,
        vectors.dimension,
        exact / bare,
        mean(0),
        mean(LIMIT - 1),
    );
    pause(&store, vectors)
}

fn point(vectors: &VectorFile, row: usize) -> Point {
    Point {
        id: PointId(row as i64),
        photo: PhotoId(row as i64),
        vector: vectors.vector(row),
        path: String::new(),
        folder: FolderId((row % FOLDERS) as i64),
        taken_at: row as i64,
    }
}

fn fill(runtime: &Runtime, store: &EmbeddedStore, vectors: &VectorFile) {
    for start in (0..vectors.rows).step_by(PAGE) {
        let page: Vec<_> = (start..start + PAGE).map(|row| point(vectors, row)).collect();
        runtime.block_on(store.upsert(&page)).unwrap();
    }
    runtime.block_on(store.flush(1)).unwrap();
    store.compact().unwrap();
}

/// CPU milliseconds of a search, and the share of the true best that it finds.
fn search(
    runtime: &Runtime,
    store: &EmbeddedStore,
    vectors: &VectorFile,
    filter: &Filter,
    exact: bool,
    truth: &[Vec<(usize, f32)>],
) -> (f64, f64) {
    let (mut times, mut found) = (Vec::new(), 0);
    for (query, best) in vectors.queries.iter().zip(truth) {
        let once = || {
            let started = ProcessTime::now();
            let hits = runtime.block_on(store.search(query, LIMIT, filter, exact)).unwrap();
            (started.elapsed().as_secs_f64() * 1e3, hits)
        };
        let (_, hits) = once();
        times.push((0..TIMES).map(|_| once().0).fold(f64::INFINITY, f64::min));
        found += best.iter().filter(|(row, _)| hits.iter().any(|hit| hit.photo.0 == *row as i64)).count();
    }
    (median(times), found as f64 / (truth.len() * LIMIT) as f64)
}

/// The best rows of each query with their products, from 32-bit numbers.
fn truth(vectors: &VectorFile) -> Vec<Vec<(usize, f32)>> {
    let mut scores: Vec<Vec<(usize, f32)>> = vec![Vec::with_capacity(vectors.rows); vectors.queries.len()];
    for row in 0..vectors.rows {
        let vector = vectors.vector(row);
        for (query, scores) in vectors.queries.iter().zip(&mut scores) {
            scores.push((row, dot(query, &vector)));
        }
    }
    for scores in &mut scores {
        scores.select_nth_unstable_by(LIMIT, |a, b| b.1.total_cmp(&a.1));
        scores.truncate(LIMIT);
        scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    }
    scores
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let mut sums = [0.0; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        (0..LANES).for_each(|lane| sums[lane] += a[lane] * b[lane]);
    }
    sums.iter().sum()
}

/// CPU milliseconds of reading so many bytes once.
fn bare_read(bytes: usize) -> f64 {
    let words: Vec<u64> = (0..bytes as u64 / 8).collect();
    let once = || {
        let started = ProcessTime::now();
        black_box(black_box(&words).iter().fold(0, |all, word| all ^ word));
        started.elapsed().as_secs_f64() * 1e3
    };
    median((0..TIMES).map(|_| (0..TIMES).map(|_| once()).fold(f64::INFINITY, f64::min)).collect())
}

/// Milliseconds that the longest search took.
struct Pause {
    quiet: f64,
    busy: f64,
    /// Time of the changes.
    seconds: f64,
}

fn pause(store: &EmbeddedStore, vectors: &VectorFile) -> Pause {
    let pages: Vec<Vec<Point>> = (0..CHANGED)
        .step_by(PAGE)
        .map(|start| {
            let moved = |row| {
                let id = (row + vectors.rows / 2) as i64;
                Point { id: PointId(id), photo: PhotoId(id), ..point(vectors, row) }
            };
            (start..start + PAGE).map(moved).collect()
        })
        .collect();
    let quiet = longest(store, vectors, |times| times >= 200);
    let mut seconds = 0.0;
    let busy = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let started = Instant::now();
            for page in &pages {
                runtime.block_on(store.upsert(page)).unwrap();
            }
            runtime.block_on(store.flush(2)).unwrap();
            started.elapsed().as_secs_f64()
        });
        // And while a new file is written of it.
        let busy = longest(store, vectors, |times| times >= 200 && writing.is_finished());
        seconds = writing.join().unwrap();
        busy
    });
    Pause { quiet, busy, seconds }
}

fn longest(store: &EmbeddedStore, vectors: &VectorFile, is_enough: impl Fn(usize) -> bool) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (mut longest, mut times) = (0.0_f64, 0);
    while !is_enough(times) {
        let started = Instant::now();
        let query = &vectors.queries[times % vectors.queries.len()];
        black_box(runtime.block_on(store.search(query, LIMIT, &Filter::All, false)).unwrap());
        longest = longest.max(started.elapsed().as_secs_f64() * 1e3);
        times += 1;
    }
    longest
}
