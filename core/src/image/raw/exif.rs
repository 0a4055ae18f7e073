//! The EXIF data of RAW files.

use std::borrow::Cow;

use super::maker::Maker;
use super::{cr3, raf};
use crate::image::segments;

/// The EXIF data: a TIFF structure. Of CR3 only what its main directory holds.
pub(in crate::image) fn exif(maker: Maker, bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    match maker {
        Maker::Cr3 => cr3::main_directory(bytes).map(Cow::Borrowed),
        Maker::Raf => segments::exif(raf::preview(bytes).ok()?).map(Cow::Borrowed),
        // TIFF under another name.
        Maker::Orf | Maker::Rw2 => {
            let start = if bytes.starts_with(b"II") { b"II*\0" } else { b"MM\0*" };
            Some(Cow::Owned([start, bytes.get(4..)?].concat()))
        }
        _ => None,
    }
}
