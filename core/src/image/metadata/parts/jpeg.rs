//! The segments of a JPEG that tell of its picture. Those of a second picture behind it do not.

use std::borrow::Cow;

use memchr::memmem;

use super::found::{MAX_PACKET, Parts, tiff_start};
use crate::image::metadata::exif::DirectoryKind;
use crate::image::segments::Segments;

const APP1: u8 = 0xE1;
const APP13: u8 = 0xED;
const XMP_EXTENSION: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// Hexadecimal digits of MD5.
const DIGEST: usize = 32;

/// EXIF and XMP in any segment APP1, whatever lies before, XMP also in pieces; the resources of Photoshop, which may go on from one APP13 to
/// the next.
pub(super) fn find<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    let mut exif: Option<Cow<'_, [u8]>> = None;
    let mut resources: Cow<'_, [u8]> = Cow::Borrowed(&[]);
    let mut pieces = Vec::new();
    for (marker, content) in Segments::of(bytes) {
        match marker {
            APP1 if is_exif(content) && tiff_start(content).is_none() => go_on(exif.as_mut(), &content[6..]),
            APP1 if tiff_start(content).is_some() => {
                keep(exif.take(), parts);
                exif = tiff_start(content).map(|start| Cow::Borrowed(&content[start..]));
            }
            APP1 if content.starts_with(XMP_EXTENSION) => pieces.extend(XmpPiece::of(content)),
            APP1 => parts.keep(Cow::Borrowed(content)),
            APP13 => append(&mut resources, photoshop(content)),
            _ => {}
        }
    }
    keep(exif, parts);
    if let Some(packet) = joined(pieces, &parts.xmp) {
        parts.keep_xmp(Cow::Owned(packet));
    }
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

/// A piece of a packet that did not fit into one segment (XMP specification, part 3, 1.1.3.1).
struct XmpPiece<'a> {
    /// Of the whole packet.
    digest: &'a [u8],
    /// Length of the whole packet.
    length: usize,
    /// Where it belongs.
    start: usize,
    bytes: &'a [u8],
}

impl<'a> XmpPiece<'a> {
    fn of(content: &'a [u8]) -> Option<Self> {
        let (digest, rest) = content.get(XMP_EXTENSION.len()..)?.split_at_checked(DIGEST)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (start, bytes) = rest.split_first_chunk::<4>()?;
        let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes) as usize;
        Some(Self { digest, length: number(length), start: number(start), bytes })
    }
}

/// The packet that the main one names as its extension, if all of its pieces are there.
fn joined(mut pieces: Vec<XmpPiece<'_>>, main: &[Cow<'_, [u8]>]) -> Option<Vec<u8>> {
    let digest = main.iter().find_map(|packet| extension_of(packet))?;
    pieces.retain(|piece| piece.digest.eq_ignore_ascii_case(digest) && piece.length <= MAX_PACKET);
    pieces.sort_by_key(|piece| piece.start);
    let length = pieces.first()?.length;
    let mut whole = Vec::with_capacity(length);
    for piece in pieces.iter().filter(|piece| piece.length == length) {
        // One that stands there twice counts once.
        if piece.start == whole.len() && whole.len() + piece.bytes.len() <= length {
            whole.extend(piece.bytes);
        }
    }
    (whole.len() == length).then_some(whole)
}

/// The digest that a packet gives of its extension.
fn extension_of(packet: &[u8]) -> Option<&[u8]> {
    let named = &packet[memmem::find(packet, b"HasExtendedXMP")?..];
    // Behind the name only a quote or a bracket stands, and blanks.
    named.windows(DIGEST).take(64).find(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}
