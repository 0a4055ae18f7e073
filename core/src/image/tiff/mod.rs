//! TIFF, by libtiff: scanners, archives and editors use all of it (docs/decisions/0016).
//!
//! Which page is shown is told by an own walk through the directories, so that looking at a file's head runs no C.

mod converted;
pub(super) mod ifd;
mod lab;
mod library;
mod page;
mod samples;
mod scale;

use super::color::{Channels, Colors};
use super::decoded::{Decoded, Shape};
use crate::error::{DecodeError, Need};
use crate::types::MAX_PIXELS;
use library::LibTiff;
use page::Page;

/// Most bytes of one strip or tile.
const MAX_CHUNK: u64 = 512 << 20;

/// Reads size and turn of the page that is shown.
pub(super) fn shape(bytes: &[u8]) -> Result<Shape, DecodeError> {
    Page::of(bytes).map(|page| page.shape)
}

/// Decodes that page, transparency laid on white.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let page = Page::of(bytes)?;
    let failed = || match page.is_cut_off {
        true => DecodeError::Truncated,
        false => DecodeError::Corrupt("its picture cannot be read".into()),
    };
    let tiff = LibTiff::open(bytes, page.at as u64).ok_or_else(failed)?;
    let layout = tiff.layout().ok_or_else(failed)?;
    let (width, height) = (layout.width, layout.height);
    if u64::from(width) * u64::from(height) > MAX_PIXELS || tiff.chunk_bytes() > MAX_CHUNK {
        return Err(DecodeError::TooLarge { width, height });
    }
    if !tiff.can_decompress() {
        let needs = Need::Feature("its compression".into());
        return Err(DecodeError::Lacking { kind: "TIFF".into(), needs });
    }
    let icc = tiff.icc_profile();
    let (pixels, colors) = match layout.photometric {
        library::WHITE_IS_ZERO
        | library::BLACK_IS_ZERO
        | library::RGB
        | library::INKS
        | library::CIE_LAB
        | library::ICC_LAB => samples::read(&tiff, &layout, icc).ok_or_else(failed)?,
        _ => (
            converted::read(&tiff, &layout).ok_or_else(failed)?,
            icc.map_or(Colors::SRGB, |icc| Colors::from_icc(icc, Channels::Rgb)),
        ),
    };
    Ok(Decoded { pixels, orientation: page.shape.orientation, colors })
}
