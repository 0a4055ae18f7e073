//! Every kind of picture in its right colours, shape and turn, against what reference decoders see in the same files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fotonovela_core::decoder::{DecodeOrder, DecodeOutput, Encoding, FilePart, worker};
use fotonovela_core::error::DecodeError;
use fotonovela_core::image::{Format, decode, header, is_viewable, metadata};
use fotonovela_core::pixels::{ResizeFilter, Rgb};
use serde::Deserialize;

/// Side of a patch of the chart in pixels.
const PATCH: u32 = 32;

#[derive(Deserialize)]
struct Expected {
    width: u32,
    height: u32,
    /// The middle of each patch, row by row.
    patches: Vec<[f64; 3]>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/images")
}

fn expected() -> BTreeMap<String, Expected> {
    serde_json::from_str(&std::fs::read_to_string(folder().join("expected.json")).unwrap()).unwrap()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

/// The mean of the middle of each patch.
fn patches(picture: &Rgb, side: u32) -> Vec<[f64; 3]> {
    let half = side / 5;
    let mean = |left: u32, top: u32| {
        let mut sums = [0.0; 3];
        for (x, y) in (top - half..top + half).flat_map(|y| (left - half..left + half).map(move |x| (x, y))) {
            let at = (y as usize * picture.width as usize + x as usize) * 3;
            sums = [0, 1, 2].map(|channel| sums[channel] + f64::from(picture.data[at + channel]));
        }
        sums.map(|sum| sum / f64::from(4 * half * half))
    };
    let middles = |length: u32| (0..length / side).map(move |at| at * side + side / 2);
    middles(picture.height)
        .flat_map(|y| middles(picture.width).map(move |x| (x, y)))
        .map(|(x, y)| mean(x, y))
        .collect()
}

/// CIE Lab of an sRGB colour (D65).
fn lab(color: [f64; 3]) -> [f64; 3] {
    let light = color
        .map(|value| value / 255.0)
        .map(|value| if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) });
    let sum =
        |weights: [f64; 3]| weights.iter().zip(light).map(|(weight, value)| weight * value).sum::<f64>();
    let [x, y, z] = [
        sum([0.412_456, 0.357_576, 0.180_438]) / 0.950_47,
        sum([0.212_673, 0.715_152, 0.072_175]),
        sum([0.019_334, 0.119_192, 0.950_304]) / 1.088_83,
    ]
    .map(|value| if value > 0.008_856 { value.cbrt() } else { 7.787 * value + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// Differences in Lab: the mean and the largest. 1 is just visible side by side.
fn differences(found: &[[f64; 3]], wanted: &[[f64; 3]]) -> (f64, f64) {
    assert_eq!(found.len(), wanted.len());
    let apart = |(a, b): (&[f64; 3], &[f64; 3])| {
        lab(*a).iter().zip(lab(*b)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    };
    let all: Vec<f64> = found.iter().zip(wanted).map(apart).collect();
    (all.iter().sum::<f64>() / all.len() as f64, all.iter().copied().fold(0.0, f64::max))
}

/// How far a fixture may be off: mean and largest difference.
fn tolerance(name: &str) -> (f64, f64) {
    // A table of 5 points along each ink leaves room for how to interpolate: Little CMS does it otherwise.
    if name == "cmyk-profile.jpg" { (1.2, 2.5) } else { (0.8, 2.0) }
}

#[test]
fn every_kind_has_the_colours_that_reference_decoders_see() {
    let mut wrong = Vec::new();
    for (name, expected) in expected() {
        // The name must not help.
        let picture = decode(&fixture(&name), Path::new("photo"), 512).expect(&name).fitted(512);
        assert_eq!((picture.width, picture.height), (expected.width, expected.height), "{name}");
        let (mean, most) = differences(&patches(&picture, PATCH), &expected.patches);
        eprintln!("{name:20} mean {mean:.2} max {most:.2}");
        let (mean_limit, most_limit) = tolerance(&name);
        if mean > mean_limit || most > most_limit {
            wrong.push(format!("{name}: mean {mean:.2}, max {most:.2}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_picture_decoded_small_has_the_same_colours() {
    for (name, expected) in expected() {
        let decoded = decode(&fixture(&name), Path::new("photo"), 96).expect(&name);
        let small = decoded.fitted(96);
        assert_eq!(small.width.max(small.height), 96, "{name}");
        let (mean, most) = differences(&patches(&small, PATCH / 2), &expected.patches);
        assert!(mean < tolerance(&name).0 && most < 4.0, "{name}: mean {mean:.2}, max {most:.2}");
        if name.ends_with("heic") || name.ends_with("avif") || name.ends_with("jpg") {
            assert_eq!(
                decoded.pixels.width.max(decoded.pixels.height),
                96,
                "{name} shrinks while it is decoded"
            );
        }
    }
}

#[test]
fn both_products_are_srgb_and_upright() {
    for name in ["prophoto.jpg", "p3.heic", "turned.avif"] {
        let expected = &expected()[name];
        let order = DecodeOrder {
            side: 512,
            encoded: Some(Encoding::Jpeg(95)),
            square: Some(384),
            pixels: false,
            facts: false,
            part: FilePart::Photo,
        };
        let DecodeOutput { encoded, square, .. } = worker::make("photo", &fixture(name), order).unwrap();
        let shown = decode(&encoded.unwrap().bytes, Path::new("thumbnail"), 512).unwrap().fitted(512);
        let (mean, most) = differences(&patches(&shown, PATCH), &expected.patches);
        assert!(mean < 1.5, "{name}: mean {mean:.2}, max {most:.2} in the thumbnail");
        let square = square.unwrap().resized(expected.width, expected.height, ResizeFilter::Bicubic);
        let (mean, most) = differences(&patches(&square, PATCH), &expected.patches);
        assert!(mean < 1.0 && most < 4.0, "{name}: mean {mean:.2}, max {most:.2} in the model's picture");
    }
}

#[test]
fn the_profile_matters() {
    // Had the profiles been left out, these would be off by far more than the tolerance above.
    let plain = decode(&fixture("p3.png"), Path::new("a"), 512).unwrap().pixels;
    let (mean, most) = differences(&patches(&plain, PATCH), &expected()["p3.png"].patches);
    assert!(mean > 2.0 && most > 10.0, "mean {mean:.2}, max {most:.2}");
}

#[test]
fn kinds_and_shapes_are_told_by_the_header() {
    let kinds = [
        ("p3.jpg", Format::Jpeg),
        ("p3.png", Format::Png),
        ("p3.webp", Format::WebP),
        ("picture.gif", Format::Gif),
        ("p3.tif", Format::Tiff),
        ("picture.bmp", Format::Bmp),
        ("picture.qoi", Format::Qoi),
        ("p3.heic", Format::Heic),
        ("grid.avif", Format::Avif),
        ("p3.jxl", Format::JpegXl),
        ("turned.jxl", Format::JpegXl),
    ];
    for (name, format) in kinds {
        assert_eq!(header(&fixture(name), Path::new("misleading.txt")).unwrap().format, format, "{name}");
    }
    for (name, expected) in expected() {
        let header = header(&fixture(&name), Path::new("photo")).unwrap();
        let upright = header.orientation.upright_size(header.width, header.height);
        assert_eq!(upright, (expected.width, expected.height), "{name}");
    }
}

#[test]
fn broken_files_of_every_kind_are_refused_and_never_panic() {
    for name in expected().into_keys() {
        let bytes = fixture(&name);
        for part in 0..12 {
            let length = bytes.len() * part / 12;
            // Some decoders show what is there; GIF and WebP say so only by their own rules.
            match decode(&bytes[..length], Path::new("photo"), 512) {
                Err(_) => {}
                Ok(decoded) => {
                    assert!(length * 2 > bytes.len() && decoded.pixels.width > 0, "{name} cut at {length}")
                }
            }
        }
        for step in 0..60_usize {
            let mut broken = bytes.clone();
            let at = step * 7919 % broken.len();
            broken[at] = broken[at].wrapping_add(1 + u8::try_from(step % 255).unwrap());
            if let Ok(decoded) = decode(&broken, Path::new("photo"), 512) {
                let Rgb { width, height, data } = decoded.fitted(512);
                assert_eq!(data.len(), width as usize * height as usize * 3);
            }
            let _ = metadata::read(&broken, Path::new("photo"));
        }
    }
}

#[test]
fn bombs_are_refused_by_their_header() {
    // The size stands in the box `ispe` of both; every one of them, since a grid has several.
    for name in ["half.heic", "half.avif"] {
        let mut bytes = fixture(name);
        let places: Vec<usize> = (0..bytes.len() - 16).filter(|&at| &bytes[at..at + 4] == b"ispe").collect();
        assert!(!places.is_empty());
        for at in places {
            bytes[at + 8..at + 12].copy_from_slice(&60_000_u32.to_be_bytes());
            bytes[at + 12..at + 16].copy_from_slice(&50_000_u32.to_be_bytes());
        }
        let expected = DecodeError::TooLarge { width: 60_000, height: 50_000 };
        assert_eq!(header(&bytes, Path::new(name)), Err(expected.clone()), "{name}");
        assert_eq!(decode(&bytes, Path::new(name), 512).unwrap_err(), expected, "{name}");
    }
    let mut gif = fixture("picture.gif");
    gif[6..10].copy_from_slice(&[0xFF; 4]);
    assert!(matches!(decode(&gif, Path::new("a"), 512), Err(DecodeError::TooLarge { .. })));
    let mut qoi = fixture("picture.qoi");
    qoi[4..12].copy_from_slice(&[0, 0, 0x40, 0, 0, 0, 0x40, 0]);
    assert!(matches!(decode(&qoi, Path::new("a"), 512), Err(DecodeError::TooLarge { .. })));
}

#[test]
fn the_viewer_gets_the_file_only_where_web_views_can_show_it() {
    for name in ["p3.jpg", "turned.jpg", "p3.png", "p3.webp", "picture.gif", "picture.bmp"] {
        assert!(is_viewable(&fixture(name), Path::new(name)), "{name} as it is");
    }
    for name in ["p3.heic", "p3.avif", "p3.jxl", "p3.tif", "turned.tif", "picture.qoi"] {
        assert!(!is_viewable(&fixture(name), Path::new(name)), "{name} encoded anew");
    }
    assert!(!is_viewable(b"no picture", Path::new("a.jpg")));
}
