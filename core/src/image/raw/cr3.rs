//! Canon's CR3: boxes as in HEIC. A preview lies in a box of its own and a larger one is the first track of a film.
//!
//! Source: <https://github.com/lclevy/canon_cr3>.

use heic_rs::boxes::{BoxHeader, BoxIter};

use super::found::Previews;
use super::tiff;
use crate::error::DecodeError;
use crate::image::hevc::refused;
use crate::image::metadata::DirectoryKind;

/// The box of Canon's data in `moov`.
const CANON: [u8; 16] = *b"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";
/// The box of XMP (XMP specification, part 3).
const XMP: [u8; 16] = *b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";
/// The box of the preview.
const PREVIEW: [u8; 16] = *b"\xea\xf4\x2b\x5e\x1c\x98\x4b\x88\xb9\xfb\xb7\xdc\x40\x6e\x4d\x16";

pub(super) fn find(bytes: &[u8]) -> Result<Previews<'_>, DecodeError> {
    let mut previews = Vec::new();
    for part in BoxIter::new(bytes) {
        let part = part.map_err(refused)?;
        if part.uuid == Some(PREVIEW) {
            previews.extend(jpeg_in(part.payload));
        } else if part.is(b"moov") {
            for track in part.children().flatten().filter(|child| child.is(b"trak")) {
                previews.extend(first_sample(bytes, &track)?);
            }
        }
    }
    let orientation = main_directory(bytes).and_then(tiff::orientation);
    Ok(Previews {
        jpegs: previews,
        orientation: Some(orientation.unwrap_or(crate::pixels::Orientation::UPRIGHT)),
    })
}

/// The TIFF structure with camera and orientation.
fn main_directory(bytes: &[u8]) -> Option<&[u8]> {
    directories(bytes).into_iter().find(|(_, kind)| *kind == DirectoryKind::Main).map(|(tiff, _)| tiff)
}

/// The TIFF structures in which Canon puts what others link from one: the picture, how and where it was taken.
pub(super) fn directories(bytes: &[u8]) -> Vec<(&[u8], DirectoryKind)> {
    let kinds =
        [(b"CMT1", DirectoryKind::Main), (b"CMT2", DirectoryKind::Exif), (b"CMT4", DirectoryKind::Gps)];
    let found = |(code, kind)| Some((canon(bytes)?.children().find(code).ok()??.payload, kind));
    kinds.into_iter().filter_map(found).collect()
}

/// The packet of XMP.
pub(super) fn xmp(bytes: &[u8]) -> Option<&[u8]> {
    BoxIter::new(bytes).flatten().find(|part| part.uuid == Some(XMP)).map(|part| part.payload)
}

fn canon(bytes: &[u8]) -> Option<BoxHeader<'_>> {
    let moov = BoxIter::new(bytes).find(b"moov").ok()??;
    moov.children().flatten().find(|child| child.uuid == Some(CANON))
}

/// The JPEG data behind the few numbers that stand before it.
fn jpeg_in(payload: &[u8]) -> Option<&[u8]> {
    const START: &[u8] = b"\xff\xd8\xff";
    let start = payload.iter().take(64).enumerate().find(|(at, _)| payload[*at..].starts_with(START))?.0;
    Some(&payload[start..])
}

/// The first sample of a track, if it is a JPEG.
fn first_sample<'a>(bytes: &'a [u8], track: &BoxHeader<'a>) -> Result<Option<&'a [u8]>, DecodeError> {
    let Some((start, length)) = place(track) else { return Ok(None) };
    let sample = bytes.get(start..start.saturating_add(length)).ok_or(DecodeError::Truncated)?;
    Ok(sample.starts_with(b"\xff\xd8\xff").then_some(sample))
}

/// Where the first sample of a track lies: offset and length.
fn place(track: &BoxHeader<'_>) -> Option<(usize, usize)> {
    let mut payload = track.payload;
    for code in [b"mdia", b"minf", b"stbl"] {
        payload = BoxIter::new(payload).find(code).ok()??.payload;
    }
    let table = |code: &[u8; 4]| BoxIter::new(payload).find(code).ok().flatten().map(|found| found.payload);
    let number =
        |table: &[u8], at: usize| Some(u32::from_be_bytes(*table.get(at..)?.first_chunk()?) as usize);
    let sizes = table(b"stsz")?;
    // One size for all samples, or a list.
    let length = number(sizes, 4).filter(|size| *size > 0).or_else(|| number(sizes, 12))?;
    let start = match (table(b"co64"), table(b"stco")) {
        (Some(offsets), _) => usize::try_from(u64::from_be_bytes(*offsets.get(8..)?.first_chunk()?)).ok()?,
        (None, Some(offsets)) => number(offsets, 8)?,
        (None, None) => return None,
    };
    Some((start, length))
}
