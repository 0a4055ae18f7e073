//! From the bytes of a file to pixels and facts. Knows no catalogue and no model.
//!
//! Reading order: [`decode`] gives pixels at a size that suits the purpose, [`metadata`] what the camera wrote,
//! [`thumbnail`] what the grid shows.

pub mod decode;
pub mod metadata;
pub mod thumbnail;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::pixels::Orientation;

pub use decode::{Decoded, Format, Header, decode, header};
pub use metadata::Metadata;

/// Whether a web view shows the file as it is, and upright: it turns JPEG by itself, other kinds not.
pub fn is_viewable(bytes: &[u8], path: &Path) -> bool {
    Format::sniff(bytes, path) == Ok(Format::Jpeg) || metadata::orientation(bytes) == Orientation::UPRIGHT
}

/// Why a file gives no picture. Each text says what happened, and what to do where something can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
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
