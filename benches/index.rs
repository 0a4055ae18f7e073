//! Throughput of indexing: the bare stages on all cores at once, then all of it as `fotonovela index` does it, in turns.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fotonovela_core::cache::ThumbnailCache;
use fotonovela_core::catalog::{Catalog, Finished, Outcome, Probe, ProbeResult, SeenFile, Stage};
use fotonovela_core::image::{decode, thumbnail};
use fotonovela_core::inference::Model;
use fotonovela_core::library::{Library, Options};
use fotonovela_core::platform::resources;
use fotonovela_core::scan::Stat;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{ContentHash, Event, Facts, IndexStatus};

use crate::median;
use crate::memory::peak_megabytes;

/// The whole is run this often, and the median counts.
const RUNS: usize = 3;
/// The photos are over in seconds; the time left is told of so many copies of each.
const COPIES: usize = 8;

/// Prints the table.
pub(crate) fn run(folder: &Path) {
    let photos = jpegs(folder);
    let bytes: u64 = photos.iter().map(|path| std::fs::metadata(path).unwrap().len()).sum();
    let cores = std::thread::available_parallelism().unwrap().get();
    println!(
        "{} photos, {:.1} MB each, {cores} cores\n",
        photos.len(),
        bytes as f64 / 1e6 / photos.len() as f64
    );

    let library = tempfile::tempdir().unwrap();
    let runs: Vec<(Stages, Run)> = (0..RUNS)
        .map(|run| (stages(&photos, cores), measure_whole(folder, &library.path().join(run.to_string()))))
        .collect();
    let of_stages = |of: &dyn Fn(&Stages) -> f64| median(runs.iter().map(|(stages, _)| of(stages)).collect());
    let sum = of_stages(&Stages::sum);
    println!("| stage, on all cores at once | ms a photo and core | share |\n|---|---|---|");
    for (index, (name, _)) in runs[0].0.0.iter().enumerate() {
        let seconds = of_stages(&|stages| stages.0[index].1);
        println!("| {name} | {:.2} | {:.0} % |", seconds * 1e3, 100.0 * seconds / sum);
    }
    println!("| sum | {:.2} | |\n", sum * 1e3);
    let speed = |run: &Run| photos.len() as f64 / run.seconds;
    println!(
        "whole index: {:.1} photos/s (medians of {RUNS} rounds)",
        median(runs.iter().map(|(_, run)| speed(run)).collect())
    );
    println!(
        "share of the bare stages on {cores} cores: {:.0} %",
        median(runs.iter().map(|(stages, run)| 100.0 * stages.sum() / cores as f64 * speed(run)).collect())
    );
    println!(
        "peak memory of all processes: {:.0} MB",
        median(runs.iter().map(|(_, run)| run.peak_megabytes).collect())
    );
    let long = tempfile::tempdir().unwrap();
    copy_often(&photos, long.path());
    let run = measure_whole(long.path(), &library.path().join("long"));
    println!(
        "time left, at worst off by {:.0} % (after 5 % of {} photos)",
        100.0 * run.worst_eta,
        photos.len() * COPIES
    );
}

/// Fills `folder` with copies that differ in their last byte, which no decoder reads: equal files would be one photo.
fn copy_often(photos: &[PathBuf], folder: &Path) {
    for photo in photos {
        let bytes = std::fs::read(photo).unwrap();
        let name = photo.file_name().unwrap().to_string_lossy();
        for copy in 0..COPIES {
            let mark = u8::try_from(copy).unwrap();
            let mut file = File::create(folder.join(format!("{copy}-{name}"))).unwrap();
            file.write_all(&bytes).unwrap();
            file.write_all(&[mark]).unwrap();
            // Gigabytes that are still on their way to the disk would slow the first photos.
            file.sync_all().unwrap();
        }
    }
}

/// Indexes `folder` into a new library and prints seconds, peak memory and how wrong the time left was, for a process of
/// its own.
pub(crate) fn whole(folder: &Path, library: &Path) {
    let said: Arc<Mutex<Vec<Said>>> = Arc::default();
    let heard = Arc::clone(&said);
    let on_event = Arc::new(move |event| {
        if let Event::Index { status: IndexStatus { photos, embedded, eta_seconds: Some(left), .. } } = event
        {
            let done = f64::from(embedded) / f64::from(photos);
            heard.lock().unwrap().push((Instant::now(), done, f64::from(left)));
        }
    });
    let options = Options { on_event, ..Options::new(library.to_owned(), resources::folder()) };
    let library = Library::open(options).unwrap();
    let started = Instant::now();
    library.start_indexing(false).unwrap();
    library.add_folders(&[folder.to_owned()]).unwrap();
    library.wait_until_indexed(&CancelToken::default());
    let ended = Instant::now();
    let eta = worst_eta(&said.lock().unwrap(), ended);
    println!("{} {} {eta}", (ended - started).as_secs_f64(), peak_megabytes());
}

/// What was said of the time that is left: when, the share that was done, and the seconds.
type Said = (Instant, f64, f64);

/// By how much of the truth the time left was wrong at worst, after a twentieth and while at least three seconds were
/// left: it is told in whole seconds. Not a number where nothing was said then.
fn worst_eta(said: &[Said], end: Instant) -> f64 {
    let due = said.iter().map(|(at, done, left)| ((end - *at).as_secs_f64(), *done, *left));
    let due = due.filter(|(truth, done, _)| *done >= 0.05 && *truth >= 3.0);
    due.map(|(truth, _, left)| (left - truth).abs() / truth).fold(f64::NAN, f64::max)
}

struct Run {
    seconds: f64,
    peak_megabytes: f64,
    /// Of the truth.
    worst_eta: f64,
}

fn measure_whole(folder: &Path, library: &Path) -> Run {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).arg("whole").args([folder, library]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
    Run { seconds: numbers[0], peak_megabytes: numbers[1], worst_eta: numbers[2] }
}

/// Mean seconds that one core has for each stage of a photo.
struct Stages([(&'static str, f64); 6]);

impl Stages {
    fn sum(&self) -> f64 {
        self.0.iter().map(|(_, seconds)| seconds).sum()
    }
}

/// The stages as plain calls one after the other, on as many threads as there are cores: without queues, workers,
/// catalogue or anything else.
fn stages(photos: &[PathBuf], cores: usize) -> Stages {
    let data = tempfile::tempdir().unwrap();
    let cache = ThumbnailCache::new(data.path());
    let next = AtomicUsize::new(0);
    let threads: Vec<(Vec<Timed>, [Duration; 5])> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(|| one_core(photos, &next, &cache))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mean = |duration: Duration| duration.as_secs_f64() / photos.len() as f64;
    let total = |stage: usize| mean(threads.iter().map(|(_, times)| times[stage]).sum());
    let timed: Vec<Timed> = threads.iter().flat_map(|(timed, _)| timed.iter().cloned()).collect();
    let write = write(&data.path().join("catalog.sqlite"), &timed);
    Stages([
        ("read", total(0)),
        ("hash", total(1)),
        ("decode", total(2)),
        ("thumbnail", total(3)),
        ("embed", total(4)),
        ("write", mean(write)),
    ])
}

/// A photo that went through the stages.
type Timed = (PathBuf, ContentHash, Vec<f32>);

/// What one core does as long as there are photos, and how long each stage took in all.
fn one_core(photos: &[PathBuf], next: &AtomicUsize, cache: &ThumbnailCache) -> (Vec<Timed>, [Duration; 5]) {
    let mut embedder = Model::bundled(resources::folder()).embedder().unwrap();
    let [mut read, mut hash, mut decoding, mut shrink, mut embed] = [Duration::ZERO; 5];
    let mut timed = Vec::new();
    while let Some(path) = photos.get(next.fetch_add(1, Ordering::Relaxed)) {
        let bytes = clock(&mut read, || std::fs::read(path).unwrap());
        let content = clock(&mut hash, || ContentHash::of(&bytes));
        let decoded = clock(&mut decoding, || decode(&bytes, path, thumbnail::SIDE).unwrap());
        clock(&mut shrink, || {
            let jpeg = thumbnail::encode(&decoded.fitted(thumbnail::SIDE)).unwrap();
            cache.write(content, &jpeg).unwrap();
        });
        let vector = clock(&mut embed, || embedder.embed(&decoded.squashed(embedder.side())).unwrap());
        timed.push((path.clone(), content, vector));
    }
    (timed, [read, hash, decoding, shrink, embed])
}

fn clock<T>(total: &mut Duration, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let answer = work();
    *total += started.elapsed();
    answer
}

/// Rows and vectors, in transactions as large as the indexer's.
fn write(path: &Path, timed: &[Timed]) -> Duration {
    let catalog = Catalog::open(path).unwrap();
    let folder = catalog.add_folder("/").unwrap();
    let probe = Probe { format: "JPEG".into(), width: 4000, height: 3000, facts: Facts::default() };
    let mut total = Duration::ZERO;
    let seen: Vec<_> = timed
        .iter()
        .map(|(path, _, _)| {
            let stat = Stat::read(path).unwrap();
            let path = path.to_str().unwrap().to_owned();
            SeenFile {
                folder,
                path,
                size: stat.size,
                modified: stat.modified,
                probe: ProbeResult::Photo(probe.clone()),
                content: None,
            }
        })
        .collect();
    clock(&mut total, || catalog.apply(&seen, &[], &[]).unwrap());
    let items = catalog.pending(&Stage::first("bench@1"), &HashSet::new(), timed.len()).unwrap();
    let finished: Vec<_> = items
        .into_iter()
        .map(|item| {
            let (_, content, vector) = timed.iter().find(|(path, _, _)| *path == item.path).unwrap();
            let outcome = Outcome::Photo {
                content: *content,
                probe: Box::new(probe.clone()),
                color: Some("#808080".into()),
                vector: Some(vector.clone()),
                regions: Vec::new(),
            };
            Finished { item, outcome }
        })
        .collect();
    for batch in finished.chunks(32) {
        clock(&mut total, || catalog.finish(batch, &Stage::first("bench@1")).unwrap());
    }
    total
}

/// The photos of a folder, by name.
pub(crate) fn jpegs(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "jpg")).collect();
    found.sort();
    found
}
