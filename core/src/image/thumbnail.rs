//! What the grid shows: a small upright JPEG and the colour that stands in for it.

use std::path::Path;

use turbojpeg::{PixelFormat, Subsamp};

use super::DecodeError;
use crate::pixels::Rgb;

/// Longer side of a thumbnail in pixels: sharp at the largest row height of the grid.
pub const SIDE: u32 = 512;
/// JPEG quality of thumbnails: about 25 kB each.
const QUALITY: i32 = 80;
/// Part of the thumbnail cache's path; raise it when thumbnails would come out different.
pub const VERSION: u32 = 2;

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

/// Makes the thumbnail of a photo: what the grid shows, with the longer side at most `side`.
///
/// # Errors
/// When the photo cannot be decoded.
pub fn make(bytes: &[u8], path: &Path, side: u32) -> Result<Vec<u8>, DecodeError> {
    encode(&super::decode(bytes, path, side)?.fitted(side)).map_err(DecodeError::Corrupt)
}

/// The placeholder colour of a picture, as `#rrggbb`.
pub fn color(picture: &Rgb) -> String {
    let [red, green, blue] = picture.average();
    format!("#{red:02x}{green:02x}{blue:02x}")
}
