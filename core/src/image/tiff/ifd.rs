//! The structure of TIFF files, classic and big: a walk through their directories. RAW files share it.
//!
//! TIFF 6.0, section 2; BigTIFF as libtiff defines it (<https://libtiff.gitlab.io/libtiff/specification/bigtiff.html>).

use crate::error::DecodeError;

/// More directories than any camera writes; a file with more is made to harm.
const MAX_DIRECTORIES: usize = 64;
const MAX_ENTRIES: u64 = 4096;

const SUB_DIRECTORIES: u16 = 0x014A;

/// The bytes of a TIFF structure.
#[derive(Clone, Copy)]
pub(in crate::image) struct Tiff<'a> {
    pub(in crate::image) bytes: &'a [u8],
    /// Most significant byte first.
    pub(in crate::image) is_big_endian: bool,
    /// Offsets and counts have 64 bits.
    is_wide: bool,
}

/// One entry of a directory.
pub(in crate::image) struct TiffEntry<'a> {
    pub(in crate::image) tag: u16,
    kind: u16,
    pub(in crate::image) value: &'a [u8],
    /// Where the value lies.
    pub(in crate::image) at: usize,
}

impl TiffEntry<'_> {
    /// The first value as a whole number; 0 for other kinds.
    pub(in crate::image) fn number(&self, is_big_endian: bool) -> u64 {
        self.numbers(is_big_endian).next().unwrap_or_default()
    }

    /// The values as whole numbers; none for other kinds.
    pub(in crate::image) fn numbers(&self, is_big_endian: bool) -> impl Iterator<Item = u64> {
        let width = match self.kind {
            1 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => usize::MAX,
        };
        self.value.chunks_exact(width).map(move |bytes| {
            let digit = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
            if is_big_endian { bytes.iter().fold(0, digit) } else { bytes.iter().rev().fold(0, digit) }
        })
    }
}

/// A directory: one picture of the file, or a table that another directory points to.
pub(in crate::image) struct Directory<'a> {
    /// Where it lies.
    pub(in crate::image) at: usize,
    bytes: &'a [u8],
    pub(in crate::image) is_big_endian: bool,
    entries: Vec<TiffEntry<'a>>,
    /// Tags whose values lie behind the end.
    lost: Vec<u16>,
}

impl<'a> Directory<'a> {
    pub(in crate::image) fn get(&self, tag: u16) -> Option<&TiffEntry<'a>> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    pub(in crate::image) fn number(&self, tag: u16) -> Option<u64> {
        self.numbers(tag).next()
    }

    pub(in crate::image) fn numbers(&self, tag: u16) -> impl Iterator<Item = u64> {
        self.get(tag).into_iter().flat_map(|entry| entry.numbers(self.is_big_endian))
    }

    /// Whether a tag is there whose value lies behind the end: it costs that entry only.
    pub(in crate::image) fn has_lost(&self, tag: u16) -> bool {
        self.lost.contains(&tag)
    }

    /// The same of any tag.
    pub(in crate::image) fn has_lost_any(&self) -> bool {
        !self.lost.is_empty()
    }

    /// The bytes that two tags name by offset and length.
    pub(in crate::image) fn place(&self, offset: u16, length: u16) -> Option<Result<&'a [u8], DecodeError>> {
        let (start, length) = (index(self.number(offset)?), index(self.number(length)?));
        (length > 0)
            .then(|| self.bytes.get(start..start.saturating_add(length)).ok_or(DecodeError::Truncated))
    }
}

impl<'a> Tiff<'a> {
    pub(in crate::image) fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let is_big_endian = match bytes {
            [b'I', b'I', ..] => false,
            [b'M', b'M', ..] => true,
            _ => return Err(DecodeError::Corrupt("its directories cannot be read".into())),
        };
        Ok(Self { bytes, is_big_endian, is_wide: is_wide(bytes) })
    }

    /// The same structure whose places count from the start of other bytes.
    pub(in crate::image) fn based_on(self, bytes: &'a [u8]) -> Self {
        Self { bytes, ..self }
    }

    /// Where the first directory lies.
    pub(in crate::image) fn first(&self) -> Result<usize, DecodeError> {
        self.offset(if self.is_wide { 8 } else { 4 })
    }

    /// The directory at an offset, and the offset of the next one.
    pub(in crate::image) fn directory(&self, at: usize) -> Result<(Directory<'a>, usize), DecodeError> {
        let (head, size) = if self.is_wide { (8, 20) } else { (2, 12) };
        let count = self.unsigned(at, head)?;
        if count > MAX_ENTRIES {
            return Err(DecodeError::Corrupt("a directory in it is too long".into()));
        }
        let place = |number: usize| at.saturating_add(head + number * size);
        let (mut entries, mut lost) = (Vec::with_capacity(index(count)), Vec::new());
        for number in 0..index(count) {
            match self.entry(place(number))? {
                Ok(entry) => entries.push(entry),
                Err(tag) => lost.push(tag),
            }
        }
        let next = self.offset(place(index(count))).unwrap_or(0);
        Ok((Directory { at, bytes: self.bytes, is_big_endian: self.is_big_endian, entries, lost }, next))
    }

    /// All directories of the file: each of the chain, followed by those below it.
    pub(in crate::image) fn directories(&self) -> Result<Vec<Directory<'a>>, DecodeError> {
        let mut found: Vec<Directory<'a>> = Vec::new();
        let mut left = vec![self.first()?];
        while let Some(at) = left.pop() {
            if at == 0 || found.iter().any(|known| known.at == at) {
                continue;
            }
            if found.len() == MAX_DIRECTORIES {
                break;
            }
            let (directory, next) = self.directory(at)?;
            left.push(next);
            let below: Vec<usize> =
                directory.numbers(SUB_DIRECTORIES).take(MAX_DIRECTORIES).map(index).collect();
            left.extend(below.into_iter().rev());
            found.push(directory);
        }
        Ok(found)
    }

    /// An entry, or the tag of one whose value lies behind the end.
    fn entry(&self, at: usize) -> Result<Result<TiffEntry<'a>, u16>, DecodeError> {
        let room = if self.is_wide { 8 } else { 4 };
        let number = |place: usize, width| self.unsigned(at.saturating_add(place), width);
        let (tag, kind) = (number(0, 2)? as u16, number(2, 2)? as u16);
        let unit = match kind {
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16..=18 => 8,
            _ => 1,
        };
        let length = index(number(4, room)?).saturating_mul(unit);
        let inside = at.saturating_add(4 + room);
        let start = if length > room { self.offset(inside)? } else { inside };
        let value = self.bytes.get(start..start.saturating_add(length));
        Ok(value.map(|value| TiffEntry { tag, kind, value, at: start }).ok_or(tag))
    }

    fn offset(&self, at: usize) -> Result<usize, DecodeError> {
        self.unsigned(at, if self.is_wide { 8 } else { 4 }).map(index)
    }

    fn unsigned(&self, at: usize, width: usize) -> Result<u64, DecodeError> {
        let bytes = self.bytes.get(at..at.saturating_add(width)).ok_or(DecodeError::Truncated)?;
        let digit = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Ok(if self.is_big_endian { bytes.iter().fold(0, digit) } else { bytes.iter().rev().fold(0, digit) })
    }
}

/// Whether bytes start as a TIFF file does, and with offsets of 64 bits.
pub(in crate::image) fn is_wide(bytes: &[u8]) -> bool {
    bytes.starts_with(b"II\x2B\0\x08\0\0\0") || bytes.starts_with(b"MM\0\x2B\0\x08\0\0")
}

/// A place in memory; one that no file reaches for numbers that are too large.
fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
