//! Progressive files through the whole decoder: less is read, and looks the same.

use turbojpeg::{Compressor, PixelFormat, Subsamp};

use std::borrow::Cow;

use super::progressive::trimmed;
use crate::error::DecodeError;
use crate::image::decode;
use crate::pixels::Rgb;

const SIZE: (usize, usize) = (1600, 1200);

/// Waves of many lengths with some noise, as a photo has.
fn picture() -> Vec<u8> {
    let mut noise = 1_u32;
    let mut value = |x: usize, y: usize, phase: f32| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (x, y) = (x as f32, y as f32);
        let waves = (x / 90.0 + phase).sin() * 50.0 + (y / 31.0).sin() * 30.0 + ((x + y) / 9.0).sin() * 15.0;
        (128.0 + waves + (noise >> 28) as f32).clamp(0.0, 255.0) as u8
    };
    let pixels = (0..SIZE.1).flat_map(|y| (0..SIZE.0).map(move |x| (x, y)));
    pixels.flat_map(|(x, y)| [0.0, 1.0, 2.0].map(|phase| value(x, y, phase))).collect()
}

fn encoded(is_progressive: bool) -> Vec<u8> {
    let pixels = picture();
    let mut compressor = Compressor::new().unwrap();
    compressor.set_quality(92).unwrap();
    compressor.set_subsamp(Subsamp::Sub2x2).unwrap();
    compressor.set_progressive(is_progressive).unwrap();
    let (width, height) = SIZE;
    let image = turbojpeg::Image {
        pixels: pixels.as_slice(),
        width,
        pitch: width * 3,
        height,
        format: PixelFormat::RGB,
    };
    compressor.compress_to_vec(image).unwrap()
}

fn decibels(a: &Rgb, b: &Rgb) -> f64 {
    let squares: f64 = a.data.iter().zip(&b.data).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 * a.data.len() as f64 / squares.max(1.0)).log10()
}

#[test]
fn a_small_decode_reads_less_and_looks_the_same() {
    let bytes = encoded(true);
    let path = std::path::Path::new("a.jpg");
    let full = decode(&bytes, path, u32::MAX).unwrap();
    let mut before = bytes.len();
    for (divisor, side) in [(2, 800), (4, 400), (8, 200)] {
        let length = trimmed(&bytes, divisor, 30).len();
        assert!(length < before, "1/{divisor}: {length} of {before} bytes");
        before = length;
        let small = decode(&bytes, path, side).unwrap();
        assert_eq!(small.pixels.width, side);
        // At the size of the decode itself DCT scaling differs from a resize; half of that is what is shown.
        let found = decibels(&small.fitted(side / 2), &full.fitted(side / 2));
        assert!(found > 45.0, "1/{divisor}: {found:.1} dB");
    }
    assert!(before * 2 < bytes.len(), "{before} of {} bytes at 1/8", bytes.len());
}

#[test]
fn full_size_and_baseline_files_are_left_as_they_are() {
    assert!(matches!(trimmed(&encoded(true), 1, 30), Cow::Borrowed(_)));
    assert!(matches!(trimmed(&encoded(false), 4, 30), Cow::Borrowed(_)));
    assert!(
        matches!(trimmed(&encoded(true), 4, 5), Cow::Borrowed(_)),
        "too many scans are for the decoder to refuse"
    );
}

#[test]
fn a_file_whose_end_is_missing_is_still_refused() {
    let bytes = encoded(true);
    for part in [30, 60, 90, 99] {
        let error =
            decode(&bytes[..bytes.len() * part / 100], std::path::Path::new("a.jpg"), 200).unwrap_err();
        assert_eq!(error, DecodeError::Truncated, "{part} %");
    }
}
