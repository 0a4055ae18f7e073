//! The segments of a JPEG that tell of its picture. Those of a second picture behind it do not.

use std::borrow::Cow;

use super::found::{Parts, tiff_start};
use crate::image::metadata::exif::DirectoryKind;
use crate::image::segments::Segments;

const APP1: u8 = 0xE1;
const APP13: u8 = 0xED;

/// EXIF and XMP in any segment APP1, whatever lies before; the resources of Photoshop, which may go on from one APP13 to
/// the next.
pub(super) fn find<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    let mut exif: Option<Cow<'_, [u8]>> = None;
    let mut resources: Cow<'_, [u8]> = Cow::Borrowed(&[]);
    for (marker, content) in Segments::of(bytes) {
        match marker {
            APP1 if is_exif(content) && tiff_start(content).is_none() => go_on(exif.as_mut(), &content[6..]),
            APP1 if tiff_start(content).is_some() => {
                keep(exif.take(), parts);
                exif = tiff_start(content).map(|start| Cow::Borrowed(&content[start..]));
            }
            APP1 => parts.keep(Cow::Borrowed(content)),
            APP13 => append(&mut resources, photoshop(content)),
            _ => {}
        }
    }
    keep(exif, parts);
    if !resources.is_empty() {
        parts.keep(resources);
    }
}

fn is_exif(content: &[u8]) -> bool {
    content.len() > 6 && content[..4].eq_ignore_ascii_case(b"exif")
}

fn keep<'a>(exif: Option<Cow<'a, [u8]>>, parts: &mut Parts<'a>) {
    if let Some(exif) = exif {
        parts.keep_exif(exif, DirectoryKind::Main);
    }
}

/// EXIF data of more than 64 kB goes on in the next segment.
fn go_on<'a>(exif: Option<&mut Cow<'a, [u8]>>, content: &'a [u8]) {
    if let Some(exif) = exif {
        append(exif, content);
    }
}

fn append<'a>(whole: &mut Cow<'a, [u8]>, part: &'a [u8]) {
    if whole.is_empty() {
        *whole = Cow::Borrowed(part);
    } else {
        whole.to_mut().extend_from_slice(part);
    }
}

fn photoshop(content: &[u8]) -> &[u8] {
    content.strip_prefix(b"Photoshop 3.0\0").unwrap_or_default()
}
