//! RAW files that are TIFF files: whose they are, and the JPEG previews in their directories.
//!
//! Tags: TIFF 6.0, TIFF/EP, DNG 1.7; those of makers from <https://exiftool.org/TagNames/>.

use super::found::Previews;
use super::maker::Maker;
use crate::error::DecodeError;
use crate::image::tiff::ifd::{Directory, Tiff, TiffEntry};
use crate::pixels::Orientation;

const COMPRESSION: u16 = 0x0103;
const PHOTOMETRIC: u16 = 0x0106;
const MAKE: u16 = 0x010F;
const STRIP_OFFSETS: u16 = 0x0111;
const ORIENTATION: u16 = 0x0112;
const STRIP_LENGTHS: u16 = 0x0117;
const JPEG_OFFSET: u16 = 0x0201;
const JPEG_LENGTH: u16 = 0x0202;
const EXIF: u16 = 0x8769;
const MAKER_NOTE: u16 = 0x927C;
const DNG_VERSION: u16 = 0xC612;
/// Panasonic: a JPEG as the value.
const JPEG_VALUE: u16 = 0x002E;
/// Olympus: the camera's settings, in which the preview's place and length stand.
const OLYMPUS_SETTINGS: u16 = 0x2020;
const OLYMPUS_OFFSET: u16 = 0x0101;
const OLYMPUS_LENGTH: u16 = 0x0102;
/// Nikon: a directory of a preview.
const NIKON_PREVIEW: u16 = 0x0011;

/// Photometric interpretations of sensor data: a colour filter array, and linear RAW.
const SENSOR: [u64; 2] = [32803, 34892];

/// Says whose RAW file a TIFF file is; `None` for plain TIFF, or when its directories lie behind the end of `bytes`.
pub(in crate::image) fn maker_of_tiff(bytes: &[u8]) -> Option<Maker> {
    let directories = Tiff::new(bytes).ok()?.directories().ok()?;
    // Programs keep the tags of the RAW file in the finished picture that they make of it.
    if !directories.iter().any(has_sensor) {
        return None;
    }
    if directories.iter().any(|directory| directory.get(DNG_VERSION).is_some()) {
        return Some(Maker::Dng);
    }
    let make =
        directories.first()?.get(MAKE).map(|entry| entry.value.to_ascii_uppercase()).unwrap_or_default();
    Some(match make {
        make if make.starts_with(b"NIKON") => Maker::Nef,
        make if make.starts_with(b"SONY") => Maker::Arw,
        _ => Maker::Other,
    })
}

fn has_sensor(directory: &Directory<'_>) -> bool {
    directory.number(PHOTOMETRIC).is_some_and(|value| SENSOR.contains(&value))
}

/// The orientation that the first directory says.
pub(super) fn orientation(bytes: &[u8]) -> Option<Orientation> {
    let tiff = Tiff::new(bytes).ok()?;
    let (first, _) = tiff.directory(tiff.first().ok()?).ok()?;
    first.number(ORIENTATION).and_then(|value| value.try_into().ok()).map(Orientation::from_exif)
}

pub(super) fn find(bytes: &[u8]) -> Result<Previews<'_>, DecodeError> {
    let tiff = Tiff::new(bytes)?;
    let mut previews = Vec::new();
    for directory in tiff.directories()? {
        previews.extend(previews_of(&directory)?);
        if let Some(exif) = directory.number(EXIF)
            && let Ok((exif, _)) = tiff.directory(exif as usize)
            && let Some(note) = exif.get(MAKER_NOTE)
        {
            // What makers write there is their own; what cannot be read is left out.
            previews.extend(preview_of_note(&tiff, note).unwrap_or_default());
        }
    }
    Ok(Previews { jpegs: previews, orientation: Some(orientation(bytes).unwrap_or(Orientation::UPRIGHT)) })
}

/// The preview that a maker hides in its own data.
fn preview_of_note<'a>(tiff: &Tiff<'a>, note: &TiffEntry<'a>) -> Result<Vec<&'a [u8]>, DecodeError> {
    let value = note.value;
    if value.starts_with(b"Nikon\0\x02") {
        let inner = Tiff::new(value.get(10..).unwrap_or_default())?;
        let (note, _) = inner.directory(inner.first()?)?;
        let Some(preview) = note.number(NIKON_PREVIEW) else { return Ok(Vec::new()) };
        return previews_of(&inner.directory(preview as usize)?.0);
    }
    // Places count from the note's start in newer files, and from the file's start in older ones.
    let (base, start) = match value {
        _ if value.starts_with(b"OLYMPUS\0") => (value, 12),
        _ if value.starts_with(b"OM SYSTEM\0") => (value, 16),
        _ if value.starts_with(b"OLYMP\0") => (tiff.bytes, note.at + 8),
        _ => return Ok(Vec::new()),
    };
    let inner = tiff.based_on(base);
    let (note, _) = inner.directory(start)?;
    let Some(settings) = note.get(OLYMPUS_SETTINGS) else { return Ok(Vec::new()) };
    // A directory either as the value or pointed to by it.
    let place =
        if settings.value.len() > 4 { settings.at } else { settings.number(inner.is_big_endian) as usize };
    let (settings, _) = inner.directory(place)?;
    Ok(settings.place(OLYMPUS_OFFSET, OLYMPUS_LENGTH).and_then(Result::ok).into_iter().collect())
}

/// The previews that a directory names. An error when one lies behind the end.
fn previews_of<'a>(directory: &Directory<'a>) -> Result<Vec<&'a [u8]>, DecodeError> {
    let is_jpeg = matches!(directory.number(COMPRESSION), Some(6 | 7));
    let is_one_strip = directory.numbers(STRIP_OFFSETS).count() == 1;
    let strip = (is_jpeg && is_one_strip && !has_sensor(directory))
        .then(|| directory.place(STRIP_OFFSETS, STRIP_LENGTHS))
        .flatten();
    let named = directory.place(JPEG_OFFSET, JPEG_LENGTH);
    if directory.has_lost(JPEG_VALUE) {
        return Err(DecodeError::Truncated);
    }
    let value = directory.get(JPEG_VALUE).map(|entry| Ok(entry.value));
    [strip, named, value].into_iter().flatten().collect()
}
