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

use serde::{Deserialize, Serialize};

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

/// Why a file gives no picture. Each text says what happened, and what to do where something can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Not one of the kinds that this build decodes.
    #[error(
        "{0} files cannot be shown yet. JPEG, HEIC, AVIF, JPEG XL, PNG, WebP, GIF, TIFF, BMP, QOI and RAW photos can"
    )]
    Unsupported(String),
    /// The kind is known, but this file uses a part of it that is not.
    #[error("this {kind} photo needs something that Fotonovela cannot do yet: {needs}")]
    Lacking {
        /// Name of the kind.
        kind: String,
        /// What is needed.
        needs: String,
    },
    /// The file has no bytes.
    #[error("the file is empty. It may still be downloading or copying")]
    Empty,
    /// The file ends too early.
    #[error("the file is cut off: its end is missing. Copy it again from where it came from")]
    Truncated,
    /// The file is damaged.
    #[error("the file is damaged ({0}). Copy it again from where it came from")]
    Corrupt(String),
    /// The picture would take too much memory.
    #[error("the picture is too large: {width} x {height} pixels, and the limit is {} megapixels", decode::MAX_PIXELS / 1_000_000)]
    TooLarge {
        /// Width in pixels, as the header says.
        width: u32,
        /// Height in pixels, as the header says.
        height: u32,
    },
}
