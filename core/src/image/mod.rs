//! From the bytes of a file to pixels and facts. Knows no catalogue and no model.
//!
//! Reading order: [`format`] recognises the kind, [`decode`] gives pixels at a size that suits the purpose by one module for
//! each family of kinds, [`color`] makes them sRGB, [`metadata`] reads what the camera wrote, [`thumbnail`] makes what
//! the grid shows.

mod av1;
mod baseline;
mod bmp;
mod canvas;
pub mod color;
mod de265;
pub mod decode;
mod decoded;
pub mod format;
mod frame;
mod generic;
mod gif;
mod guard;
mod hdr;
mod heif;
mod hevc;
mod huffman;
mod jp2;
mod jpeg;
mod jxl;
mod jxl_boxes;
pub mod metadata;
mod png;
mod progressive;
#[cfg(test)]
mod progressive_tests;
mod raw;
mod segments;
pub mod thumbnail;
mod tiff;
mod viewable;
mod warning;

pub use decode::{decode, header};
pub use decoded::{Decoded, Header};
pub use format::Format;
pub use metadata::Metadata;
pub use raw::Maker;
pub use viewable::is_viewable;
