//! Makes photos like a camera's out of a few: 200 of 4000 x 3000 pixels, quality 92, sensor noise, EXIF. A second
//! set is the same, but every fourth file is progressive.

use std::path::{Path, PathBuf};

use fotonovela_core::image::decode;
use fotonovela_core::pixels::{ResizeFilter, Rgb};
use turbojpeg::{PixelFormat, Subsamp};

use crate::each;

const COUNT: usize = 200;
const WIDTH: u32 = 4000;
const HEIGHT: u32 = 3000;

/// Writes the sets to `out/baseline` and `out/mixed`, unless they are there.
pub(crate) fn make(sources: &Path, out: &Path) {
    let count = |set| std::fs::read_dir(out.join(set)).map_or(0, Iterator::count);
    if count("baseline") == COUNT && count("mixed") == COUNT {
        return;
    }
    for set in ["baseline", "mixed"] {
        std::fs::create_dir_all(out.join(set)).unwrap();
    }
    let sources = large_jpegs(sources);
    assert!(!sources.is_empty(), "no photos in the folder of sources: run `make bench`");
    let numbers: Vec<usize> = (0..COUNT).collect();
    each(&numbers, |&number| make_one(&sources[number % sources.len()], number, out));
}

fn make_one(source: &Path, number: usize, out: &Path) {
    let bytes = std::fs::read(source).unwrap();
    let picture = decode(&bytes, source, u32::MAX).unwrap().pixels;
    let photo = noisy(&crop(&picture, number), number);
    let name = format!("IMG_{number:04}.jpg");
    let is_progressive = number % 4 == 3;
    let baseline = with_exif(&jpeg(&photo, false), number);
    let mixed = if is_progressive { with_exif(&jpeg(&photo, true), number) } else { baseline.clone() };
    std::fs::write(out.join("baseline").join(&name), baseline).unwrap();
    std::fs::write(out.join("mixed").join(&name), mixed).unwrap();
}

fn large_jpegs(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .filter(|path| std::fs::metadata(path).is_ok_and(|metadata| metadata.len() > 300_000))
        .collect();
    found.sort();
    found
}

/// A part of the picture, another each time, brought to the size of a 12 megapixel camera.
fn crop(picture: &Rgb, number: usize) -> Rgb {
    let share = 0.55 + 0.4 * random(number as u64) as f32;
    let width = (picture.width as f32 * share) as u32;
    let height = (width * HEIGHT / WIDTH).min(picture.height);
    let width = height * WIDTH / HEIGHT;
    let left = ((picture.width - width) as f64 * random(number as u64 + 1000)) as u32;
    let top = ((picture.height - height) as f64 * random(number as u64 + 2000)) as u32;
    let mut data = Vec::with_capacity((width * height * 3) as usize);
    for y in top..top + height {
        let start = ((y * picture.width + left) * 3) as usize;
        data.extend_from_slice(&picture.data[start..start + width as usize * 3]);
    }
    Rgb { width, height, data }.resized(WIDTH, HEIGHT, ResizeFilter::Lanczos)
}

/// Upscaled pictures are too smooth; noise brings the entropy, and so the decoding time, of real ones.
fn noisy(picture: &Rgb, seed: usize) -> Rgb {
    let mut state = seed as u64 + 1;
    let mut data = picture.data.clone();
    for value in &mut data {
        state = next(state);
        // The sum of four small numbers is close to a normal distribution; its deviation is about 6 levels.
        let noise: i16 = (0..4).map(|shift| ((state >> (shift * 8)) & 7) as i16).sum::<i16>() - 14;
        *value = (i16::from(*value) + noise * 5 / 4).clamp(0, 255) as u8;
    }
    Rgb { data, ..*picture }
}

fn next(state: u64) -> u64 {
    // Constants of Knuth's linear congruential generator (MMIX).
    state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407).rotate_left(23)
}

/// 0 to 1, the same for the same seed.
fn random(seed: u64) -> f64 {
    (next(next(seed + 17)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn jpeg(picture: &Rgb, progressive: bool) -> Vec<u8> {
    let image = turbojpeg::Image {
        pixels: picture.data.as_slice(),
        width: picture.width as usize,
        pitch: picture.width as usize * 3,
        height: picture.height as usize,
        format: PixelFormat::RGB,
    };
    let mut compressor = turbojpeg::Compressor::new().unwrap();
    compressor.set_quality(92).unwrap();
    compressor.set_subsamp(Subsamp::Sub2x2).unwrap();
    compressor.set_progressive(progressive).unwrap();
    compressor.compress_to_vec(image).unwrap()
}

/// Puts an EXIF segment behind the first two bytes: date, camera and, for each tenth photo, a turn.
fn with_exif(jpeg: &[u8], number: usize) -> Vec<u8> {
    let orientation = if number.is_multiple_of(10) { 6_u16 } else { 1 };
    let date = format!("2024:{:02}:{:02} 12:{:02}:00\0", number % 12 + 1, number % 28 + 1, number % 60);
    let model = b"Bench 12MP\0";
    let entries: [(u16, u16, &[u8]); 3] =
        [(0x0110, 2, model), (0x0112, 3, &orientation.to_le_bytes()), (0x0132, 2, date.as_bytes())];
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend((entries.len() as u16).to_le_bytes());
    let mut tail = Vec::new();
    let tail_start = 8 + 2 + 12 * entries.len() + 4;
    for (tag, kind, value) in entries {
        let count = if kind == 2 { value.len() as u32 } else { 1 };
        tiff.extend(tag.to_le_bytes());
        tiff.extend(kind.to_le_bytes());
        tiff.extend(count.to_le_bytes());
        if value.len() <= 4 {
            let mut inline = [0; 4];
            inline[..value.len()].copy_from_slice(value);
            tiff.extend(inline);
        } else {
            tiff.extend(((tail_start + tail.len()) as u32).to_le_bytes());
            tail.extend_from_slice(value);
        }
    }
    tiff.extend([0; 4]);
    tiff.extend(tail);
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend((2 + 6 + tiff.len() as u16).to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend_from_slice(&jpeg[2..]);
    out
}
