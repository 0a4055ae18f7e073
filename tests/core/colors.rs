//! What the numbers of a picture mean: the chunks of PNG by their rank, profiles that do not fit, and high range.

use std::path::Path;

use fotonovela_core::image::decode;
use image::RgbImage;
use moxcms::ColorProfile;

use crate::harm::{png_by_hand, zlib};
use crate::support::{jpeg, with_segment};

const RED: [u8; 3] = [200, 30, 30];
/// The same numbers in Display P3, seen in sRGB.
const P3_RED: [u8; 3] = [218, 0, 6];
/// Code points of Display P3 with sRGB's curve.
const P3_POINTS: [u8; 4] = [12, 13, 0, 1];

fn flat(color: [u8; 3]) -> RgbImage {
    RgbImage::from_pixel(32, 32, image::Rgb(color))
}

/// A PNG of one colour with these chunks.
fn png_with(color: [u8; 3], chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
    png_by_hand((32, 32), (8, 2), chunks, &vec![color.repeat(32); 32])
}

fn chromaticities(places: [u32; 8]) -> Vec<u8> {
    places.iter().flat_map(|place| place.to_be_bytes()).collect()
}

/// What an iCCP chunk holds.
fn profile_chunk(icc: &[u8]) -> Vec<u8> {
    [b"icc\0\0".as_slice(), &zlib(icc)].concat()
}

fn seen(bytes: &[u8]) -> [u8; 3] {
    let picture = decode(bytes, Path::new("photo"), 512).unwrap().fitted(512);
    let at = (16 * picture.width as usize + 16) * 3;
    [picture.data[at], picture.data[at + 1], picture.data[at + 2]]
}

#[track_caller]
fn assert_seen(bytes: &[u8], wanted: [u8; 3], what: &str) {
    let found = seen(bytes);
    assert!(found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 6), "{what}: {found:?} for {wanted:?}");
}

#[test]
fn chunks_of_png_count_by_their_rank() {
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    let (p3, broken) = (profile_chunk(&p3), profile_chunk(b"no profile"));
    let adobe = profile_chunk(&ColorProfile::new_adobe_rgb().encode().unwrap());
    let places = chromaticities([31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000]);
    let srgb_places = chromaticities([31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000]);
    let (linear, usual) = (100_000_u32.to_be_bytes(), 45_455_u32.to_be_bytes());
    let cicp = (*b"cICP", P3_POINTS.as_slice());
    let (srgb, gamma) = ((*b"sRGB", [0].as_slice()), (*b"gAMA", linear.as_slice()));
    let usual = (*b"gAMA", usual.as_slice());
    for (what, chunks, wanted) in [
        ("nothing", vec![], RED),
        ("cICP", vec![cicp], P3_RED),
        ("cICP before iCCP", vec![cicp, (*b"iCCP", &adobe)], P3_RED),
        ("cICP before sRGB, gAMA and cHRM", vec![cicp, srgb, gamma, (*b"cHRM", &srgb_places)], P3_RED),
        ("iCCP", vec![(*b"iCCP", &p3)], P3_RED),
        ("iCCP before gAMA", vec![gamma, (*b"iCCP", &p3)], P3_RED),
        ("a broken profile leaves the rest", vec![(*b"iCCP", &broken), gamma], [229, 96, 96]),
        ("sRGB", vec![srgb], RED),
        ("sRGB before gAMA and cHRM", vec![srgb, gamma, (*b"cHRM", &places)], RED),
        ("gAMA", vec![gamma], [229, 96, 96]),
        ("cHRM and gAMA", vec![usual, (*b"cHRM", &places)], [220, 0, 0]),
        ("what goes with sRGB", vec![usual, (*b"cHRM", &srgb_places)], RED),
    ] {
        assert_seen(&png_with(RED, &chunks), wanted, what);
    }
}

#[test]
fn a_grey_profile_is_for_grey_pixels_alone() {
    let grey = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    let segment = [b"ICC_PROFILE\0\x01\x01".as_slice(), &grey].concat();
    assert_seen(&with_segment(&jpeg(&flat(RED)), 0xE2, &segment), RED, "JPEG");
    let chunk = profile_chunk(&grey);
    assert_seen(&png_with(RED, &[(*b"iCCP", &chunk)]), RED, "PNG");
    let mut bytes = Vec::new();
    let pixels = image::GrayImage::from_pixel(32, 32, image::Luma([96]));
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(&pixels).unwrap();
    assert_seen(&bytes, [96; 3], "grey without a profile");
    // Linear numbers are lighter than they look.
    assert_seen(&with_segment(&bytes, 0xE2, &segment), [165; 3], "grey with a profile");
}

#[test]
fn high_range_is_brought_to_the_screen() {
    for (what, points) in [("PQ", [9, 16, 0, 1]), ("PQ in P3", [12, 16, 0, 1])] {
        let [value, ..] = seen(&png_with([148; 3], &[(*b"cICP", &points)]));
        assert!((222..=236).contains(&value), "{what}: reference white is {value}");
    }
    let [value, ..] = seen(&png_with([191; 3], &[(*b"cICP", &[9, 18, 0, 1])]));
    assert!((222..=236).contains(&value), "HLG: reference white is {value}");
    // A profile that names the curve.
    let mut profile = ColorProfile::new_display_p3_pq();
    profile.cicp = Some(moxcms::CicpProfile {
        color_primaries: moxcms::CicpColorPrimaries::Smpte432,
        transfer_characteristics: moxcms::TransferCharacteristics::Smpte2084,
        matrix_coefficients: moxcms::MatrixCoefficients::Identity,
        full_range: true,
    });
    let segment = [b"ICC_PROFILE\0\x01\x01".as_slice(), &profile.encode().unwrap()].concat();
    let [value, ..] = seen(&with_segment(&jpeg(&flat([148; 3])), 0xE2, &segment));
    assert!((222..=236).contains(&value), "a profile: reference white is {value}");
}

#[test]
fn a_bitmap_brings_its_profile_along() {
    let icc = ColorProfile::new_display_p3().encode().unwrap();
    let pixels = [RED[2], RED[1], RED[0]].repeat(32 * 32);
    let mut header = vec![0; 124];
    for (at, value) in
        [(0, 124), (4, 32), (8, 32), (12, 24 << 16 | 1), (112, 124 + pixels.len()), (116, icc.len())]
    {
        header[at..at + 4].copy_from_slice(&u32::try_from(value).unwrap().to_le_bytes());
    }
    let file = |header: &[u8]| {
        let start = 14 + 124_u32;
        let head = [b"BM".as_slice(), &[0; 8], &start.to_le_bytes()].concat();
        [&head, header, &pixels, &icc].concat()
    };
    assert_seen(&file(&header), RED, "a profile that is not named");
    header[56..60].copy_from_slice(b"DEBM");
    assert_seen(&file(&header), P3_RED, "a profile inside");
}

/// A picture of one colour with a profile in front.
fn gif(icc: &[u8]) -> Vec<u8> {
    let mut plain = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([200, 60, 60]));
    image::DynamicImage::from(picture).write_to(&mut plain, image::ImageFormat::Gif).unwrap();
    let plain = plain.into_inner();
    let table = if plain[10] & 0x80 == 0 { 0 } else { 3 << (1 + (plain[10] & 7)) };
    let (head, body) = plain.split_at(13 + table);
    let blocks = icc.chunks(255).flat_map(|block| [&[block.len() as u8], block].concat());
    [head, b"\x21\xff\x0bICCRGBG1012", &blocks.collect::<Vec<_>>(), b"\0", body].concat()
}

#[test]
fn a_profile_in_a_gif_counts_and_a_broken_one_means_none() {
    let icc = moxcms::ColorProfile::new_adobe_rgb().encode().unwrap();
    assert!(icc.len() > 255, "it needs several blocks");
    let shown = |bytes: &[u8]| {
        let decoded = fotonovela_core::image::decode(bytes, std::path::Path::new("a.gif"), 8).unwrap();
        decoded.fitted(8).data[0]
    };
    let plain = shown(&gif(&[]));
    assert!(shown(&gif(&icc)) > plain + 10, "{} beside {plain}", shown(&gif(&icc)));
    assert_eq!(shown(&gif(&icc[..100])), plain);
}
