//! JPEG 2000: boxes beside the picture's.

use std::borrow::Cow;

use heic_rs::boxes::BoxIter;

use super::super::exif::DirectoryKind;
use super::found::Parts;

/// The box of EXIF, which is a TIFF structure (as Adobe and Kakadu write it).
const EXIF: [u8; 16] = *b"JpgTiffExif->JP2";
/// The box of XMP (XMP specification, part 3).
const XMP: [u8; 16] = *b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";

pub(super) fn find<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    for part in BoxIter::new(bytes).flatten() {
        match part.uuid {
            Some(EXIF) => parts.keep_exif(Cow::Borrowed(part.payload), DirectoryKind::Main),
            Some(XMP) => parts.keep_xmp(Cow::Borrowed(part.payload)),
            _ => {}
        }
    }
}
