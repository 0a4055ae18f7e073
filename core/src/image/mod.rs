//! From the bytes of a file to pixels and facts. Knows no catalogue and no model.
//!
//! Reading order: [`format`] tells the kind, [`decode`] gives pixels at a size that suits the purpose by one module for
//! each family of kinds, [`color`] makes them sRGB, [`metadata`] reads what the camera wrote, [`thumbnail`] makes what
//! the grid shows.

mod av1;
mod baseline;
mod canvas;
pub mod color;
pub mod decode;
pub mod format;
mod frame;
mod generic;
mod heif;
mod hevc;
mod huffman;
mod jpeg;
mod jxl;
pub mod metadata;
mod progressive;
mod raw;
pub mod thumbnail;

use std::borrow::Cow;
use std::path::Path;

use crate::pixels::Orientation;

pub use decode::{Decoded, Header, decode, header};
pub use format::Format;
pub use metadata::Metadata;
pub use raw::Maker;

/// Whether a web view shows the file as it is: upright, and in its colours. It turns JPEG by itself, other kinds not.
pub fn is_viewable(bytes: &[u8], path: &Path) -> bool {
    match Format::sniff(bytes, path) {
        Ok(Format::Jpeg) => true,
        Ok(format) if format.web_media_type().is_some() => {
            metadata::orientation(bytes) == Orientation::UPRIGHT
        }
        _ => false,
    }
}

/// The EXIF data of the kinds that an EXIF reader does not look into by itself (or would misread): a TIFF structure.
/// `None` for all others, JPEG, PNG, WebP and plain TIFF among them.
pub fn exif_block(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    decode::guarded(|| match Format::sniff(bytes, Path::new(""))? {
        Format::Heic | Format::Avif => Ok(heif::exif(bytes)),
        Format::JpegXl => Ok(jxl::exif(bytes)),
        Format::Raw(maker) => Ok(raw::exif(maker, bytes)),
        _ => Ok(None),
    })
    .ok()?
}
