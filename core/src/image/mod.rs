//! From the bytes of a file to pixels and facts. Knows no catalogue and no model.
//!
//! Reading order: [`decode`] gives pixels at a size that suits the purpose, [`metadata`] what the camera wrote,
//! [`thumbnail`] what the grid shows.

pub mod decode;
pub mod metadata;
pub mod thumbnail;

use std::path::Path;

use crate::pixels::Orientation;

pub use decode::{Decoded, Format, Header, decode, header};
pub use metadata::Metadata;

/// Quality of pictures that are encoded anew for the viewer.
const VIEWING_QUALITY: i32 = 92;

/// The bytes of a photo so that a web view shows it upright: the file itself where web views turn it by themselves
/// (JPEG, or nothing to turn), else encoded anew.
///
/// # Errors
/// When it must be turned and cannot be decoded.
pub fn for_viewing(bytes: Vec<u8>, path: &Path) -> Result<Vec<u8>, DecodeError> {
    let is_jpeg = Format::sniff(&bytes, path) == Ok(Format::Jpeg);
    if is_jpeg || metadata::orientation(&bytes) == Orientation::UPRIGHT {
        return Ok(bytes);
    }
    let upright = decode(&bytes, path, u32::MAX)?.fitted(u32::MAX);
    thumbnail::encode_jpeg(&upright, VIEWING_QUALITY).map_err(DecodeError::Corrupt)
}

/// Why a file gives no picture. Each text says what happened, and what to do where something can be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Not one of the kinds that this build decodes.
    #[error("{0} files cannot be shown yet. JPEG, PNG and WebP can")]
    Unsupported(String),
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
