//! All that a file says, from its sources by their order.

use std::path::Path;

use super::{exif, name, xmp};
use crate::pixels::Orientation;
use crate::types::Facts;

/// What a photo says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    /// How to turn the pixels.
    pub orientation: Orientation,
    /// The rest.
    pub facts: Facts,
}

/// Reads the metadata from the start of a file (or all of it); its name may hold the date.
pub fn read(bytes: &[u8], path: &Path) -> Metadata {
    let (orientation, written) = exif::read(bytes).unwrap_or((Orientation::UPRIGHT, Facts::default()));
    let named = Facts { taken: name::taken_by_name(path), ..Facts::default() };
    Metadata { orientation, facts: written.or(xmp::embedded(bytes)).or(named) }
}

/// Reads the orientation only.
pub fn orientation(bytes: &[u8]) -> Orientation {
    exif::read(bytes).map_or(Orientation::UPRIGHT, |(orientation, _)| orientation)
}
