//! The boxes of a JPEG XL that tell of its picture, packed by Brotli or not (ISO/IEC 18181-2).

use std::borrow::Cow;
use std::io::Read;

use brotli_decompressor::Decompressor;
use heic_rs::boxes::BoxIter;

use super::found::{MAX_PACKET, Parts, from};
use super::heif::exif_start;
use crate::image::metadata::exif::DirectoryKind;

/// What all boxes of one file may unpack to, together.
const MAX_UNPACKED: usize = 4 * MAX_PACKET;
const BUFFER: usize = 4096;

/// A file without boxes has neither.
pub(super) fn find<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    let mut budget = MAX_UNPACKED;
    for found in BoxIter::new(bytes).flatten() {
        match &found.boxtype {
            b"Exif" | b"xml " => keep(&found.boxtype, Cow::Borrowed(found.payload), parts),
            b"brob" => {
                let Some((kind, packed)) = found.payload.split_first_chunk::<4>() else { continue };
                if matches!(kind, b"Exif" | b"xml ")
                    && let Some(unpacked) = unpack(packed, &mut budget)
                {
                    keep(kind, Cow::Owned(unpacked), parts);
                }
            }
            _ => {}
        }
    }
}

fn keep<'a>(kind: &[u8; 4], data: Cow<'a, [u8]>, parts: &mut Parts<'a>) {
    if kind == b"xml " {
        parts.keep_xmp(data);
    } else if let Some(start) = exif_start(&data) {
        parts.keep_exif(from(data, start), DirectoryKind::Main);
    }
}

/// `None` where more comes out than one packet may have or than is left for the file.
fn unpack(packed: &[u8], budget: &mut usize) -> Option<Vec<u8>> {
    let most = MAX_PACKET.min(*budget);
    let mut unpacked = Vec::new();
    let read = Decompressor::new(packed, BUFFER).take(most as u64 + 1).read_to_end(&mut unpacked);
    *budget = budget.saturating_sub(unpacked.len());
    (read.is_ok() && unpacked.len() <= most).then_some(unpacked)
}
