//! The profile of a bitmap: one of version 5 may bring it along.

use super::color::{Channels, Colors};

/// Where the header starts; its own places count from there.
const HEADER: usize = 14;
const VERSION_5: u32 = 124;
/// "MBED" as a number in little-endian order: the profile is embedded.
const EMBEDDED: &[u8] = b"DEBM";

/// sRGB for files without a profile.
pub(super) fn colors(bytes: &[u8], channels: Channels) -> Colors {
    profile(bytes).map_or(Colors::SRGB, |icc| Colors::from_icc(icc, channels))
}

fn profile(bytes: &[u8]) -> Option<&[u8]> {
    let header = bytes.get(HEADER..)?;
    let number = |at: usize| Some(u32::from_le_bytes(*header.get(at..)?.first_chunk()?));
    if number(0)? != VERSION_5 || header.get(56..60)? != EMBEDDED {
        return None;
    }
    let (start, length) = (number(112)? as usize, number(116)? as usize);
    header.get(start..start.checked_add(length)?)
}
