//! TIFF files of every layout, built by hand: depths, byte orders, planes, opacity, pages. What compressions and colour
//! spaces look like is in the fixtures of `formats.rs`.

use std::path::Path;

use fotonovela_core::error::DecodeError;
use fotonovela_core::image::{Format, decode, header, is_viewable};

const SIDE: u32 = 16;
/// Red, green, blue and yellow quarters.
const QUARTERS: [[u8; 3]; 4] = [[200, 30, 30], [30, 160, 60], [40, 60, 200], [220, 200, 40]];

const WHITE_IS_ZERO: u64 = 0;
const BLACK_IS_ZERO: u64 = 1;
const RGB: u64 = 2;
const INKS: u64 = 5;

/// Byte order, and whether offsets have 64 bits.
#[derive(Clone, Copy, Debug)]
struct Writer {
    is_big_endian: bool,
    is_wide: bool,
}

const PLAIN: Writer = Writer { is_big_endian: false, is_wide: false };

#[derive(Clone)]
struct TestPage {
    /// Tag, kind (1 byte, 3 short, 4 long) and values.
    tags: Vec<(u16, u16, Vec<u64>)>,
    planes: Vec<Vec<u8>>,
}

impl Writer {
    fn number(self, value: u64, width: usize) -> Vec<u8> {
        let bytes = value.to_be_bytes();
        let mut bytes = bytes[8 - width..].to_vec();
        if !self.is_big_endian {
            bytes.reverse();
        }
        bytes
    }

    /// A page of the quarters in whole numbers of so many bits, or floating point ones (kind 3).
    fn page(self, photometric: u64, pixels: &[[u8; 4]; 4], samples: usize, bits: u32, kind: u64) -> TestPage {
        let row = |y: u32| {
            let quarter = |x: u32| pixels[(y / (SIDE / 2) * 2 + x / (SIDE / 2)) as usize];
            let values: Vec<u8> = (0..SIDE).flat_map(|x| quarter(x)[..samples].to_vec()).collect();
            self.row(&values, bits, kind)
        };
        let count = |value: u64| vec![value];
        let tags = vec![
            (256, 3, count(SIDE.into())),
            (257, 3, count(SIDE.into())),
            (258, 3, vec![bits.into(); samples]),
            (259, 3, count(1)),
            (262, 3, count(photometric)),
            (277, 3, count(samples as u64)),
            (278, 3, count(SIDE.into())),
            (339, 3, vec![kind; samples]),
        ];
        TestPage { tags, planes: vec![(0..SIDE).flat_map(row).collect()] }
    }

    fn row(self, values: &[u8], bits: u32, kind: u64) -> Vec<u8> {
        if kind == 3 {
            let float = |value: &u8| f64::from(*value) / 255.0;
            return values
                .iter()
                .flat_map(|value| match bits {
                    16 => self.number(half::f16::from_f64(float(value)).to_bits().into(), 2),
                    32 => self.number((float(value) as f32).to_bits().into(), 4),
                    _ => self.number(float(value).to_bits(), 8),
                })
                .collect();
        }
        let most = if bits == 64 { u64::MAX } else { (1 << bits) - 1 };
        let scaled = |value: &u8| (u128::from(*value) * u128::from(most) / 255) as u64;
        if bits.is_multiple_of(8) {
            return values.iter().flat_map(|value| self.number(scaled(value), bits as usize / 8)).collect();
        }
        let digits = values.iter().flat_map(|value| {
            let value = scaled(value);
            (0..bits).rev().map(move |bit| (value >> bit & 1) as u8)
        });
        let digits: Vec<u8> = digits.collect();
        digits.chunks(8).map(|byte| (0..8).fold(0, |all, at| all << 1 | byte.get(at).unwrap_or(&0))).collect()
    }

    fn file(self, pages: &[TestPage]) -> Vec<u8> {
        let (head, size, room) = if self.is_wide { (8, 20, 8) } else { (2, 12, 4) };
        let mut bytes = if self.is_big_endian { b"MM".to_vec() } else { b"II".to_vec() };
        bytes.extend(self.number(if self.is_wide { 43 } else { 42 }, 2));
        if self.is_wide {
            bytes.extend([self.number(8, 2), vec![0; 2]].concat());
        }
        let mut link = bytes.len();
        bytes.resize(link + room, 0);
        for page in pages {
            let mut page = page.clone();
            let places = page.planes.iter().map(|plane| {
                let start = bytes.len() as u64;
                bytes.extend(plane);
                start
            });
            let places: Vec<u64> = places.collect();
            page.tags.push((273, 4, places));
            page.tags.push((279, 4, page.planes.iter().map(|plane| plane.len() as u64).collect()));
            page.tags.sort();
            let start = bytes.len();
            bytes.splice(link..link + room, self.number(start as u64, room));
            let mut outside = Vec::new();
            let outside_at = start + head + page.tags.len() * size + room;
            bytes.extend(self.number(page.tags.len() as u64, head));
            for (tag, kind, values) in &page.tags {
                let width = match kind {
                    1 => 1,
                    3 => 2,
                    _ => 4,
                };
                let mut data: Vec<u8> = values.iter().flat_map(|value| self.number(*value, width)).collect();
                if data.len() > room {
                    let place = self.number((outside_at + outside.len()) as u64, room);
                    outside.extend(std::mem::replace(&mut data, place));
                }
                data.resize(room, 0);
                bytes.extend(self.number((*tag).into(), 2));
                bytes.extend(self.number((*kind).into(), 2));
                bytes.extend(self.number(values.len() as u64, room));
                bytes.extend(data);
            }
            link = bytes.len();
            bytes.resize(link + room, 0);
            bytes.extend(outside);
        }
        bytes
    }
}

impl TestPage {
    fn with(mut self, tag: u16, kind: u16, values: &[u64]) -> Self {
        self.tags.push((tag, kind, values.to_vec()));
        self
    }

    /// The same with each sample of a pixel in a plane of its own; samples of whole bytes only.
    fn planar(self, samples: usize, bytes: usize) -> Self {
        let plane = |at: usize| {
            self.planes[0]
                .chunks_exact(samples * bytes)
                .flat_map(|pixel| pixel[at * bytes..(at + 1) * bytes].to_vec())
                .collect()
        };
        let planes = (0..samples).map(plane).collect();
        Self { planes, ..self }.with(284, 3, &[2])
    }
}

fn colors() -> [[u8; 4]; 4] {
    QUARTERS.map(|[red, green, blue]| [red, green, blue, 0])
}

fn quarters(bytes: &[u8]) -> [[u8; 3]; 4] {
    let picture = decode(bytes, Path::new("scan.tif"), 512).unwrap().fitted(512);
    assert_eq!((picture.width, picture.height), (SIDE, SIDE));
    let middles = [(4, 4), (12, 4), (4, 12), (12, 12)];
    middles.map(|(x, y)| {
        let at = (y * SIDE + x) as usize * 3;
        [picture.data[at], picture.data[at + 1], picture.data[at + 2]]
    })
}

#[track_caller]
fn assert_near(found: [[u8; 3]; 4], wanted: [[u8; 3]; 4], most: u8, what: &str) {
    let apart = found.as_flattened().iter().zip(wanted.as_flattened()).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(apart <= Some(most), "{what}: {found:?} where {wanted:?} is meant");
}

#[test]
fn every_depth_order_and_layout_shows_its_colors() {
    let depths = (1..=16).chain([24, 32, 64]).map(|bits| (bits, 1));
    for (bits, kind) in depths.chain([(16, 3), (32, 3), (64, 3)]) {
        // Few bits leave few colours.
        let most = if bits < 8 { (255_u32 / ((1 << bits) - 1)) as u8 } else { 1 };
        for is_big_endian in [false, true] {
            for is_wide in [false, true] {
                let writer = Writer { is_big_endian, is_wide };
                let page = writer.page(RGB, &colors(), 3, bits, kind);
                let what = format!("{bits} bits of kind {kind}, {writer:?}");
                let file = writer.file(std::slice::from_ref(&page));
                assert_eq!(header(&file, Path::new("a")).unwrap().format, Format::Tiff, "{what}");
                assert_near(quarters(&file), QUARTERS, most, &what);
                if bits.is_multiple_of(8) {
                    let file = writer.file(&[page.planar(3, bits as usize / 8)]);
                    assert_near(quarters(&file), QUARTERS, most, &format!("{what}, in planes"));
                }
            }
        }
    }
}

#[test]
fn grey_and_inks_are_what_their_page_says() {
    let grey = [[0; 4], [80; 4], [160; 4], [255; 4]];
    let wanted = grey.map(|pixel| [pixel[0]; 3]);
    for bits in [8, 16, 32] {
        let of =
            |photometric, pixels: &[[u8; 4]; 4]| PLAIN.file(&[PLAIN.page(photometric, pixels, 1, bits, 1)]);
        assert_near(quarters(&of(BLACK_IS_ZERO, &grey)), wanted, 1, "black is zero");
        let inverted = grey.map(|pixel| pixel.map(|value| 255 - value));
        assert_near(quarters(&of(WHITE_IS_ZERO, &inverted)), wanted, 1, "white is zero");
        let inks = colors().map(|[red, green, blue, _]| [255 - red, 255 - green, 255 - blue, 0]);
        let file = PLAIN.file(&[PLAIN.page(INKS, &inks, 4, bits, 1)]);
        assert_near(quarters(&file), QUARTERS, 1, "inks");
    }
}

#[test]
fn measurements_beyond_black_and_white_are_spread() {
    let heights = [[-40.0_f32], [500.0], [1000.0], [2000.0]];
    let mut page = PLAIN.page(BLACK_IS_ZERO, &colors(), 1, 32, 3);
    let quarter = |at: u32| heights[(at / SIDE / (SIDE / 2) * 2 + at % SIDE / (SIDE / 2)) as usize];
    page.planes = vec![(0..SIDE * SIDE).flat_map(|at| quarter(at)[0].to_le_bytes()).collect()];
    assert_near(quarters(&PLAIN.file(&[page])), [[0; 3], [68; 3], [130; 3], [255; 3]], 1, "heights");
}

#[test]
fn opacity_counts_as_the_page_says() {
    const EXTRA_SAMPLES: u16 = 338;
    let on_white = |value: u8| ((u32::from(value) * 128 + 255 * 127) / 255) as u8;
    let straight = colors().map(|[red, green, blue, _]| [red, green, blue, 128]);
    let multiplied = straight
        .map(|pixel| pixel.map(|value| (u32::from(value) * 128 / 255) as u8))
        .map(|[red, green, blue, _]| [red, green, blue, 128]);
    let seen = QUARTERS.map(|color| color.map(on_white));
    for (kind, pixels, wanted) in [(2, straight, seen), (1, multiplied, seen), (0, straight, QUARTERS)] {
        for bits in [8, 16] {
            let page = PLAIN.page(RGB, &pixels, 4, bits, 1).with(EXTRA_SAMPLES, 3, &[kind]);
            let planar = page.clone().planar(4, bits as usize / 8);
            for page in [page, planar] {
                assert_near(quarters(&PLAIN.file(&[page])), wanted, 2, &format!("extra sample {kind}"));
            }
        }
    }
    let grey = straight.map(|pixel| [pixel[0], 128, 0, 0]);
    let page = PLAIN.page(BLACK_IS_ZERO, &grey, 2, 8, 1).with(EXTRA_SAMPLES, 3, &[2]);
    let wanted = QUARTERS.map(|color| [on_white(color[0]); 3]);
    assert_near(quarters(&PLAIN.file(&[page])), wanted, 2, "grey");
}

#[test]
fn the_first_page_that_is_a_picture_of_its_own_is_shown() {
    const SUBFILE_TYPE: u16 = 254;
    let black = PLAIN.page(RGB, &[[0; 4]; 4], 3, 8, 1);
    let picture = PLAIN.page(RGB, &colors(), 3, 8, 1);
    let reduced = black.clone().with(SUBFILE_TYPE, 4, &[1]);
    let mask = black.clone().with(SUBFILE_TYPE, 4, &[4]);
    let old = black.clone().with(255, 3, &[2]);
    let page_of_many = picture.clone().with(SUBFILE_TYPE, 4, &[2]);
    for (what, pages) in [
        ("a thumbnail first", vec![reduced.clone(), picture.clone()]),
        ("a mask and an old thumbnail first", vec![mask, old, picture.clone()]),
        ("a thumbnail last", vec![picture.clone(), reduced]),
        ("two pages", vec![page_of_many, black]),
        ("nothing but a thumbnail", vec![picture.with(SUBFILE_TYPE, 4, &[1])]),
    ] {
        assert_near(quarters(&PLAIN.file(&pages)), QUARTERS, 0, what);
    }
}

#[test]
fn a_finished_picture_that_kept_the_tags_of_its_raw_file_is_a_picture() {
    let page = PLAIN.page(RGB, &colors(), 3, 16, 1).with(0xC612, 1, &[1, 4, 0, 0]);
    let file = PLAIN.file(&[page]);
    assert_eq!(header(&file, Path::new("a.tif")).unwrap().format, Format::Tiff);
    assert_near(quarters(&file), QUARTERS, 1, "DNGVersion");
    assert!(!is_viewable(&file, Path::new("a.tif")));
}

#[test]
fn what_cannot_be_shown_says_why() {
    let page = PLAIN.page(RGB, &colors(), 3, 8, 1);
    let whole = PLAIN.file(std::slice::from_ref(&page));
    let of = |bytes: &[u8]| decode(bytes, Path::new("a.tif"), 512).map(|_| ()).unwrap_err();
    for length in [9, whole.len() / 2] {
        assert_eq!(of(&whole[..length]), DecodeError::Truncated, "cut at {length} of {}", whole.len());
    }
    // The directory is there, and its strip ends behind the end.
    let directory = u32::from_le_bytes(whole[4..8].try_into().unwrap()) as usize;
    let place = (directory + 2..).step_by(12).find(|&at| whole[at..at + 2] == 273_u16.to_le_bytes()).unwrap();
    let mut cut = whole.clone();
    cut[place + 8..place + 12].copy_from_slice(&(whole.len() as u32 - 100).to_le_bytes());
    assert_eq!(of(&cut), DecodeError::Truncated);
    let resized = |width: u64| {
        let mut page = page.clone();
        page.tags.retain(|(tag, ..)| *tag != 256 && *tag != 257);
        PLAIN.file(&[page.with(256, 4, &[width]).with(257, 4, &[width])])
    };
    assert_eq!(of(&resized(50_000)), DecodeError::TooLarge { width: 50_000, height: 50_000 });
    assert!(matches!(of(&resized(0)), DecodeError::Corrupt(_)));
    // Compression 34712 is JPEG 2000.
    let mut foreign = page;
    foreign.tags.retain(|(tag, ..)| *tag != 259);
    let error = of(&PLAIN.file(&[foreign.with(259, 3, &[34_712])]));
    assert!(matches!(&error, DecodeError::Lacking { kind, .. } if kind == "TIFF"), "{error:?}");
}
