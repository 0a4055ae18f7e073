//! What libjpeg-turbo's warnings mean for a picture: most are nothing to people, and some tell of missing rows.

use crate::error::DecodeError;

/// What it tells although it went on to the end of the picture (`JWRN_` in its jerror.h); of several the first.
const WARNINGS: [&str; 5] = [
    "Corrupt JPEG data: ",
    "Inconsistent progression sequence ",
    "Invalid SOS parameters for sequential JPEG",
    "Unknown Adobe color transform code ",
    "Warning: ",
];
const DATA_ENDED: &str = "Corrupt JPEG data: premature end of data segment";
const FILE_ENDED: &str = "Premature end of JPEG file";

/// Whether a picture can be shown in spite of an error. `ends` are the last pixels of each row.
///
/// A file that has its end marker is whole, and damaged where data are missing: it is shown unless most rows are. One without is
/// cut off as soon as data are missing.
pub(super) fn check<'a>(
    error: &turbojpeg::Error,
    ends: impl DoubleEndedIterator<Item = &'a [u8]> + ExactSizeIterator,
    is_progressive: bool,
    is_ended: bool,
) -> Result<(), DecodeError> {
    let text = match error {
        turbojpeg::Error::TurboJpegError(text) => text.as_str(),
        other => return Err(DecodeError::Corrupt(other.to_string())),
    };
    if text == FILE_ENDED {
        return Err(DecodeError::Truncated);
    }
    if !WARNINGS.iter().any(|warning| text.starts_with(warning)) {
        return Err(DecodeError::Corrupt(text.to_owned()));
    }
    let rows = ends.len();
    let missing = ends.rev().take_while(|end| is_empty(end)).count();
    // A progressive picture has all its rows after the first scan, and they are blurred.
    let is_blurred = is_progressive && text == DATA_ENDED;
    let is_cut_off = if is_ended { missing > rows / 2 } else { missing > 0 || is_blurred };
    if is_cut_off { Err(DecodeError::Truncated) } else { Ok(()) }
}

/// Whether pixels have the grey of those without data (one less where ink is stored as paper).
fn is_empty(pixels: &[u8]) -> bool {
    pixels.iter().all(|value| matches!(value, 127 | 128))
}
