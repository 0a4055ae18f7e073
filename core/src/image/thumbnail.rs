//! What the grid shows: a small upright JPEG and the colour that stands in for it.

use turbojpeg::{PixelFormat, Subsamp};

use crate::pixels::Rgb;

/// Longer side of a thumbnail in pixels: sharp at the largest row height of the grid.
pub const SIDE: u32 = 512;
/// JPEG quality of thumbnails: about 25 kB each.
pub const QUALITY: i32 = 80;
/// Part of the thumbnail cache's path; raise it when thumbnails would come out different.
pub const VERSION: u32 = 3;

/// Encodes an upright picture as JPEG.
///
/// # Errors
/// A text, when libjpeg-turbo cannot get memory.
pub fn encode_jpeg(picture: &Rgb, quality: i32) -> Result<Vec<u8>, String> {
    let width = picture.width as usize;
    let image = turbojpeg::Image {
        pixels: picture.data.as_slice(),
        width,
        pitch: width * 3,
        height: picture.height as usize,
        format: PixelFormat::RGB,
    };
    turbojpeg::compress(image, quality, Subsamp::Sub2x2)
        .map(|jpeg| jpeg.to_vec())
        .map_err(|error| error.to_string())
}

/// Encodes the thumbnail of an upright picture that already has its size.
///
/// # Errors
/// As [`encode_jpeg`].
pub fn encode(picture: &Rgb) -> Result<Vec<u8>, String> {
    encode_jpeg(picture, QUALITY)
}

/// Width, height and the brightness of each pixel of a thumbnail. `None` when it is damaged.
pub fn brightness(jpeg: &[u8]) -> Option<(usize, usize, Vec<u8>)> {
    let picture = turbojpeg::decompress(jpeg, PixelFormat::GRAY).ok()?;
    // Rows may be padded.
    let rows = picture.pixels.chunks_exact(picture.pitch).flat_map(|row| &row[..picture.width]);
    Some((picture.width, picture.height, rows.copied().collect()))
}

/// The placeholder of a picture with this average colour, as `#rrggbb`.
pub fn color([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
