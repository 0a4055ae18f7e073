//! JPEG files that decoders warn of: what browsers show is shown, at every size, and rows that are missing are told.

use std::path::Path;

use fotonovela_core::error::DecodeError;
use fotonovela_core::image::{decode, header};
use fotonovela_core::pixels::Rgb;
use turbojpeg::{Compressor, PixelFormat, Subsamp};

use crate::support::scene;

const SIZE: (u32, u32) = (1200, 900);
/// Whole, and at a quarter, which other code decodes.
const SIDES: [u32; 2] = [1200, 300];

fn encoded(is_progressive: bool) -> Vec<u8> {
    let picture = scene(5, SIZE.0, SIZE.1);
    let mut compressor = Compressor::new().unwrap();
    compressor.set_quality(90).unwrap();
    compressor.set_subsamp(Subsamp::Sub2x2).unwrap();
    compressor.set_progressive(is_progressive).unwrap();
    let image = turbojpeg::Image {
        pixels: picture.as_raw().as_slice(),
        width: SIZE.0 as usize,
        pitch: SIZE.0 as usize * 3,
        height: SIZE.1 as usize,
        format: PixelFormat::RGB,
    };
    compressor.compress_to_vec(image).unwrap()
}

fn decoded(bytes: &[u8], side: u32) -> Result<Rgb, DecodeError> {
    let header = header(bytes, Path::new("a.jpg"))?;
    assert_eq!((header.width, header.height), SIZE);
    decode(bytes, Path::new("a.jpg"), side).map(|decoded| decoded.fitted(side))
}

#[track_caller]
fn assert_whole(bytes: &[u8], whole: &[u8], what: &str) {
    for side in SIDES {
        let (found, wanted) = (decoded(bytes, side).expect(what), decoded(whole, side).unwrap());
        let apart: u64 = found.data.iter().zip(&wanted.data).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        // The own small decode differs by its rounding.
        assert!(apart / found.data.len() as u64 <= 1, "{what} at {side}");
    }
}

#[track_caller]
fn assert_cut_off(bytes: &[u8], what: &str) {
    for side in SIDES {
        let error = decoded(bytes, side).err();
        assert_eq!(error, Some(DecodeError::Truncated), "{what} at {side}");
    }
}

/// Where a marker's segment begins.
fn place(bytes: &[u8], marker: u8) -> usize {
    bytes.windows(2).position(|pair| pair == [0xFF, marker]).unwrap()
}

#[test]
fn a_picture_without_its_end_marker_is_whole() {
    for is_progressive in [false, true] {
        let whole = encoded(is_progressive);
        let bare = &whole[..whole.len() - 2];
        for (what, bytes) in [
            ("no end", bare.to_vec()),
            ("zeros for an end", [bare, &[0; 4096]].concat()),
            ("something else for an end", [bare, b"\0\0SEFHe\0\0\0SEFT".as_slice()].concat()),
            ("zeros behind the end", [whole.as_slice(), &[0; 999]].concat()),
            ("a film behind the end", [whole.as_slice(), b"\0\0\0\x18ftypmp42", &[0xFF; 300]].concat()),
        ] {
            assert_whole(&bytes, &whole, &format!("{what}, progressive: {is_progressive}"));
        }
    }
}

#[test]
fn rows_that_are_missing_are_told_whatever_stands_there_instead() {
    for is_progressive in [false, true] {
        let whole = encoded(is_progressive);
        for part in [30, 60, 90, 98] {
            let rest = &whole[..whole.len() * part / 100];
            let what = format!("after {part} %, progressive: {is_progressive}");
            assert_cut_off(rest, &format!("nothing {what}"));
            let zeros = vec![0; whole.len() - rest.len()];
            assert_cut_off(&[rest, &zeros].concat(), &format!("zeros {what}"));
        }
    }
}

#[test]
fn an_end_marker_where_rows_are_missing_is_damage_of_what_is_there() {
    let whole = encoded(false);
    let with_end = |part: usize| [&whole[..whole.len() * part / 100], &[0xFF, 0xD9]].concat();
    assert_cut_off(&with_end(10), "most is missing");
    for side in SIDES {
        assert!(decoded(&with_end(95), side).is_ok(), "most is there, at {side}");
    }
}

#[test]
fn heads_that_are_a_little_wrong_do_no_harm() {
    let whole = encoded(false);
    let mut spectral = whole.clone();
    // The last two bytes but one of the head of the scan say which coefficients it has: 0 to 0, as phones write.
    let scan = place(&whole, 0xDA);
    let length = usize::from(whole[scan + 3]);
    spectral[scan + length] = 0;
    assert_ne!(spectral, whole);
    assert_whole(&spectral, &whole, "spectral selection");
    let mut revision = whole.clone();
    revision[place(&whole, 0xE0) + 9] = 3;
    assert_whole(&revision, &whole, "revision of JFIF");
    let stray = [&whole[..scan], &[0, 7, 0], &whole[scan..]].concat();
    assert_whole(&stray, &whole, "stray bytes between segments");
}

#[test]
fn what_stands_above_damage_is_shown() {
    let whole = encoded(false);
    let start = place(&whole, 0xDA) + 14;
    let mut damaged = whole.clone();
    let damage = start + (whole.len() - start) * 4 / 5;
    damaged[damage..damage + 4].copy_from_slice(&[0x55, 0xAA, 0x12, 0x34]);
    for side in SIDES {
        let (found, wanted) = (decoded(&damaged, side).unwrap(), decoded(&whole, side).unwrap());
        let same = found.data.iter().zip(&wanted.data).take_while(|(a, b)| a.abs_diff(**b) <= 40).count();
        assert!(same > found.data.len() / 5, "{same} of {} at {side}", found.data.len());
    }
}

#[test]
fn what_is_hopeless_is_a_problem() {
    let whole = encoded(false);
    let start = place(&whole, 0xDA) + 14;
    assert_cut_off(&whole[..start + 40], "nothing but the head");
    let mut unknown = whole.clone();
    // Samples of 7 bits.
    unknown[place(&whole, 0xC0) + 4] = 7;
    assert!(decoded(&unknown, 300).is_err());
}
