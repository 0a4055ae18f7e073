//! A drawn comic as a file of the person's choice.

use std::path::Path;

use crate::decoder::{DecodeOrder, Decoders, Encoding, Job};
use crate::error::{Error, Result};
use crate::platform::files::write_durably;
use crate::types::{FaultCode, ReasonCode};

/// Writes a drawn picture to `out`: byte for byte if the kinds agree (which keeps its marks of origin), else as PNG.
///
/// # Errors
/// When `out` has another ending, or cannot be written.
pub fn export(decoders: &Decoders, bytes: &[u8], out: &Path) -> Result<()> {
    let ending = out.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let own_endings: &[&str] = match media_type(bytes) {
        "image/jpeg" => &["jpg", "jpeg"],
        "image/webp" => &["webp"],
        _ => &["png"],
    };
    if own_endings.contains(&ending.as_str()) {
        return write_durably(out, bytes);
    }
    if ending != "png" {
        return Err(Error::Invalid(FaultCode::ComicEnding.with("path", out)));
    }
    let order = DecodeOrder { side: u32::MAX, encoded: Some(Encoding::Png), square: None };
    let answer = decoders.decode(&Job::of(out, bytes, order))?;
    write_durably(out, &answer.encoded.expect("it was ordered").bytes)
}

/// The media type of a drawn picture, as its bytes say.
pub fn media_type(bytes: &[u8]) -> &'static str {
    match image::guess_format(bytes) {
        Ok(image::ImageFormat::Jpeg) => "image/jpeg",
        Ok(image::ImageFormat::WebP) => "image/webp",
        _ => "image/png",
    }
}
