//! RAW files that are TIFF files: a walk through their directories for JPEG previews.
//!
//! Tags: TIFF 6.0, TIFF/EP, DNG 1.7; those of makers from <https://exiftool.org/TagNames/>.

use super::found::Previews;
use super::maker::Maker;
use crate::error::DecodeError;
use crate::pixels::Orientation;

/// More directories than any camera writes; a file with more is made to harm.
const MAX_DIRECTORIES: usize = 64;
const MAX_ENTRIES: usize = 4096;

const COMPRESSION: u16 = 0x0103;
const PHOTOMETRIC: u16 = 0x0106;
const MAKE: u16 = 0x010F;
const STRIP_OFFSETS: u16 = 0x0111;
const ORIENTATION: u16 = 0x0112;
const STRIP_LENGTHS: u16 = 0x0117;
const SUB_DIRECTORIES: u16 = 0x014A;
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
const SENSOR: [u32; 2] = [32803, 34892];

/// Says whose RAW file a TIFF file is; `None` for plain TIFF, or when its directories lie behind the end of `bytes`.
pub(in crate::image) fn maker_of_tiff(bytes: &[u8]) -> Option<Maker> {
    let directories = Tiff::new(bytes).ok()?.directories().ok()?;
    if directories.iter().any(|directory| directory.get(DNG_VERSION).is_some()) {
        return Some(Maker::Dng);
    }
    let sees_sensor = |directory: &Directory<'_>| {
        directory.number(PHOTOMETRIC).is_some_and(|value| SENSOR.contains(&value))
    };
    if !directories.iter().any(sees_sensor) {
        return None;
    }
    let make =
        directories.first()?.get(MAKE).map(|entry| entry.value.to_ascii_uppercase()).unwrap_or_default();
    Some(match make {
        make if make.starts_with(b"NIKON") => Maker::Nef,
        make if make.starts_with(b"SONY") => Maker::Arw,
        _ => Maker::Other,
    })
}

/// Makes sure that all directories lie in `bytes`.
pub(in crate::image) fn check_directories(bytes: &[u8]) -> Result<(), DecodeError> {
    Tiff::new(bytes)?.directories().map(|_| ())
}

/// The orientation that the first directory says.
pub(super) fn orientation(bytes: &[u8]) -> Option<Orientation> {
    let tiff = Tiff::new(bytes).ok()?;
    let (first, _) = tiff.directory(tiff.first().ok()?).ok()?;
    first.number(ORIENTATION).map(Orientation::from_exif)
}

pub(super) fn find(bytes: &[u8]) -> Result<Previews<'_>, DecodeError> {
    let tiff = Tiff::new(bytes)?;
    let mut previews = Vec::new();
    for directory in tiff.directories()? {
        previews.extend(directory.previews()?);
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
        return inner.directory(preview as usize)?.0.previews();
    }
    // Places count from the note's start in newer files, and from the file's start in older ones.
    let (base, start) = match value {
        _ if value.starts_with(b"OLYMPUS\0") => (value, 12),
        _ if value.starts_with(b"OM SYSTEM\0") => (value, 16),
        _ if value.starts_with(b"OLYMP\0") => (tiff.bytes, note.at + 8),
        _ => return Ok(Vec::new()),
    };
    let inner = Tiff { bytes: base, is_big: tiff.is_big };
    let (note, _) = inner.directory(start)?;
    let Some(settings) = note.get(OLYMPUS_SETTINGS) else { return Ok(Vec::new()) };
    // A directory either as the value or pointed to by it.
    let place = if settings.value.len() > 4 { settings.at } else { settings.number(inner.is_big) as usize };
    let (settings, _) = inner.directory(place)?;
    Ok(settings.place(OLYMPUS_OFFSET, OLYMPUS_LENGTH).and_then(Result::ok).into_iter().collect())
}

/// The bytes of a TIFF structure.
struct Tiff<'a> {
    bytes: &'a [u8],
    is_big: bool,
}

/// One entry of a directory.
struct TiffEntry<'a> {
    tag: u16,
    kind: u16,
    value: &'a [u8],
    /// Where the value lies.
    at: usize,
}

impl TiffEntry<'_> {
    fn number(&self, is_big: bool) -> u32 {
        self.numbers(is_big).next().unwrap_or_default()
    }

    /// The values as whole numbers; none for other kinds.
    fn numbers(&self, is_big: bool) -> impl Iterator<Item = u32> {
        let width = match self.kind {
            1 => 1,
            3 => 2,
            4 | 13 => 4,
            _ => usize::MAX,
        };
        self.value.chunks_exact(width).map(move |bytes| {
            let digit = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
            if is_big { bytes.iter().fold(0, digit) } else { bytes.iter().rev().fold(0, digit) }
        })
    }
}

struct Directory<'a> {
    bytes: &'a [u8],
    is_big: bool,
    entries: Vec<TiffEntry<'a>>,
}

impl<'a> Directory<'a> {
    fn get(&self, tag: u16) -> Option<&TiffEntry<'a>> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    fn number(&self, tag: u16) -> Option<u32> {
        self.get(tag)?.numbers(self.is_big).next()
    }

    /// The bytes that two tags name by offset and length.
    fn place(&self, offset: u16, length: u16) -> Option<Result<&'a [u8], DecodeError>> {
        let (start, length) = (self.number(offset)? as usize, self.number(length)? as usize);
        (length > 0)
            .then(|| self.bytes.get(start..start.saturating_add(length)).ok_or(DecodeError::Truncated))
    }

    /// The previews that this directory names. An error when one lies behind the end.
    fn previews(&self) -> Result<Vec<&'a [u8]>, DecodeError> {
        let is_sensor = self.number(PHOTOMETRIC).is_some_and(|value| SENSOR.contains(&value));
        let is_jpeg = matches!(self.number(COMPRESSION), Some(6 | 7));
        let is_one_strip =
            self.get(STRIP_OFFSETS).is_some_and(|entry| entry.numbers(self.is_big).count() == 1);
        let strip = (is_jpeg && is_one_strip && !is_sensor)
            .then(|| self.place(STRIP_OFFSETS, STRIP_LENGTHS))
            .flatten();
        let named = self.place(JPEG_OFFSET, JPEG_LENGTH);
        let value = self.get(JPEG_VALUE).map(|entry| Ok(entry.value));
        [strip, named, value].into_iter().flatten().collect()
    }
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        match bytes {
            [b'I', b'I', ..] => Ok(Self { bytes, is_big: false }),
            [b'M', b'M', ..] => Ok(Self { bytes, is_big: true }),
            _ => Err(DecodeError::Corrupt("its directories cannot be read".into())),
        }
    }

    fn u16(&self, at: usize) -> Result<u16, DecodeError> {
        let bytes = self.bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(DecodeError::Truncated)?;
        Ok(if self.is_big { u16::from_be_bytes(*bytes) } else { u16::from_le_bytes(*bytes) })
    }

    fn u32(&self, at: usize) -> Result<u32, DecodeError> {
        let bytes = self.bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(DecodeError::Truncated)?;
        Ok(if self.is_big { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) })
    }

    /// Where the first directory lies.
    fn first(&self) -> Result<usize, DecodeError> {
        Ok(self.u32(4)? as usize)
    }

    /// The directory at an offset, and the offset of the next one.
    fn directory(&self, at: usize) -> Result<(Directory<'a>, usize), DecodeError> {
        let count = usize::from(self.u16(at)?);
        if count > MAX_ENTRIES {
            return Err(DecodeError::Corrupt("a directory in it is too long".into()));
        }
        let mut entries = Vec::with_capacity(count);
        for number in 0..count {
            entries.extend(self.entry(at + 2 + number * 12)?);
        }
        let next = self.u32(at + 2 + count * 12).unwrap_or(0) as usize;
        Ok((Directory { bytes: self.bytes, is_big: self.is_big, entries }, next))
    }

    /// `None` for an entry whose value lies behind the end: it costs that entry only.
    fn entry(&self, at: usize) -> Result<Option<TiffEntry<'a>>, DecodeError> {
        let (tag, kind, count) = (self.u16(at)?, self.u16(at + 2)?, self.u32(at + 4)? as usize);
        let unit = match kind {
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        };
        let length = count.saturating_mul(unit);
        let start = if length > 4 { self.u32(at + 8)? as usize } else { at + 8 };
        let value = self.bytes.get(start..start.saturating_add(length));
        if value.is_none() && tag == JPEG_VALUE {
            return Err(DecodeError::Truncated);
        }
        Ok(value.map(|value| TiffEntry { tag, kind, value, at: start }))
    }

    /// All directories of the file: the chain, and those below them.
    fn directories(&self) -> Result<Vec<Directory<'a>>, DecodeError> {
        let mut found = Vec::new();
        let mut seen = Vec::new();
        let mut left = vec![self.first()?];
        while let Some(at) = left.pop() {
            if at == 0 || seen.contains(&at) {
                continue;
            }
            if seen.len() == MAX_DIRECTORIES {
                break;
            }
            seen.push(at);
            let (directory, next) = self.directory(at)?;
            left.push(next);
            if let Some(below) = directory.get(SUB_DIRECTORIES) {
                left.extend(below.numbers(self.is_big).take(MAX_DIRECTORIES).map(|at| at as usize));
            }
            found.push(directory);
        }
        Ok(found)
    }
}
