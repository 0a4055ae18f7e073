//! The largest JPEG inside a RAW file, which stands for the picture.

use super::found::Previews;
use super::maker::Maker;
use super::{cr3, raf, tiff};
use crate::error::{DecodeError, Need};
use crate::image::decoded::{Decoded, Shape};
use crate::image::{jpeg, metadata};
use crate::types::MAX_PIXELS;

/// Size and turn of the preview.
pub(in crate::image) fn shape(maker: Maker, bytes: &[u8]) -> Result<Shape, DecodeError> {
    let found = find(maker, bytes)?;
    let (preview, (width, height)) = largest(maker, &found.jpegs)?;
    Ok(Shape {
        width,
        height,
        orientation: found.orientation.unwrap_or_else(|| metadata::orientation(preview)),
    })
}

/// Decodes the preview.
pub(in crate::image) fn decode(maker: Maker, bytes: &[u8], side: u32) -> Result<Decoded, DecodeError> {
    let found = find(maker, bytes)?;
    let (preview, _) = largest(maker, &found.jpegs)?;
    let decoded = jpeg::decode(preview, side)?;
    Ok(Decoded { orientation: found.orientation.unwrap_or(decoded.orientation), ..decoded })
}

fn find(maker: Maker, bytes: &[u8]) -> Result<Previews<'_>, DecodeError> {
    match maker {
        Maker::Cr3 => cr3::find(bytes),
        Maker::Raf => Ok(Previews { jpegs: vec![raf::preview(bytes)?], orientation: None }),
        _ => tiff::find(bytes),
    }
}

/// The preview with most pixels that can be decoded.
fn largest<'a>(maker: Maker, previews: &[&'a [u8]]) -> Result<(&'a [u8], (u32, u32)), DecodeError> {
    previews
        .iter()
        // The sensor's data may be JPEG too, but a lossless one.
        .filter(|preview| preview.starts_with(b"\xff\xd8\xff") && !jpeg::is_lossless(preview))
        .filter_map(|preview| Some((*preview, jpeg::size(preview).ok()?)))
        .map(|(preview, (width, height))| (preview, (width, height), u64::from(width) * u64::from(height)))
        .filter(|(.., pixels)| *pixels <= MAX_PIXELS)
        .max_by_key(|(.., pixels)| *pixels)
        .map(|(preview, size, _)| (preview, size))
        .ok_or_else(|| DecodeError::Lacking { kind: maker.name().into(), needs: Need::Preview })
}
