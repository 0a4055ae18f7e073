//! What the suites share: pictures made in code, EXIF blocks written by hand, and waiting with a deadline.
//!
//! The EXIF blocks are written by hand because the tests need broken ones, which no library would write.
#![allow(dead_code, unreachable_pub, reason = "each test binary includes this and uses its own part")]

pub mod python;

use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant};

use fotonovela_core::catalog::Catalog;
use fotonovela_core::types::{PhotoQuery, PhotoTile};
use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage};

/// Longer than anything takes on a busy machine; a test that waits this long has failed.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Waits until `ready` answers something, and fails with `what` when it takes too long.
pub fn wait_for<T>(what: &str, ready: impl FnMut() -> Option<T>) -> T {
    wait_within(DEADLINE, what, ready)
}

/// [`wait_for`] with a deadline of its own.
pub fn wait_within<T>(deadline: Duration, what: &str, mut ready: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ready() {
            return answer;
        }
        assert!(begun.elapsed() < deadline, "{what}: not within {deadline:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What the grid shows of all photos, in its order.
pub fn all_tiles(catalog: &Catalog) -> Vec<PhotoTile> {
    let shapes = catalog.layout(&PhotoQuery::default()).unwrap().photos;
    let ids: Vec<_> = shapes.iter().map(|shape| shape.id).collect();
    catalog.tiles(&ids, "").unwrap()
}

/// Watches for `time` that `holds` stays true, for what must not happen.
pub fn holds_for(time: Duration, what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while begun.elapsed() < time {
        assert!(holds(), "{what}: no longer after {:?}", begun.elapsed());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A picture of coloured shapes. Each seed gives another one, also for the eyes of the model.
pub fn scene(seed: u32, width: u32, height: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = |limit: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state % limit.max(1)
    };
    let mut color = || image::Rgb([0; 3].map(|_| u8::try_from(next(256)).unwrap()));
    let (sky, ground) = (color(), color());
    let inks: Vec<_> = (0..6).map(|_| color()).collect();
    let shapes: Vec<_> =
        inks.into_iter().map(|ink| (ink, next(width), next(height), 8 + next(width / 4), next(3))).collect();
    RgbImage::from_fn(width, height, |x, y| {
        let inside = |&&(_, left, top, size, kind): &&(image::Rgb<u8>, u32, u32, u32, u32)| {
            let (across, down) = (x.abs_diff(left), y.abs_diff(top));
            match kind {
                0 => across < size && down < size / 2,
                1 => across * across + down * down < size * size / 2,
                _ => across + down < size && (across + down) % 8 < 5,
            }
        };
        match shapes.iter().rev().find(inside) {
            Some((ink, ..)) => *ink,
            None if y * 3 < height * 2 => sky,
            None => ground,
        }
    })
}

/// A picture that no encoder makes small.
pub fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 1_u64;
    RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        image::Rgb([24, 32, 40].map(|shift| u8::try_from(state >> shift & 0xFF).unwrap()))
    })
}

/// Encodes as JPEG.
pub fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 88).encode_image(picture).unwrap();
    bytes
}

/// Encodes as PNG.
pub fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The JPEG of a small scene.
pub fn photo(seed: u32) -> Vec<u8> {
    jpeg(&scene(seed, 320, 240))
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// What a camera writes into a photo.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exif<'a> {
    pub orientation: Option<u16>,
    /// Such as `2024:05:17 18:30:05`.
    pub taken: Option<&'a str>,
    pub make: Option<&'a str>,
    pub model: Option<&'a str>,
    /// Such as `+02:00`.
    pub zone: Option<&'a str>,
    pub lens: Option<&'a str>,
    pub exposure: Option<Exposed>,
    /// The satellites' day and time, such as `2024:05:17` and 16, 30, 7.
    pub gps_time: Option<(&'a str, [u32; 3])>,
    /// Degrees, minutes and seconds with the letter, of latitude and longitude.
    pub gps: Option<[([u32; 3], char); 2]>,
    /// The camera's small picture.
    pub preview: Option<&'a [u8]>,
    /// The link to the preview's directory points behind the end.
    pub broken_link: bool,
}

/// Time, f-number and focal length as fractions, and ISO.
#[derive(Clone, Copy, Debug)]
pub struct Exposed {
    pub seconds: [u32; 2],
    pub aperture: [u32; 2],
    pub iso: u16,
    pub focal_mm: [u32; 2],
}

impl Exif<'_> {
    /// The TIFF structure, little-endian.
    pub fn tiff(&self) -> Vec<u8> {
        let mut first = Vec::new();
        let ascii = |tag, text: &str| (tag, 2_u16, text.bytes().chain([0]).collect::<Vec<u8>>());
        first.extend(self.make.map(|text| ascii(0x010F, text)));
        first.extend(self.model.map(|text| ascii(0x0110, text)));
        first.extend(self.orientation.map(|value| (0x0112, 3, value.to_le_bytes().to_vec())));
        let fraction =
            |tag, parts: [u32; 2]| (tag, 5, parts.into_iter().flat_map(u32::to_le_bytes).collect());
        let mut camera: Vec<Entry> = Vec::new();
        if let Some(Exposed { seconds, aperture, iso, .. }) = self.exposure {
            camera.extend([fraction(0x829A, seconds), fraction(0x829D, aperture)]);
            camera.push((0x8827, 3, iso.to_le_bytes().to_vec()));
        }
        camera.extend(self.taken.map(|text| ascii(0x9003, text)));
        camera.extend(self.zone.map(|text| ascii(0x9011, text)));
        camera.extend(self.exposure.map(|exposed| fraction(0x920A, exposed.focal_mm)));
        camera.extend(self.lens.map(|text| ascii(0xA434, text)));
        let mut gps: Vec<_> = self.gps.map(gps_entries).into_iter().flatten().collect();
        if let Some((day, time)) = self.gps_time {
            gps.extend([degrees(7, time), ascii(0x1D, day)]);
        }
        let pointers = usize::from(!camera.is_empty()) + usize::from(!gps.is_empty());
        let first_length = directory_length(&first) + 12 * pointers;
        let camera_at = 8 + first_length;
        let gps_at = camera_at + if camera.is_empty() { 0 } else { directory_length(&camera) };
        let pointer = |tag, at: usize| (tag, 4_u16, u32::try_from(at).unwrap().to_le_bytes().to_vec());
        if !camera.is_empty() {
            first.push(pointer(0x8769, camera_at));
        }
        if !gps.is_empty() {
            first.push(pointer(0x8825, gps_at));
        }
        let preview_at = gps_at + if gps.is_empty() { 0 } else { directory_length(&gps) };
        let preview = self.preview.map(|preview| {
            // Two entries whose values fit into them.
            let start = preview_at + 2 + 2 * 12 + 4;
            let entries = [pointer(0x0201, start), pointer(0x0202, preview.len())];
            [directory(&entries, preview_at, 0), preview.to_vec()].concat()
        });
        let next = match preview {
            _ if self.broken_link => 0x00FF_FF00,
            Some(_) => u32::try_from(preview_at).unwrap(),
            None => 0,
        };
        let mut tiff = b"II\x2a\0\x08\0\0\0".to_vec();
        tiff.extend(directory(&first, 8, next));
        if !camera.is_empty() {
            tiff.extend(directory(&camera, camera_at, 0));
        }
        if !gps.is_empty() {
            tiff.extend(directory(&gps, gps_at, 0));
        }
        tiff.extend(preview.unwrap_or_default());
        tiff
    }

    /// The JPEG with this as its EXIF segment.
    pub fn in_jpeg(&self, jpeg: &[u8]) -> Vec<u8> {
        let mut content = b"Exif\0\0".to_vec();
        content.extend(self.tiff());
        with_segment(jpeg, 0xE1, &content)
    }
}

/// XMP with these attributes, such as `xmp:Rating="4"`, and keywords.
pub fn xmp(attributes: &str, keywords: &[&str]) -> String {
    let keywords: String = keywords.iter().map(|keyword| format!("<rdf:li>{keyword}</rdf:li>")).collect();
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
         <rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/' \
         {attributes}><dc:subject><rdf:Bag>{keywords}</rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
}

/// Puts a segment right behind the start of a JPEG.
pub fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xFF, marker]);
    bytes.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
    bytes.extend_from_slice(content);
    bytes.extend_from_slice(&jpeg[2..]);
    bytes
}

/// The markers of a JPEG up to its first scan.
pub fn markers(jpeg: &[u8]) -> Vec<u8> {
    assert_eq!(jpeg[..2], [0xFF, 0xD8], "no JPEG");
    let (mut markers, mut at) = (Vec::new(), 2);
    while jpeg[at] == 0xFF && jpeg[at + 1] != 0xDA {
        markers.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    markers
}

type Entry = (u16, u16, Vec<u8>);

fn gps_entries([latitude, longitude]: [([u32; 3], char); 2]) -> [Entry; 4] {
    let letter = |tag, letter: char| (tag, 2_u16, vec![u8::try_from(letter).unwrap(), 0]);
    [letter(1, latitude.1), degrees(2, latitude.0), letter(3, longitude.1), degrees(4, longitude.0)]
}

fn degrees(tag: u16, parts: [u32; 3]) -> Entry {
    (tag, 5, parts.iter().flat_map(|part| [*part, 1]).flat_map(u32::to_le_bytes).collect())
}

fn directory_length(entries: &[Entry]) -> usize {
    let data: usize = entries.iter().map(|(_, _, bytes)| if bytes.len() > 4 { bytes.len() } else { 0 }).sum();
    2 + 12 * entries.len() + 4 + data
}

fn directory(entries: &[Entry], at: usize, next: u32) -> Vec<u8> {
    let mut bytes = u16::try_from(entries.len()).unwrap().to_le_bytes().to_vec();
    let mut data = Vec::new();
    let data_at = at + 2 + 12 * entries.len() + 4;
    for (tag, kind, content) in entries {
        let unit = match kind {
            3 => 2,
            4 => 4,
            5 => 8,
            _ => 1,
        };
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(u32::try_from(content.len() / unit).unwrap().to_le_bytes());
        if content.len() > 4 {
            bytes.extend(u32::try_from(data_at + data.len()).unwrap().to_le_bytes());
            data.extend_from_slice(content);
        } else {
            bytes.extend(content.iter().copied().chain([0; 4]).take(4));
        }
    }
    bytes.extend(next.to_le_bytes());
    bytes.extend(data);
    bytes
}
