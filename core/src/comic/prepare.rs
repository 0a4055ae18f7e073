//! Pictures as they leave the machine: upright, small enough, without metadata, under neutral names.

use std::path::Path;

use super::order::Picture;
use crate::decoder::{DecodeOrder, Decoders, EncodedImage, Encoding, FilePart, Job};
use crate::error::{DecodeError, Result};

/// Longer side of a picture that is sent, in pixels: the most that the models look at.
pub const SIDE: u32 = 2048;
const QUALITY: i32 = 85;

/// A picture that is ready to leave.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What is sent.
    pub picture: Picture,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Makes picture `number` (from 1) of the bytes of a photo. The pixels are encoded anew, so nothing else of the file
/// goes along: no EXIF, no place, no name.
///
/// # Errors
/// When the photo cannot be decoded.
pub fn prepare(decoders: &Decoders, bytes: &[u8], path: &Path, number: usize) -> Result<Prepared> {
    let order = DecodeOrder::encoded(SIDE, Encoding::Jpeg(QUALITY));
    let answer = decoders.decode(&Job::of(path, bytes, order))?;
    let EncodedImage { bytes: jpeg, width, height, .. } = answer.encoded.expect("it was ordered");
    let picture =
        Picture { name: format!("photo-{number}.jpg"), media_type: "image/jpeg".into(), bytes: jpeg.into() };
    Ok(Prepared { picture, width, height })
}

/// The drawing that is to be changed, just as the service made it.
///
/// # Errors
/// When its file is no longer a picture.
pub fn drawing(decoders: &Decoders, bytes: Vec<u8>, path: &Path) -> Result<Prepared> {
    let header = decoders.facts(path, &bytes, FilePart::Photo)?;
    let (extension, media_type) = match header.format.as_str() {
        "JPEG" => ("jpg", "image/jpeg"),
        "PNG" => ("png", "image/png"),
        "WebP" => ("webp", "image/webp"),
        _ => return Err(DecodeError::Unsupported(Some(header.format)).into()),
    };
    let picture =
        Picture { name: format!("comic.{extension}"), media_type: media_type.into(), bytes: bytes.into() };
    Ok(Prepared { picture, width: header.width, height: header.height })
}
