//! Thumbnails alone: how fast on all cores, and how far from those of a full decode.

use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use fotonovela_core::image::{decode, thumbnail};
use fotonovela_core::pixels::Rgb;

use crate::index::jpegs;
use crate::{each, median};

/// Makes the thumbnail of each photo with one thread per core, and prints seconds.
pub(crate) fn write(photos: &Path, out: &Path) {
    let photos = jpegs(photos);
    std::fs::create_dir_all(out).unwrap();
    let started = Instant::now();
    each(&photos, |path| {
        let bytes = std::fs::read(path).unwrap();
        let small = decode(&bytes, path, thumbnail::SIDE).unwrap().fitted(thumbnail::SIDE);
        std::fs::write(out.join(path.file_name().unwrap()), thumbnail::encode(&small).unwrap()).unwrap();
    });
    println!("{}", started.elapsed().as_secs_f64());
}

/// Compares the pixels of thumbnails, before they are compressed, with those of a full decode.
pub(crate) fn quality(photos: &Path) {
    let photos = jpegs(photos);
    let decibels = Mutex::new(Vec::new());
    each(&photos, |path| {
        let bytes = std::fs::read(path).unwrap();
        let small = decode(&bytes, path, thumbnail::SIDE).unwrap().fitted(thumbnail::SIDE);
        let reference = decode(&bytes, path, u32::MAX).unwrap().fitted(thumbnail::SIDE);
        decibels.lock().unwrap().push(psnr(&small, &reference));
    });
    let decibels = decibels.into_inner().unwrap();
    let worst = decibels.iter().copied().fold(f64::INFINITY, f64::min);
    println!("against a full decode: median {:.1} dB, worst {worst:.1} dB", median(decibels));
}

/// Peak signal-to-noise ratio in dB over all channels.
fn psnr(one: &Rgb, other: &Rgb) -> f64 {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let squares: f64 =
        one.data.iter().zip(&other.data).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 * one.data.len() as f64 / squares).log10()
}
