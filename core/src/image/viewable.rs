//! Whether a web view can show a file without help.

use std::path::Path;

use super::format::Format;
use super::metadata;
use crate::pixels::Orientation;

/// Whether a web view shows the file as it is: upright, and in its colours. It turns JPEG by itself, other kinds not.
pub fn is_viewable(bytes: &[u8], path: &Path) -> bool {
    match Format::sniff(bytes, path) {
        Ok(Format::Jpeg) => true,
        Ok(format) if format.web_media_type().is_some() => {
            metadata::orientation(bytes) == Orientation::UPRIGHT
        }
        _ => false,
    }
}
