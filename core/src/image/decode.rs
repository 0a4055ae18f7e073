//! Bytes of a file to RGB pixels, by content and not by name, with limits on pixels and memory.
//!
//! Pixels come as stored and in the file's own colours; [`Decoded`] carries orientation and colours, so that turning and
//! colour conversion happen after shrinking, where they cost little.

use std::path::Path;

use super::decoded::{Decoded, Header, Shape};
use super::format::Format;
use super::guard::guarded;
use super::{generic, heif, jp2, jpeg, jxl, metadata, raw, tiff};
use crate::error::DecodeError;
use crate::types::MAX_PIXELS;

/// Reads kind and size from the start of a file. `bytes` may be a part of it if it holds the header.
///
/// # Errors
/// [`DecodeError`]; for a part of a file [`DecodeError::Corrupt`], [`DecodeError::NotAPicture`] and [`DecodeError::Truncated`] may just mean "more is
/// needed".
pub fn header(bytes: &[u8], path: &Path) -> Result<Header, DecodeError> {
    let format = Format::sniff(bytes, path)?;
    let Shape { width, height, orientation } = guarded(|| shape(format, bytes))?;
    if width == 0 || height == 0 {
        return Err(DecodeError::Corrupt("it has no pixels".into()));
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(DecodeError::TooLarge { width, height });
    }
    Ok(Header { format, width, height, orientation })
}

fn shape(format: Format, bytes: &[u8]) -> Result<Shape, DecodeError> {
    let (width, height) = match format {
        Format::Heic | Format::Avif => return heif::shape(bytes),
        Format::JpegXl => return jxl::shape(bytes),
        Format::Jpeg2000 => return jp2::shape(bytes),
        Format::Tiff => return tiff::shape(bytes),
        Format::Raw(maker) => return raw::shape(maker, bytes),
        Format::Jpeg => jpeg::size(bytes)?,
        Format::Png | Format::WebP | Format::Gif | Format::Bmp | Format::Qoi => generic::size(format, bytes)?,
    };
    Ok(Shape { width, height, orientation: metadata::orientation(bytes) })
}

/// Decodes a whole file so that its longer side has at least `side` pixels, or all it has.
///
/// # Errors
/// [`DecodeError`] with the reason; nothing panics on foreign bytes.
pub fn decode(bytes: &[u8], path: &Path, side: u32) -> Result<Decoded, DecodeError> {
    let header = header(bytes, path)?;
    guarded(|| match header.format {
        Format::Jpeg => jpeg::decode(bytes, side),
        Format::Heic | Format::Avif => heif::decode(bytes, side),
        Format::JpegXl => jxl::decode(bytes),
        Format::Jpeg2000 => jp2::decode(bytes, side),
        Format::Tiff => tiff::decode(bytes),
        Format::Raw(maker) => raw::decode(maker, bytes, side),
        format => generic::decode(format, bytes),
    })
}
