//! Photos made here: a dozen that differ in subject, colour and shape, with what a camera writes beside the pixels.

use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// What the cameras of these photos write, and what must never leave the machine.
pub const MAKER: &str = "Testcam";

/// One photo: its name, its size as stored, and its subject.
struct Photo {
    name: &'static str,
    width: u32,
    height: u32,
    paint: fn(f32, f32) -> [f32; 3],
    /// The orientation of EXIF; 6 is stored lying on its side.
    orientation: u16,
}

const fn photo(name: &'static str, width: u32, height: u32, paint: fn(f32, f32) -> [f32; 3]) -> Photo {
    Photo { name, width, height, paint, orientation: 1 }
}

/// From the newest to the oldest, which is the order of the grid.
const PHOTOS: [Photo; 12] = [
    photo("sun.jpg", 1200, 800, sun),
    photo("sun-brighter.jpg", 1200, 800, sun_brighter),
    photo("stripes-red.jpg", 800, 1200, |x, y| stripes(x + y, [200.0, 40.0, 50.0])),
    photo("stripes-blue.jpg", 1000, 700, |x, y| stripes(x - y, [40.0, 80.0, 210.0])),
    photo("checks.jpg", 1600, 600, |x, y| checks(x * 16.0, y * 6.0)),
    photo("checks-small.jpg", 640, 480, |x, y| checks(x * 32.0, y * 24.0)),
    Photo { orientation: 6, ..photo("turned.jpg", 1200, 800, hill_on_its_side) },
    photo("rings.jpg", 700, 1000, |x, y| rings(x, y, [230.0, 150.0, 60.0])),
    photo("rings-green.jpg", 1000, 750, |x, y| rings(x, y, [60.0, 190.0, 90.0])),
    photo("dots.jpg", 800, 800, dots),
    photo("night.jpg", 1200, 675, night),
    photo("sea.jpg", 900, 900, sea),
];

/// How many [`write_all`] writes.
pub const COUNT: usize = PHOTOS.len();

/// Writes all photos into a folder.
pub fn write_all(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    for photo in &PHOTOS {
        std::fs::write(folder.join(photo.name), jpeg(photo.name)).unwrap();
    }
}

/// The names, newest photo first.
pub fn names() -> Vec<&'static str> {
    PHOTOS.iter().map(|photo| photo.name).collect()
}

/// A photo as its file.
pub fn jpeg(name: &str) -> Vec<u8> {
    let (index, photo) = PHOTOS.iter().enumerate().find(|(_, photo)| photo.name == name).unwrap();
    let date = format!("2024:06:{:02} 12:00:00", 28 - index);
    with_exif(&encode(photo.width, photo.height, photo.paint), photo.orientation, &date)
}

/// A photo that belongs to no library: the sun again, cut and darker.
pub fn outsider() -> Vec<u8> {
    encode(900, 600, |x, y| sun(0.1 + x * 0.8, 0.1 + y * 0.8).map(|channel| channel * 0.85))
}

fn encode(width: u32, height: u32, paint: fn(f32, f32) -> [f32; 3]) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let colour = paint(x as f32 / width as f32, y as f32 / height as f32);
        Rgb(colour.map(|channel| channel.clamp(0.0, 255.0) as u8))
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 88).encode_image(&picture).unwrap();
    bytes
}

fn sun(x: f32, y: f32) -> [f32; 3] {
    let away = ((x - 0.62) * 1.5).hypot(y - 0.38);
    if y > 0.74 {
        [40.0 + 30.0 * x, 90.0, 50.0]
    } else if away < 0.17 {
        [255.0, 215.0, 90.0]
    } else {
        [235.0 - 120.0 * y, 140.0 + 60.0 * y, 120.0 + 110.0 * y]
    }
}

fn sun_brighter(x: f32, y: f32) -> [f32; 3] {
    sun(x, y).map(|channel| channel * 1.12 + 8.0)
}

fn stripes(place: f32, colour: [f32; 3]) -> [f32; 3] {
    if (place * 14.0).rem_euclid(2.0) < 1.0 { colour } else { [245.0, 240.0, 230.0] }
}

fn checks(x: f32, y: f32) -> [f32; 3] {
    if (x as i32 + y as i32) % 2 == 0 { [30.0, 30.0, 34.0] } else { [225.0, 205.0, 60.0] }
}

/// Upright: a bright sky above a dark hill. Stored with the sky at the left.
fn hill_on_its_side(x: f32, y: f32) -> [f32; 3] {
    if x < 0.55 + 0.12 * (y * 6.0).sin() { [190.0, 215.0, 250.0] } else { [45.0, 70.0, 30.0] }
}

fn rings(x: f32, y: f32, colour: [f32; 3]) -> [f32; 3] {
    let wave = ((x - 0.5).hypot(y - 0.5) * 60.0).sin() * 0.5 + 0.5;
    colour.map(|channel| channel * wave + 20.0)
}

fn dots(x: f32, y: f32) -> [f32; 3] {
    let centre = |place: f32| (place * 5.0).fract() - 0.5;
    if centre(x).hypot(centre(y)) < 0.3 { [170.0, 50.0, 160.0] } else { [250.0, 235.0, 245.0] }
}

fn night(x: f32, y: f32) -> [f32; 3] {
    let star = ((x * 91.7).sin() * (y * 57.3).cos()).abs() > 0.985;
    if star { [255.0, 250.0, 220.0] } else { [12.0, 16.0, 40.0 + 30.0 * y] }
}

fn sea(x: f32, y: f32) -> [f32; 3] {
    let foam = ((y * 22.0 + (x * 9.0).sin()) * 2.0).sin() > 0.9;
    if foam { [235.0, 245.0, 248.0] } else { [20.0, 110.0 + 40.0 * x, 150.0 + 60.0 * y] }
}

/// The JPEG with a camera, an orientation, a date and a place.
fn with_exif(jpeg: &[u8], orientation: u16, date: &str) -> Vec<u8> {
    let tiff = tiff(orientation, date);
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(tiff);
    bytes.extend(&jpeg[2..]);
    bytes
}

/// What an entry of a TIFF directory holds.
enum Field<'a> {
    Text(&'a str),
    Short(u16),
    Directory(u32),
    Degrees([u32; 3]),
}

fn tiff(orientation: u16, date: &str) -> Vec<u8> {
    let main = |exif, gps| {
        [
            (0x010f, Field::Text(MAKER)),
            (0x0112, Field::Short(orientation)),
            (0x8769, Field::Directory(exif)),
            (0x8825, Field::Directory(gps)),
        ]
    };
    let exif = [(0x9003, Field::Text(date))];
    let gps = [
        (1, Field::Text("N")),
        (2, Field::Degrees([52, 31, 12])),
        (3, Field::Text("E")),
        (4, Field::Degrees([13, 24, 18])),
    ];
    let at_exif = 8 + u32::try_from(directory(8, &main(0, 0)).len()).unwrap();
    let at_gps = at_exif + u32::try_from(directory(at_exif, &exif).len()).unwrap();
    let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
    bytes.extend(directory(8, &main(at_exif, at_gps)));
    bytes.extend(directory(at_exif, &exif));
    bytes.extend(directory(at_gps, &gps));
    bytes
}

/// A TIFF directory that begins at `at`, with the values that do not fit into their entries behind it.
fn directory(at: u32, fields: &[(u16, Field<'_>)]) -> Vec<u8> {
    let count = u32::try_from(fields.len()).unwrap();
    let values_at = at + 2 + 12 * count + 4;
    let mut entries = u16::try_from(fields.len()).unwrap().to_le_bytes().to_vec();
    let mut values: Vec<u8> = Vec::new();
    for (tag, field) in fields {
        let (kind, count, bytes): (u16, u32, Vec<u8>) = match field {
            Field::Text(text) => {
                (2, u32::try_from(text.len()).unwrap() + 1, [text.as_bytes(), b"\0"].concat())
            }
            Field::Short(value) => (3, 1, value.to_le_bytes().to_vec()),
            Field::Directory(offset) => (4, 1, offset.to_le_bytes().to_vec()),
            Field::Degrees(parts) => {
                let fraction = |part: &u32| [part.to_le_bytes(), 1_u32.to_le_bytes()].concat();
                (5, 3, parts.iter().flat_map(fraction).collect())
            }
        };
        entries.extend(tag.to_le_bytes());
        entries.extend(kind.to_le_bytes());
        entries.extend(count.to_le_bytes());
        if bytes.len() <= 4 {
            entries.extend(bytes.iter().copied().chain([0; 4]).take(4));
        } else {
            entries.extend((values_at + u32::try_from(values.len()).unwrap()).to_le_bytes());
            values.extend(bytes);
            values.resize(values.len().next_multiple_of(2), 0);
        }
    }
    entries.extend([0; 4]);
    entries.extend(values);
    entries
}
