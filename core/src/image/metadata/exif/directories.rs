//! The directories of EXIF data: a walk through a TIFF structure that takes what can be read and leaves the rest.
//!
//! Tags and types: EXIF 3.0, TIFF 6.0, BigTIFF. What one file can cost is bounded: entries refer to the bytes and copy
//! none, and there are at most [`MAX_DIRECTORIES`] and [`MAX_ENTRIES`].

use super::value::Value;

/// More than any camera writes; a file with more is made to harm.
const MAX_DIRECTORIES: usize = 64;
/// Entries of all directories together.
const MAX_ENTRIES: usize = 8192;

const SUB_DIRECTORIES: u16 = 0x014A;
const EXIF: u16 = 0x8769;
const GPS: u16 = 0x8825;
const INTEROPERABILITY: u16 = 0xA005;

/// What a directory is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::image) enum DirectoryKind {
    /// The picture.
    Main,
    /// How it was taken.
    Exif,
    /// Where it was taken. Its tags mean other things elsewhere.
    Gps,
    /// By which rules it was written. The same.
    Interoperability,
    /// Another form of the picture below the first directory.
    Sub,
    /// The directories after the first: the camera's small picture, or further pages.
    Next,
}

pub(super) struct ExifEntry<'a> {
    pub(super) kind: DirectoryKind,
    pub(super) tag: u16,
    pub(super) value: Value<'a>,
}

/// A TIFF structure.
#[derive(Clone, Copy)]
struct TiffStructure<'a> {
    bytes: &'a [u8],
    is_big_endian: bool,
    /// BigTIFF: counts and offsets have eight bytes.
    is_wide: bool,
}

/// All entries of a TIFF structure whose first directory is of this kind.
pub(super) fn entries(bytes: &[u8], first: DirectoryKind) -> Vec<ExifEntry<'_>> {
    let mut entries = Vec::new();
    let Some((tiff, start)) = TiffStructure::of(bytes) else { return entries };
    let mut seen = Vec::new();
    // The last is looked at first, so what belongs to the picture comes before further pages.
    let mut left = vec![(start, first)];
    while let Some((at, kind)) = left.pop() {
        if at == 0 || seen.contains(&at) || seen.len() == MAX_DIRECTORIES {
            continue;
        }
        seen.push(at);
        let begin = entries.len();
        let next = tiff.directory(at, kind, &mut entries);
        if matches!(kind, DirectoryKind::Main | DirectoryKind::Next) {
            left.extend(next.map(|next| (next, DirectoryKind::Next)));
        }
        for entry in entries[begin..].iter().rev() {
            left.extend(below(entry));
        }
    }
    entries
}

/// The directories that an entry links to. They are found wherever the link stands.
fn below<'a>(entry: &'a ExifEntry<'_>) -> impl Iterator<Item = (usize, DirectoryKind)> + use<'a> {
    let kind = match entry.tag {
        EXIF => Some(DirectoryKind::Exif),
        GPS => Some(DirectoryKind::Gps),
        INTEROPERABILITY => Some(DirectoryKind::Interoperability),
        SUB_DIRECTORIES if entry.kind == DirectoryKind::Main => Some(DirectoryKind::Sub),
        _ => None,
    };
    let kind = kind.map(|kind| if entry.kind == DirectoryKind::Next { DirectoryKind::Next } else { kind });
    kind.into_iter().flat_map(|kind| entry.value.offsets().take(MAX_DIRECTORIES).map(move |at| (at, kind)))
}

impl<'a> TiffStructure<'a> {
    /// The structure and where its first directory lies.
    fn of(bytes: &'a [u8]) -> Option<(Self, usize)> {
        let is_big_endian = match bytes.get(..2)? {
            b"II" => false,
            b"MM" => true,
            _ => return None,
        };
        let narrow = Self { bytes, is_big_endian, is_wide: false };
        let tiff = Self { is_wide: narrow.number(2, 2)? == 43, ..narrow };
        let start = if tiff.is_wide { tiff.number(8, 8)? } else { tiff.number(4, 4)? };
        Some((tiff, usize::try_from(start).ok()?))
    }

    fn number(&self, at: usize, width: usize) -> Option<u64> {
        let bytes = self.bytes.get(at..at.checked_add(width)?)?;
        let digit = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(if self.is_big_endian { bytes.iter().fold(0, digit) } else { bytes.iter().rev().fold(0, digit) })
    }

    /// Reads the directory at `start` as far as it goes. Returns where the next one lies.
    fn directory(
        &self,
        start: usize,
        kind: DirectoryKind,
        entries: &mut Vec<ExifEntry<'a>>,
    ) -> Option<usize> {
        let (head, size, link) = if self.is_wide { (8, 20, 8) } else { (2, 12, 4) };
        let count = usize::try_from(self.number(start, head)?).ok()?;
        let first = start.checked_add(head)?;
        for number in 0..count {
            let at = first.checked_add(number.checked_mul(size)?)?;
            if at.checked_add(size)? > self.bytes.len() || entries.len() == MAX_ENTRIES {
                return None;
            }
            entries.extend(self.entry(at, kind));
        }
        self.number(first.checked_add(count.checked_mul(size)?)?, link)
            .and_then(|next| usize::try_from(next).ok())
    }

    fn entry(&self, at: usize, kind: DirectoryKind) -> Option<ExifEntry<'a>> {
        let width = if self.is_wide { 8 } else { 4 };
        let tag = u16::try_from(self.number(at, 2)?).ok()?;
        let code = u16::try_from(self.number(at + 2, 2)?).ok()?;
        let count = usize::try_from(self.number(at + 4, width)?).ok()?;
        let length = count.checked_mul(Value::unit(code)?)?;
        let inside = at + 4 + width;
        let start = if length > width { usize::try_from(self.number(inside, width)?).ok()? } else { inside };
        let bytes = self.bytes.get(start..start.checked_add(length)?)?;
        Some(ExifEntry { kind, tag, value: Value { code, bytes, is_big_endian: self.is_big_endian } })
    }
}
