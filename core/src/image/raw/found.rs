//! What a walk through a RAW file finds.

use crate::pixels::Orientation;

/// The previews of a RAW file.
pub(super) struct Previews<'a> {
    /// JPEG data, not looked into.
    pub(super) jpegs: Vec<&'a [u8]>,
    /// How to turn them; `None` when the preview itself says it.
    pub(super) orientation: Option<Orientation>,
}
