//! What a photo costs, by stage, and what a search costs. `make bench` runs it; figures are ratios of one run, since
//! absolute times differ by machine and hour.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a program that prints figures")]

mod index;
mod photos;
mod retrieval;
mod similar;
mod thumbnails;

use std::path::PathBuf;

use fotonovela_core::decoder::worker;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["decode-worker"] => worker::run().unwrap(),
        ["photos", sources, out] => photos::make(&PathBuf::from(sources), &PathBuf::from(out)),
        ["index", photos] => index::run(&PathBuf::from(photos)),
        ["whole", photos, library] => index::whole(&PathBuf::from(photos), &PathBuf::from(library)),
        ["similar"] => similar::run(),
        ["retrieval", photos] => retrieval::run(&PathBuf::from(photos)),
        ["thumbnails", photos, out] => thumbnails::write(&PathBuf::from(photos), &PathBuf::from(out)),
        ["quality", photos] => thumbnails::quality(&PathBuf::from(photos)),
        _ => println!(
            "usage: photos SOURCES OUT | index PHOTOS | similar | retrieval PHOTOS | thumbnails PHOTOS OUT | quality PHOTOS"
        ),
    }
}

/// The value in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
