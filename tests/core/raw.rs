//! RAW files of every maker, built by hand around a preview: which one is shown, and how it is turned.

use std::path::Path;

use fotonovela_core::error::{DecodeError, Need};
use fotonovela_core::image::{Format, Maker, decode, header, metadata};
use fotonovela_core::pixels::Orientation;

use crate::support::{Exif, jpeg, scene};

const PREVIEW: (u32, u32) = (240, 160);

/// An entry of a TIFF directory: tag, kind (3 short, 4 long, 2 text, 7 bytes), and bytes or numbers.
#[derive(Clone)]
enum Value {
    Short(u16),
    Long(u32),
    Text(&'static str),
    Bytes(Vec<u8>),
    /// The offset of a part that is appended.
    Offset(usize),
    /// The length of a part that is appended.
    Length(usize),
}

type Entries = Vec<(u16, Value)>;

/// Writes a little-endian TIFF structure of directories, chained in order but for those that `Offset` names, and
/// appended parts. In `Offset` and `Length` part 0 is the first one; directory n is part -1 - n.
struct Builder {
    start: [u8; 4],
    /// What `ftyp`-like data stands behind the first 8 bytes.
    extra: Vec<u8>,
    directories: Vec<Entries>,
    parts: Vec<Vec<u8>>,
    /// Directories that are not in the chain but pointed to, by number.
    below: Vec<usize>,
}

impl Builder {
    fn new(directories: Vec<Entries>, parts: Vec<Vec<u8>>) -> Self {
        Self { start: *b"II*\0", extra: Vec::new(), directories, parts, below: Vec::new() }
    }

    fn write(&self) -> Vec<u8> {
        let length = |entries: &Entries| {
            let data = |value: &Value| bytes_of(value, &[], &[]).len();
            let outside: usize = entries
                .iter()
                .map(|(_, value)| data(value))
                .filter(|&length| length > 4)
                .map(|length| length + length % 2)
                .sum();
            2 + 12 * entries.len() + 4 + outside
        };
        let mut at = 8 + self.extra.len();
        let mut place = |length: usize| {
            let start = at;
            at += length + length % 2;
            start
        };
        let directories: Vec<usize> = self.directories.iter().map(|entries| place(length(entries))).collect();
        let parts: Vec<(usize, usize)> =
            self.parts.iter().map(|part| (place(part.len()), part.len())).collect();
        let mut bytes = self.start.to_vec();
        bytes.extend(u32::try_from(directories[0]).unwrap().to_le_bytes());
        bytes.extend(&self.extra);
        for (number, entries) in self.directories.iter().enumerate() {
            bytes.resize(directories[number], 0);
            let chained = (number + 1..directories.len()).find(|next| !self.below.contains(next));
            let next = chained.filter(|_| !self.below.contains(&number)).map_or(0, |next| directories[next]);
            write_directory(&mut bytes, entries, next, &directories, &parts);
        }
        for (part, (start, _)) in self.parts.iter().zip(&parts) {
            bytes.resize(*start, 0);
            bytes.extend(part);
        }
        bytes
    }
}

fn bytes_of(value: &Value, directories: &[usize], parts: &[(usize, usize)]) -> Vec<u8> {
    let long = |value: usize| u32::try_from(value).unwrap().to_le_bytes().to_vec();
    match value {
        Value::Short(value) => value.to_le_bytes().to_vec(),
        Value::Long(value) => value.to_le_bytes().to_vec(),
        Value::Text(text) => text.bytes().chain([0]).collect(),
        Value::Bytes(bytes) => bytes.clone(),
        // From 1000 on: directories.
        Value::Offset(part) if *part >= 1000 => long(directories.get(part - 1000).copied().unwrap_or(0)),
        Value::Offset(part) => long(parts.get(*part).map_or(0, |part| part.0)),
        Value::Length(part) => long(parts.get(*part).map_or(0, |part| part.1)),
    }
}

fn write_directory(
    bytes: &mut Vec<u8>,
    entries: &Entries,
    next: usize,
    directories: &[usize],
    parts: &[(usize, usize)],
) {
    let mut outside_at = bytes.len() + 2 + 12 * entries.len() + 4;
    let mut outside = Vec::new();
    bytes.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
    for (tag, value) in entries {
        let data = bytes_of(value, directories, parts);
        let (kind, count): (u16, usize) = match value {
            Value::Short(_) => (3, 1),
            Value::Text(_) => (2, data.len()),
            Value::Bytes(_) => (7, data.len()),
            Value::Long(_) | Value::Offset(_) | Value::Length(_) => (4, 1),
        };
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(u32::try_from(count).unwrap().to_le_bytes());
        if data.len() > 4 {
            bytes.extend(u32::try_from(outside_at).unwrap().to_le_bytes());
            outside_at += data.len() + data.len() % 2;
            outside.extend(&data);
            outside.resize(outside.len() + data.len() % 2, 0);
        } else {
            bytes.extend(data.iter().copied().chain([0; 4]).take(4));
        }
    }
    bytes.extend(u32::try_from(next).unwrap().to_le_bytes());
    bytes.extend(outside);
}

const DIRECTORY: usize = 1000;

fn preview() -> Vec<u8> {
    jpeg(&scene(3, PREVIEW.0, PREVIEW.1))
}

fn small_preview() -> Vec<u8> {
    jpeg(&scene(4, 80, 60))
}

fn camera(make: &'static str) -> Entries {
    vec![(0x010F, Value::Text(make)), (0x0112, Value::Short(6))]
}

/// The directory of the sensor's data.
fn sensor() -> Entries {
    vec![(0x0103, Value::Short(34713)), (0x0106, Value::Short(32803))]
}

/// Entries that name the preview in the usual way.
fn named(part: usize) -> Entries {
    vec![(0x0201, Value::Offset(part)), (0x0202, Value::Length(part))]
}

fn strip(part: usize, photometric: u16) -> Entries {
    vec![
        (0x0103, Value::Short(7)),
        (0x0106, Value::Short(photometric)),
        (0x0111, Value::Offset(part)),
        (0x0117, Value::Length(part)),
    ]
}

fn nef() -> Vec<u8> {
    let main = [camera("NIKON CORPORATION"), vec![(0x014A, Value::Offset(DIRECTORY + 1))]].concat();
    let with_sensor = [sensor(), named(0)].concat();
    Builder { below: vec![1], ..Builder::new(vec![main, with_sensor], vec![preview()]) }.write()
}

fn arw() -> Vec<u8> {
    let main = [camera("SONY"), named(0), vec![(0x014A, Value::Offset(DIRECTORY + 1))]].concat();
    Builder { below: vec![1], ..Builder::new(vec![main, sensor()], vec![preview()]) }.write()
}

fn dng() -> Vec<u8> {
    let version = (0xC612, Value::Bytes(vec![1, 4, 0, 0]));
    let below = (0x014A, Value::Offset(DIRECTORY + 1));
    let main = [strip(1, 6), camera("Google"), vec![version, below]].concat();
    // The sensor's data are JPEG too, and larger; they are no preview.
    Builder { below: vec![1], ..Builder::new(vec![main, strip(0, 32803)], vec![vec![0xFF; 9000], preview()]) }
        .write()
}

fn cr2() -> Vec<u8> {
    let main = [strip(0, 6), camera("Canon")].concat();
    let builder = Builder::new(vec![main, named(1)], vec![preview(), small_preview()]);
    Builder { extra: b"CR\x02\0\0\0\0\0".to_vec(), ..builder }.write()
}

fn rw2() -> Vec<u8> {
    let main = [camera("Panasonic"), vec![(0x002E, Value::Bytes(preview()))]].concat();
    Builder { start: *b"IIU\0", ..Builder::new(vec![main], Vec::new()) }.write()
}

fn orf() -> Vec<u8> {
    // The maker's own structure: a head of 12 bytes, and places that count from its start.
    let note = |start: usize| {
        let mut note = b"OLYMPUS\0II\x03\0".to_vec();
        write_directory(&mut note, &vec![(0x2020, Value::Long(30))], 0, &[], &[]);
        note.resize(30, 0);
        let place = u32::try_from(start).unwrap();
        let length = u32::try_from(preview().len()).unwrap();
        write_directory(
            &mut note,
            &vec![(0x0101, Value::Long(place)), (0x0102, Value::Long(length))],
            0,
            &[],
            &[],
        );
        note.resize(start, 0);
        [note, preview()].concat()
    };
    let main = [camera("OLYMPUS"), vec![(0x8769, Value::Offset(DIRECTORY + 1))]].concat();
    let exif = vec![(0x927C, Value::Bytes(note(100)))];
    Builder { start: *b"IIRO", below: vec![1], ..Builder::new(vec![main, exif], Vec::new()) }.write()
}

fn raf() -> Vec<u8> {
    let exif = Exif { orientation: Some(6), make: Some("FUJIFILM"), ..Exif::default() };
    let preview = exif.in_jpeg(&preview());
    let mut bytes = b"FUJIFILMCCD-RAW 0201FF389501X100".to_vec();
    bytes.resize(84, 0);
    bytes.extend(148_u32.to_be_bytes());
    bytes.extend(u32::try_from(preview.len()).unwrap().to_be_bytes());
    bytes.resize(148, 0);
    bytes.extend(preview);
    bytes.extend([0x55; 500]);
    bytes
}

fn cr3() -> Vec<u8> {
    let boxed = |name: &[u8; 4], content: &[u8]| {
        [&u32::try_from(content.len() + 8).unwrap().to_be_bytes(), name.as_slice(), content].concat()
    };
    let canon =
        [0x85, 0xc0, 0xb6, 0x87, 0x82, 0x0f, 0x11, 0xe0, 0x81, 0x11, 0xf4, 0xce, 0x46, 0x2b, 0x6a, 0x48];
    let own =
        [0xea, 0xf4, 0x2b, 0x5e, 0x1c, 0x98, 0x4b, 0x88, 0xb9, 0xfb, 0xb7, 0xdc, 0x40, 0x6e, 0x4d, 0x16];
    let directory = Builder::new(vec![camera("Canon")], Vec::new()).write();
    let with_track = |start: u64| {
        let length = u32::try_from(preview().len()).unwrap();
        let sizes = [[0; 4], [0; 4], 1_u32.to_be_bytes(), length.to_be_bytes()].concat();
        let offsets = [&[0; 4], 1_u32.to_be_bytes().as_slice(), &start.to_be_bytes()].concat();
        let table = boxed(b"stbl", &[boxed(b"stsz", &sizes), boxed(b"co64", &offsets)].concat());
        let track = boxed(b"trak", &boxed(b"mdia", &boxed(b"minf", &table)));
        let facts = boxed(b"uuid", &[canon.as_slice(), &boxed(b"CMT1", &directory)].concat());
        let small = [&[0; 16], small_preview().as_slice()].concat();
        let own = boxed(b"uuid", &[own.as_slice(), &[0; 8], &boxed(b"PRVW", &small)].concat());
        [boxed(b"ftyp", b"crx \0\0\0\x01crx isom"), boxed(b"moov", &[facts, track].concat()), own].concat()
    };
    let head = with_track(0).len() + 8;
    [with_track(u64::try_from(head).unwrap()), boxed(b"mdat", &[preview(), vec![7; 300]].concat())].concat()
}

fn all() -> Vec<(Maker, Vec<u8>)> {
    vec![
        (Maker::Nef, nef()),
        (Maker::Arw, arw()),
        (Maker::Dng, dng()),
        (Maker::Cr2, cr2()),
        (Maker::Cr3, cr3()),
        (Maker::Rw2, rw2()),
        (Maker::Orf, orf()),
        (Maker::Raf, raf()),
    ]
}

#[test]
fn the_largest_preview_is_shown_and_turned() {
    let wanted = decode(&preview(), Path::new("a.jpg"), 512).unwrap().pixels;
    for (maker, bytes) in all() {
        let header = header(&bytes, Path::new("photo")).unwrap_or_else(|error| panic!("{maker:?}: {error}"));
        assert_eq!(header.format, Format::Raw(maker));
        assert_eq!((header.width, header.height), PREVIEW, "{maker:?}");
        assert_eq!(header.orientation, Orientation::from_exif(6), "{maker:?}");
        let decoded = decode(&bytes, Path::new("photo"), 512).unwrap();
        assert_eq!(decoded.pixels, wanted, "{maker:?}");
        let fitted = decoded.fitted(512);
        assert_eq!((fitted.width, fitted.height), (PREVIEW.1, PREVIEW.0), "{maker:?} upright");
        assert_eq!(metadata::orientation(&bytes), Orientation::from_exif(6), "{maker:?}");
    }
}

#[test]
fn the_camera_is_read_from_every_kind() {
    for (maker, bytes) in all() {
        let camera = metadata::read(&bytes, Path::new("photo")).facts.camera;
        // Without a model the camera goes by its maker.
        assert!(camera.is_some_and(|camera| !camera.is_empty()), "{maker:?}");
    }
}

#[test]
fn a_raw_file_that_is_cut_off_or_broken_is_refused_and_never_panics() {
    for (maker, bytes) in all() {
        for part in 1..16 {
            let cut = &bytes[..bytes.len() * part / 16];
            if let Ok(decoded) = decode(cut, Path::new("photo"), 512) {
                assert_eq!(
                    (decoded.pixels.width, decoded.pixels.height),
                    PREVIEW,
                    "{maker:?} lost only its sensor's data"
                );
            }
        }
        for step in 0..200_usize {
            let mut broken = bytes.clone();
            let at = step * 7919 % broken.len().min(700);
            broken[at] = broken[at].wrapping_add(1 + u8::try_from(step % 255).unwrap());
            let _ = (header(&broken, Path::new("photo")), decode(&broken, Path::new("photo"), 512).is_ok());
            let _ = metadata::read(&broken, Path::new("photo"));
        }
    }
}

#[test]
fn the_start_of_a_file_asks_for_more_rather_than_telling_less() {
    let bytes = nef();
    // Up to the middle of the preview: the directories are there and it is not.
    let cut = &bytes[..bytes.len() - preview().len() / 2];
    assert_eq!(header(cut, Path::new("photo.nef")), Err(DecodeError::Truncated));
}

#[test]
fn a_raw_file_without_a_preview_says_what_it_needs() {
    let main = [camera("NIKON CORPORATION"), vec![(0x014A, Value::Offset(DIRECTORY + 1))]].concat();
    let bytes = Builder { below: vec![1], ..Builder::new(vec![main, sensor()], Vec::new()) }.write();
    let error = header(&bytes, Path::new("photo.nef")).unwrap_err();
    assert_eq!(error, DecodeError::Lacking { kind: "NEF".into(), needs: Need::Preview });
}
