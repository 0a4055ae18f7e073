//! Fujifilm's RAF: a header that names one JPEG.

use crate::error::DecodeError;

/// Fujifilm's header names place and length of one JPEG, with EXIF data of its own (offsets 84 and 88, big-endian).
pub(super) fn preview(bytes: &[u8]) -> Result<&[u8], DecodeError> {
    let number = |at: usize| {
        let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.first_chunk());
        bytes.map(|bytes| u32::from_be_bytes(*bytes) as usize).ok_or(DecodeError::Truncated)
    };
    let (start, length) = (number(84)?, number(88)?);
    bytes.get(start..start.saturating_add(length)).ok_or(DecodeError::Truncated)
}
