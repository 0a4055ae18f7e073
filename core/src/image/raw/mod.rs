//! RAW files by the preview that the camera put into them: the largest JPEG inside.
//!
//! An own walk of a few hundred lines instead of a RAW library: those develop pictures, which is not wanted here, and the
//! one in Rust is under the LGPL.

mod cr3;
mod exif;
mod found;
mod maker;
mod preview;
mod raf;
mod tiff;

pub(super) use exif::told;
pub use maker::Maker;
pub(super) use maker::maker_by_signature;
pub(super) use preview::{decode, shape};
pub(super) use tiff::maker_of_tiff;
