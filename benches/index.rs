//! Throughput of indexing: each stage alone on one thread, then all of it as `fotonovela index` does it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use fotonovela_core::cache::ThumbnailCache;
use fotonovela_core::catalog::{Catalog, Finished, Outcome, Probe, SeenFile, Told};
use fotonovela_core::image::{decode, thumbnail};
use fotonovela_core::library::{Library, Options};
use fotonovela_core::model::Model;
use fotonovela_core::photo::{ContentHash, Facts};
use fotonovela_core::resources;
use fotonovela_core::scan::Stat;
use fotonovela_core::task::CancelToken;

use crate::median;

/// The whole is run this often, and the median counts.
const RUNS: usize = 3;

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

    let stages = stages(&photos);
    let bare: f64 = stages.iter().map(|(_, seconds)| seconds).sum();
    println!("| stage (one thread) | ms a photo | share |\n|---|---|---|");
    for (name, seconds) in &stages {
        println!("| {name} | {:.2} | {:.0} % |", seconds * 1e3, 100.0 * seconds / bare);
    }
    println!("| sum | {:.2} | |\n", bare * 1e3);

    let library = tempfile::tempdir().unwrap();
    let runs: Vec<Run> =
        (0..RUNS).map(|run| measure_whole(folder, &library.path().join(run.to_string()))).collect();
    let seconds = median(runs.iter().map(|run| run.seconds).collect());
    let speed = photos.len() as f64 / seconds;
    println!("whole index: {speed:.1} photos/s (median of {RUNS}: {seconds:.2} s)");
    println!("share of the bare stages on {cores} cores: {:.0} %", 100.0 * bare / cores as f64 * speed);
    println!(
        "peak memory of all processes: {:.0} MB",
        median(runs.iter().map(|run| run.peak_megabytes).collect())
    );
}

/// Indexes `folder` into a new library and prints seconds and peak memory, for a process of its own.
pub(crate) fn whole(folder: &Path, library: &Path) {
    let library = Library::open(Options::new(library.to_owned(), resources::folder())).unwrap();
    let started = Instant::now();
    library.start_indexing(false).unwrap();
    library.add_folders(&[folder.to_owned()]).unwrap();
    library.wait_until_indexed(&CancelToken::default());
    let seconds = started.elapsed().as_secs_f64();
    let peak: f64 = processes().iter().map(|process| peak_megabytes(process)).sum();
    println!("{seconds} {peak}");
}

struct Run {
    seconds: f64,
    peak_megabytes: f64,
}

fn measure_whole(folder: &Path, library: &Path) -> Run {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).arg("whole").args([folder, library]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
    Run { seconds: numbers[0], peak_megabytes: numbers[1] }
}

/// This process and its decoders.
fn processes() -> Vec<String> {
    let children = std::fs::read_dir("/proc/self/task").unwrap().flatten().flat_map(|thread| {
        let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        children.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    });
    children.chain(["self".to_owned()]).collect()
}

/// The kernel's own record of the most memory that a process ever held. Pages that processes share count for each.
fn peak_megabytes(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}

/// Mean seconds a photo, each stage alone.
fn stages(photos: &[PathBuf]) -> Vec<(&'static str, f64)> {
    let data = tempfile::tempdir().unwrap();
    let cache = ThumbnailCache::new(data.path());
    let mut embedder = Model::bundled(resources::folder()).embedder().unwrap();
    let [mut read, mut hash, mut decoding, mut shrink, mut embed] = [Duration::ZERO; 5];
    let mut timed = Vec::new();
    for path in photos {
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
    let write = write(&data.path().join("catalog.sqlite"), &timed);
    let mean = |duration: Duration| duration.as_secs_f64() / photos.len() as f64;
    vec![
        ("read", mean(read)),
        ("hash", mean(hash)),
        ("decode", mean(decoding)),
        ("thumbnail", mean(shrink)),
        ("embed", mean(embed)),
        ("write", mean(write)),
    ]
}

fn clock<T>(total: &mut Duration, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let answer = work();
    *total += started.elapsed();
    answer
}

/// Rows and vectors, in transactions as large as the indexer's.
fn write(path: &Path, timed: &[(PathBuf, ContentHash, Vec<f32>)]) -> Duration {
    let catalog = Catalog::open(path).unwrap();
    let folder = catalog.add_folder("/").unwrap();
    let probe = Probe { format: "JPEG", width: 4000, height: 3000, facts: Facts::default() };
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
                told: Told::Photo(probe.clone()),
                content: None,
            }
        })
        .collect();
    clock(&mut total, || catalog.apply(&seen, &[], &[]).unwrap());
    let items = catalog.pending("bench@1", true, &HashSet::new(), timed.len()).unwrap();
    let finished: Vec<_> = items
        .into_iter()
        .map(|item| {
            let (_, content, vector) = timed.iter().find(|(path, _, _)| *path == item.path).unwrap();
            let outcome = Outcome::Photo {
                content: *content,
                probe: probe.clone(),
                color: Some("#808080".into()),
                vector: Some(vector.clone()),
            };
            Finished { item, outcome }
        })
        .collect();
    for batch in finished.chunks(32) {
        clock(&mut total, || catalog.finish(batch, "bench@1").unwrap());
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
