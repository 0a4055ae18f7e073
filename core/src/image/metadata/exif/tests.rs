//! EXIF data as devices write it and as no library would.

use super::value::Value;
use super::*;
use crate::types::{DateRank, DateSource, Gps};

const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const SIGNED_RATIONAL: u16 = 10;
const DATE: u16 = 0x9003;
const LATITUDE: u16 = 2;
const LONGITUDE: u16 = 4;

type TestEntry = (u16, u16, Vec<u8>);

fn ascii(tag: u16, text: &str) -> TestEntry {
    (tag, ASCII, text.bytes().chain([0]).collect())
}

fn shorts(tag: u16, values: &[u16]) -> TestEntry {
    (tag, SHORT, values.iter().flat_map(|value| value.to_be_bytes()).collect())
}

fn ratios(tag: u16, code: u16, values: &[(i32, i32)]) -> TestEntry {
    (
        tag,
        code,
        values
            .iter()
            .flat_map(|(above, below)| [above.to_be_bytes(), below.to_be_bytes()].concat())
            .collect(),
    )
}

/// A structure of directories, big-endian. The first links to the others by these tags.
fn tiff(first: Vec<TestEntry>, others: Vec<(u16, u16, Vec<TestEntry>)>) -> Vec<u8> {
    let mut first = first;
    let size = |entries: &[TestEntry]| {
        6 + 12 * entries.len() + entries.iter().map(|entry| entry.2.len()).sum::<usize>()
    };
    let links = others.len() * 12;
    let mut at = 8 + size(&first) + links + 4 * others.len();
    let mut rest = Vec::new();
    for (tag, code, entries) in others {
        first.push((tag, code, u32::try_from(at).unwrap().to_be_bytes().to_vec()));
        rest.extend(directory(&entries, at));
        at += size(&entries);
    }
    let mut bytes = [b"MM\0*\0\0\0\x08".as_slice(), &directory(&first, 8)].concat();
    bytes.resize(at - rest.len(), 0);
    [bytes, rest].concat()
}

/// All values behind the entries, also those that would fit into them.
fn directory(entries: &[TestEntry], at: usize) -> Vec<u8> {
    let mut bytes = u16::try_from(entries.len()).unwrap().to_be_bytes().to_vec();
    let mut values = Vec::new();
    for (tag, code, value) in entries {
        let count = value.len() / Value::unit(*code).unwrap_or(1);
        bytes.extend(tag.to_be_bytes());
        bytes.extend(code.to_be_bytes());
        bytes.extend(u32::try_from(count).unwrap().to_be_bytes());
        if value.len() > 4 {
            let place = at + 6 + 12 * entries.len() + values.len();
            bytes.extend(u32::try_from(place).unwrap().to_be_bytes());
        } else {
            bytes.extend(value.iter().copied().chain([0; 4]).take(4));
        }
        values.extend_from_slice(value);
    }
    [bytes, vec![0; 4], values].concat()
}

fn comment(mark: &[u8; 8], text: &[u8]) -> TestEntry {
    (USER_COMMENT, 7, [mark, text].concat())
}

#[test]
fn a_comment_counts_in_the_letters_that_it_names() {
    let wide =
        |order: fn(u16) -> [u8; 2], text: &str| text.encode_utf16().flat_map(order).collect::<Vec<_>>();
    for (mark, text) in [
        (b"ASCII\0\0\0", b"\xc3\x89t\xc3\xa9\0\0".to_vec()),
        (b"ASCII\0\0\0", b"\xc9t\xe9".to_vec()),
        (b"UNICODE\0", wide(u16::to_be_bytes, "Été\0 ")),
        (b"UNICODE\0", wide(u16::to_le_bytes, "Été")),
        (b"UNICODE\0", wide(u16::to_le_bytes, "\u{feff}Été")),
        (&[0; 8], "Été".as_bytes().to_vec()),
    ] {
        let told = Exif::of(&tiff(vec![comment(mark, &text)], Vec::new()), DirectoryKind::Main).words();
        assert_eq!(told.description.as_deref(), Some("Été"), "{mark:?} {text:?}");
    }
    let kanji = comment(b"JIS\0\0\0\0\0", b"\x1b$B3$\x1b(B");
    let told = Exif::of(&tiff(vec![kanji], Vec::new()), DirectoryKind::Main).words();
    assert_eq!(told.description.as_deref(), Some("海"));
    for (mark, text) in [
        (&[0; 8], &[0xFF, 0xFE, 7][..]),
        (b"ASCII\0\0\0", b"   \0"),
        (b"MAKER\0\0\0", b"text"),
        (b"UNICODE\0", b""),
    ] {
        let told = Exif::of(&tiff(vec![comment(mark, text)], Vec::new()), DirectoryKind::Main).words();
        assert_eq!(told.description, None, "{mark:?}");
    }
}

fn main_only(entries: Vec<TestEntry>) -> Facts {
    Exif::of(&tiff(entries, Vec::new()), DirectoryKind::Main).facts()
}

fn in_exif(entries: Vec<TestEntry>) -> Facts {
    Exif::of(&tiff(Vec::new(), vec![(0x8769, LONG, entries)]), DirectoryKind::Main).facts()
}

fn in_gps(entries: Vec<TestEntry>) -> Facts {
    Exif::of(&tiff(Vec::new(), vec![(0x8825, LONG, entries)]), DirectoryKind::Main).facts()
}

fn clock(facts: &Facts) -> Option<String> {
    let moment = jiff::Timestamp::from_millisecond(facts.taken?.at).unwrap();
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).datetime().to_string())
}

#[test]
fn tags_are_read_wherever_they_stand() {
    let entries = || vec![ascii(DATE, "2013:03:04 05:06:07"), shorts(0x8827, &[400]), ascii(0xA434, "Lens")];
    for facts in [main_only(entries()), in_exif(entries())] {
        assert_eq!(clock(&facts).as_deref(), Some("2013-03-04T05:06:07"));
        assert_eq!((facts.exposure.iso, facts.lens.as_deref()), (Some(400), Some("Lens")));
        assert_eq!(facts.taken.unwrap().rank, DateRank::Original);
    }
    let place = || vec![ratios(LATITUDE, RATIONAL, &[(40, 1)]), ratios(LONGITUDE, RATIONAL, &[(3, 1)])];
    // The link to the camera's directory may have the type for directories.
    let linked = tiff(Vec::new(), vec![(0x8769, 13, entries()), (0x8825, 13, place())]);
    let facts = Exif::of(&linked, DirectoryKind::Main).facts();
    assert_eq!((facts.exposure.iso, facts.gps.map(|gps| gps.latitude)), (Some(400), Some(40.0)));
    // Tags of satellites mean other things elsewhere.
    assert_eq!(main_only(place()).gps, None);
    assert!(Exif::of(&tiff(place(), Vec::new()), DirectoryKind::Gps).facts().gps.is_some());
}

#[test]
fn text_may_have_any_type_and_encoding() {
    let model = |code: u16, bytes: &[u8]| main_only(vec![(MODEL, code, bytes.to_vec())]).camera;
    assert_eq!(model(129, "Tést Módel\0".as_bytes()).as_deref(), Some("Tést Módel"));
    assert_eq!(model(ASCII, "Tést".as_bytes()).as_deref(), Some("Tést"));
    assert_eq!(model(ASCII, b"T\xe9st \x80\0\0\0").as_deref(), Some("Tést €"), "what Windows wrote");
    assert_eq!(model(7, b"Model\0rest").as_deref(), Some("Model"));
    assert_eq!(model(1, b"Model").as_deref(), Some("Model"));
    assert_eq!(model(99, b"Model"), None);
    assert_eq!(model(ASCII, b"----"), None);
}

#[test]
fn measures_may_be_any_kind_of_number() {
    let aperture = |entry| main_only(vec![entry]).exposure.aperture;
    for entry in [
        ratios(F_NUMBER, RATIONAL, &[(28, 10)]),
        ratios(F_NUMBER, SIGNED_RATIONAL, &[(28, 10)]),
        (F_NUMBER, 12, 2.8_f64.to_be_bytes().to_vec()),
        ascii(F_NUMBER, "2.8"),
    ] {
        assert_eq!(aperture(entry), Some(2.8));
    }
    let float = aperture((F_NUMBER, 11, 2.8_f32.to_be_bytes().to_vec())).unwrap();
    assert!((float - 2.8).abs() < 1e-6);
    for wrong in [(28, 0), (0, 0), (-28, 10), (0, 1)] {
        assert_eq!(aperture(ratios(F_NUMBER, SIGNED_RATIONAL, &[wrong])), None, "{wrong:?}");
    }
    let powers = main_only(vec![
        ratios(SHUTTER_SPEED, SIGNED_RATIONAL, &[(8, 1)]),
        ratios(APERTURE, RATIONAL, &[(4, 1)]),
    ]);
    assert_eq!((powers.exposure.seconds, powers.exposure.aperture), (Some(1.0 / 256.0), Some(4.0)));
}

#[test]
fn sensitivity_is_the_first_that_is_told() {
    let iso = |entries| main_only(entries).exposure.iso;
    assert_eq!(iso(vec![shorts(0x8827, &[0, 400])]), Some(400));
    assert_eq!(
        iso(vec![shorts(0x8827, &[65535]), (0x8832, LONG, 102_400_u32.to_be_bytes().to_vec())]),
        Some(102_400)
    );
    assert_eq!(iso(vec![(0x8833, LONG, 102_400_u32.to_be_bytes().to_vec())]), Some(102_400));
    assert_eq!(iso(vec![shorts(0x8827, &[65535])]), Some(65535));
    assert_eq!(iso(vec![shorts(0x8827, &[0])]), None);
}

#[test]
fn the_part_of_the_second_and_the_zone_belong_to_their_date() {
    let date = || ascii(DATE, "2023:08:13 09:26:39");
    let at = |entries: Vec<TestEntry>| clock(&in_exif(entries)).unwrap();
    assert_eq!(at(vec![date(), ascii(0x9291, "311")]), "2023-08-13T09:26:39.311");
    assert_eq!(at(vec![date(), ascii(0x9291, "094  ")]), "2023-08-13T09:26:39.094");
    assert_eq!(at(vec![date(), ascii(0x9291, "9")]), "2023-08-13T09:26:39.9");
    assert_eq!(at(vec![date(), shorts(0x9291, &[25])]), "2023-08-13T09:26:39.25");
    assert_eq!(at(vec![date(), ascii(0x9292, "311")]), "2023-08-13T09:26:39", "of another date");
    assert_eq!(at(vec![date(), ascii(0x9291, "   ")]), "2023-08-13T09:26:39");
    let zone = |entries: Vec<TestEntry>| in_exif(entries).taken.unwrap().zone;
    assert_eq!(zone(vec![date(), ascii(0x9011, "-05:30")]), Some(-330));
    assert_eq!(zone(vec![date(), ascii(0x9010, "-05:30")]), None, "of another date");
    assert_eq!(zone(vec![date(), (0x882A, 8, 2_i16.to_be_bytes().to_vec())]), Some(120));
    assert_eq!(zone(vec![ascii(DATE, "2023:08:13 09:26:39+0200"), ascii(0x9011, "+01:00")]), Some(120));
}

#[test]
fn the_next_date_counts_where_one_is_nothing() {
    let zero = || ascii(DATE, "0000:00:00 00:00:00");
    let facts =
        main_only(vec![zero(), ascii(0x9004, "2013:03:04 05:06:07"), ascii(0x0132, "2020:01:01 00:00:00")]);
    assert_eq!(facts.taken.map(|taken| taken.rank), Some(DateRank::Created));
    let facts = main_only(vec![zero(), ascii(0x0132, "2020:01:01 00:00:00")]);
    assert_eq!(facts.taken.map(|taken| taken.rank), Some(DateRank::Changed));
    let facts = in_gps(vec![ascii(0x1D, "2013:03:04"), ratios(7, RATIONAL, &[(5, 1), (6, 1), (75, 10)])]);
    let taken = facts.taken.unwrap();
    assert_eq!(clock(&facts).as_deref(), Some("2013-03-04T05:06:07.5"));
    assert_eq!((taken.zone, taken.rank, taken.source), (Some(0), DateRank::Changed, DateSource::Exif));
    assert_eq!(clock(&in_gps(vec![ascii(0x1D, "2013-03-04")])).as_deref(), Some("2013-03-04T00:00:00"));
    assert_eq!(main_only(vec![zero()]).taken, None);
}

#[test]
fn places_are_read_in_all_forms() {
    let gps = |north: TestEntry, north_side: Option<&str>, east: TestEntry, east_side: Option<&str>| {
        let sides = [(1, north_side), (3, east_side)].map(|(tag, side)| side.map(|side| ascii(tag, side)));
        in_gps(sides.into_iter().flatten().chain([north, east]).collect()).gps
    };
    let near = |gps: Option<Gps>, north: f64, east: f64| {
        let gps = gps.unwrap();
        assert!((gps.latitude - north).abs() < 1e-6 && (gps.longitude - east).abs() < 1e-6, "{gps:?}");
    };
    let parts = |tag, code, values: &[(i32, i32)]| ratios(tag, code, values);
    let (full_n, full_e) = ([(40, 1), (25, 1), (12, 1)], [(3, 1), (42, 1), (0, 1)]);
    let forms = [
        (parts(2, RATIONAL, &full_n), parts(4, RATIONAL, &full_e)),
        (parts(2, RATIONAL, &[(40, 1), (252, 10), (0, 1)]), parts(4, RATIONAL, &[(3, 1), (42, 1)])),
        (parts(2, RATIONAL, &[(4042, 100)]), parts(4, RATIONAL, &[(37, 10)])),
        (parts(2, SIGNED_RATIONAL, &full_n), parts(4, SIGNED_RATIONAL, &full_e)),
        ((2, 12, 40.42_f64.to_be_bytes().to_vec()), (4, 12, 3.7_f64.to_be_bytes().to_vec())),
        (ascii(2, "40.42"), ascii(4, "3.70")),
        (ascii(2, "40 deg 25' 12.0\""), ascii(4, "3,42,0")),
    ];
    for (north, east) in forms {
        near(gps(north.clone(), Some("N"), east.clone(), Some("E")), 40.42, 3.7);
        near(gps(north.clone(), Some("s "), east.clone(), Some("West")), -40.42, -3.7);
        near(gps(north, None, east, None), 40.42, 3.7);
    }
    near(gps(ascii(2, "S40.42"), None, ascii(4, "3.7 W"), None), -40.42, -3.7);
    let signed =
        |side| gps(parts(2, SIGNED_RATIONAL, &[(-4042, 100)]), side, parts(4, RATIONAL, &full_e), None);
    near(signed(None), -40.42, 3.7);
    near(signed(Some("S")), -40.42, 3.7);
    near(gps(parts(2, RATIONAL, &[(0, 1)]), Some("N"), parts(4, RATIONAL, &full_e), Some("E")), 0.0, 3.7);
    for nowhere in [[(0, 0), (0, 1), (0, 1)], [(40, 1), (25, 1), (0, 0)], [(91, 1), (0, 1), (0, 1)]] {
        assert_eq!(gps(parts(2, RATIONAL, &nowhere), None, parts(4, RATIONAL, &full_e), None), None);
    }
    assert_eq!(gps(parts(2, RATIONAL, &[(0, 1)]), None, parts(4, RATIONAL, &[(0, 1)]), None), None);
}

#[test]
fn an_old_position_tells_no_zone() {
    let zone = |hours: i32, minutes: i32| {
        let camera = vec![ascii(DATE, "2014:01:31 14:22:33")];
        let gps = vec![ascii(0x1D, "2014:01:31"), ratios(7, RATIONAL, &[(hours, 1), (minutes, 1), (33, 1)])];
        let bytes = tiff(Vec::new(), vec![(0x8769, LONG, camera), (0x8825, LONG, gps)]);
        Exif::of(&bytes, DirectoryKind::Main).facts().taken.unwrap().zone
    };
    assert_eq!([zone(13, 22), zone(8, 52), zone(17, 52)], [Some(60), Some(330), Some(-210)]);
    assert_eq!([zone(12, 37), zone(12, 52), zone(13, 7)], [None; 3], "45, 30 and 15 minutes old");
}

#[test]
fn people_write_words_too() {
    let wide =
        |tag, text: &str| (tag, 1, text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect());
    let words = |entries| Exif::of(&tiff(entries, Vec::new()), DirectoryKind::Main).words();
    let told = words(vec![
        ascii(IMAGE_DESCRIPTION, "At sea\r\nwith Ann"),
        shorts(RATING, &[4]),
        wide(WINDOWS_KEYWORDS, "Ann; plage d’été;"),
    ]);
    assert_eq!((told.description.as_deref(), told.rating), (Some("At sea\nwith Ann"), Some(4)));
    assert_eq!(told.keywords, ["Ann", "plage d’été"]);
    for of_maker in ["OLYMPUS DIGITAL CAMERA         ", "SONY DSC", "Exif_JPEG_PICTURE", "   "] {
        let told = words(vec![ascii(IMAGE_DESCRIPTION, of_maker), wide(WINDOWS_COMMENT, "Été")]);
        assert_eq!(told.description.as_deref(), Some("Été"), "{of_maker}");
    }
    for of_person in ["OLYMPUS DIGITAL CAMERA", "oplus_32", "{\"sensor\":1}"] {
        let told =
            words(vec![ascii(IMAGE_DESCRIPTION, "SONY DSC"), comment(b"ASCII\0\0\0", of_person.as_bytes())]);
        assert_eq!(told.description, None, "{of_person}");
    }
    let told = words(vec![comment(b"ASCII\0\0\0", b"At sea"), ascii(IMAGE_DESCRIPTION, "By the sea")]);
    assert_eq!(told.description.as_deref(), Some("By the sea"));
    assert_eq!(words(vec![shorts(RATING_PERCENT, &[99])]).rating, Some(5));
    assert_eq!(words(vec![shorts(RATING, &[9])]).rating, None);
}

#[test]
fn wide_structures_are_read() {
    let mut bytes = b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0".to_vec();
    bytes.extend(1_u64.to_le_bytes());
    bytes.extend([0x10, 0x01, 2, 0]);
    bytes.extend(11_u64.to_le_bytes());
    bytes.extend(52_u64.to_le_bytes());
    bytes.extend([0; 8]);
    bytes.extend(b"Wide model\0");
    assert_eq!(Exif::of(&bytes, DirectoryKind::Main).facts().camera.as_deref(), Some("Wide model"));
}

#[test]
fn the_small_picture_s_directory_says_what_the_picture_s_does_not_and_never_its_turn() {
    let mut bytes = tiff(vec![ascii(MODEL, "Model 7")], Vec::new());
    let next = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    bytes.splice(22..26, next);
    let small = [shorts(ORIENTATION, &[6]), ascii(MODEL, "Other"), ascii(0x0132, "2013:03:04 05:06:07")];
    bytes.extend(directory(&small, bytes.len()));
    let exif = Exif::of(&bytes, DirectoryKind::Main);
    assert_eq!(clock(&exif.facts()).as_deref(), Some("2013-03-04T05:06:07"));
    assert_eq!((exif.orientation(), exif.facts().camera.as_deref()), (None, Some("Model 7")));
}

#[test]
fn what_is_made_to_harm_comes_to_an_end() {
    // Directories of 65535 entries that begin at every second byte, each with links to all of them.
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    for _ in 0..100_000 {
        bytes.extend([0xFF, 0xFF, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0]);
    }
    let begun = std::time::Instant::now();
    for first in [DirectoryKind::Main, DirectoryKind::Gps] {
        let _ = Exif::of(&bytes, first).facts();
    }
    // A chain of directories that goes on for ever, and values that all are the whole file.
    let mut chain = b"II*\0\x08\0\0\0".to_vec();
    for number in 0..100_000_u32 {
        chain.extend([1, 0, 0x10, 1, 2, 0]);
        chain.extend(1_800_000_u32.to_le_bytes());
        chain.extend(0_u32.to_le_bytes());
        chain.extend((8 + (number + 1) * 18).to_le_bytes());
    }
    let exif = Exif::of(&chain, DirectoryKind::Main);
    let _ = (exif.facts(), exif.words(), exif.preview());
    assert!(begun.elapsed().as_secs() < 10);
}
