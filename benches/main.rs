//! What a photo costs, by stage, and what a search costs. `make bench` runs it; figures are ratios of one run, since
//! absolute times differ by machine and hour.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a program that prints figures")]

mod decoders;
mod index;
mod library;
mod memory;
mod photos;
mod rescan;
mod retrieval;
mod similar;
mod thumbnails;
mod vectors;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use fotonovela_core::decoder::worker;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["decode-worker"] => worker::run().unwrap(),
        ["photos", sources, out] => photos::make(&PathBuf::from(sources), &PathBuf::from(out)),
        ["index", photos] => index::run(&PathBuf::from(photos)),
        ["decoders", photos] => decoders::run(&index::jpegs(&PathBuf::from(photos))),
        ["whole", photos, library] => index::whole(&PathBuf::from(photos), &PathBuf::from(library)),
        ["rescan", place, photos, files] => {
            rescan::run(&PathBuf::from(place), &PathBuf::from(photos), files.parse().unwrap());
        }
        ["retrieval", photos] => retrieval::run(&PathBuf::from(photos)),
        ["thumbnails", photos, out] => thumbnails::write(&PathBuf::from(photos), &PathBuf::from(out)),
        ["quality", photos] => thumbnails::quality(&PathBuf::from(photos)),
        ["library", vectors, place, rows] => {
            library::make(&PathBuf::from(vectors), &PathBuf::from(place), rows.parse().unwrap());
        }
        ["fill", place] => library::fill(&PathBuf::from(place)),
        ["scale", place] => library::measure(&PathBuf::from(place)),
        ["similar", folder] => similar::run(&PathBuf::from(folder), false),
        ["similar", folder, "large"] => similar::run(&PathBuf::from(folder), true),
        ["store", folder, rows, dimension] => {
            similar::one(&PathBuf::from(folder), rows.parse().unwrap(), dimension.parse().unwrap());
        }
        _ => println!(
            "usage: photos SOURCES OUT | index PHOTOS | decoders PHOTOS | similar FOLDER [large] | \
              store FOLDER ROWS DIMENSION | rescan PLACE PHOTOS FILES | retrieval PHOTOS | thumbnails PHOTOS OUT | \
              quality PHOTOS | library VECTORS PLACE ROWS | fill PLACE | scale PLACE (see `make bench`)"
        ),
    }
}

/// Does the work for each item, with one thread per core.
fn each<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().unwrap().get();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(item);
                }
            });
        }
    });
}

/// The value in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
