//! What decoding gives: size and kind from a header, pixels with what makes them upright sRGB.

use super::color::Colors;
use super::format::Format;
use crate::pixels::{Orientation, ResizeFilter, Rgb};

/// What the start of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Kind of file.
    pub format: Format,
    /// Width in pixels as stored; of a RAW file its preview's.
    pub width: u32,
    /// Height in pixels as stored; of a RAW file its preview's.
    pub height: u32,
    /// How to turn the pixels. Some containers overrule the EXIF data.
    pub orientation: Orientation,
}

/// Size and turn of a picture as stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) orientation: Orientation,
}

/// Pixels as stored, with what makes them upright sRGB.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Pixels as stored, perhaps smaller than the file's.
    pub pixels: Rgb,
    /// How to turn them.
    pub orientation: Orientation,
    /// What their numbers mean.
    pub colors: Colors,
}

impl Decoded {
    /// An upright copy in sRGB with the longer side at most `side`.
    pub fn fitted(&self, side: u32) -> Rgb {
        self.colors.to_srgb(self.pixels.fitted(side)).turned(self.orientation)
    }

    /// An upright copy in sRGB squashed to a square, as image models want it.
    pub fn squashed(&self, side: u32) -> Rgb {
        self.colors.to_srgb(self.pixels.resized(side, side, ResizeFilter::Bicubic)).turned(self.orientation)
    }
}
