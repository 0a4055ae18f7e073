//! The chunks of a WebP that tell of its picture.

use std::borrow::Cow;

use super::found::{Parts, tiff_start};
use crate::image::metadata::exif::DirectoryKind;

/// `RIFF`, a length and `WEBP`.
const HEAD: usize = 12;

/// EXIF data may have the mark of JPEG before it, which does not belong here.
pub(super) fn find<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    for (kind, content) in RiffChunks(bytes.get(HEAD..).unwrap_or_default()) {
        match kind {
            b"EXIF" => {
                let tiff = tiff_start(content).map(|start| &content[start..]);
                tiff.into_iter().for_each(|tiff| parts.keep_exif(Cow::Borrowed(tiff), DirectoryKind::Main));
            }
            b"XMP " | b"XMP\0" => parts.keep_xmp(Cow::Borrowed(content)),
            _ => {}
        }
    }
}

/// Kind and content, filled up to an even length.
struct RiffChunks<'a>(&'a [u8]);

impl<'a> Iterator for RiffChunks<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = self.0.split_at_checked(4)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest.get(length % 2..).unwrap_or_default();
        Some((kind, content))
    }
}
