//! One value of EXIF data, taken for what it is used as: text may stand in bytes, a measure in any kind of number.

use std::borrow::Cow;
use std::cmp::Ordering;

const ASCII: u16 = 2;
const UTF8: u16 = 129;

/// The value of an entry.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    /// Its type, as TIFF numbers them.
    pub(super) code: u16,
    pub(super) bytes: &'a [u8],
    pub(super) is_big_endian: bool,
}

impl<'a> Value<'a> {
    /// Bytes that one of the values of a type has. `None` for types that nobody knows.
    pub(super) fn unit(code: u16) -> Option<usize> {
        match code {
            1 | ASCII | 6 | 7 | UTF8 => Some(1),
            3 | 8 => Some(2),
            4 | 9 | 11 | 13 => Some(4),
            5 | 10 | 12 | 16 | 17 | 18 => Some(8),
            _ => None,
        }
    }

    /// Text up to its first NUL: UTF-8, or else what Windows wrote in western Europe.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        if !matches!(self.code, 1 | ASCII | 7 | UTF8) {
            return None;
        }
        let text = self.bytes.split(|byte| *byte == 0).next()?;
        Some(
            std::str::from_utf8(text)
                .map_or_else(|_| encoding_rs::WINDOWS_1252.decode(text).0, Cow::Borrowed),
        )
    }

    /// The text of Windows' own tags: UTF-16, little-endian whatever the rest is.
    pub(super) fn wide_text(self) -> String {
        let (text, _) = encoding_rs::UTF_16LE.decode_without_bom_handling(self.bytes);
        text.split('\0').next().unwrap_or_default().to_owned()
    }

    /// Text behind the eight bytes that name its letters (EXIF 3.0, 4.6.5). Where they name none, only what is plain text counts.
    pub(super) fn marked_text(self) -> Option<String> {
        let (mark, text) = self.bytes.split_first_chunk::<8>()?;
        let up_to_nul = || text.split(|byte| *byte == 0).next().unwrap_or_default();
        match mark {
            b"ASCII\0\0\0" => Self { code: ASCII, bytes: text, ..self }.text().map(Cow::into_owned),
            b"UNICODE\0" => Some(self.in_utf16(text)),
            b"JIS\0\0\0\0\0" => Some(encoding_rs::ISO_2022_JP.decode(up_to_nul()).0.into_owned()),
            [0, 0, 0, 0, 0, 0, 0, 0] | b"        " => {
                std::str::from_utf8(up_to_nul()).ok().map(str::to_owned)
            }
            _ => None,
        }
    }

    /// In the order of the structure's numbers, unless a mark or most of the letters say otherwise.
    fn in_utf16(self, text: &[u8]) -> String {
        let wide = |big: bool| if big { encoding_rs::UTF_16BE } else { encoding_rs::UTF_16LE };
        let zeros = |at: usize| text.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
        let is_big = match zeros(0).cmp(&zeros(1)) {
            Ordering::Equal => self.is_big_endian,
            more => more == Ordering::Greater,
        };
        // A byte order mark counts first.
        let (text, ..) = wide(is_big).decode(text);
        text.split('\0').next().unwrap_or_default().to_owned()
    }

    /// The numbers of a list; `NaN` for a fraction that has no value. Numbers in text count too.
    pub(super) fn numbers(self) -> impl Iterator<Item = f64> {
        let written = if self.code == ASCII { self.text() } else { None };
        let in_text: Vec<f64> = written
            .iter()
            .flat_map(|text| text.split([' ', ',', ';']))
            .filter_map(|n| n.parse().ok())
            .collect();
        let unit = if self.code == ASCII { usize::MAX } else { Self::unit(self.code).unwrap_or(usize::MAX) };
        self.bytes.chunks_exact(unit).map(move |bytes| self.number(bytes)).chain(in_text)
    }

    /// Where directories lie that a link names.
    pub(super) fn offsets(self) -> impl Iterator<Item = usize> {
        self.numbers().filter(|at| *at >= 1.0 && *at < 1e15).map(|at| at as usize)
    }

    fn number(self, bytes: &[u8]) -> f64 {
        let whole = |bytes: &[u8]| {
            let digit = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
            if self.is_big_endian { bytes.iter().fold(0, digit) } else { bytes.iter().rev().fold(0, digit) }
        };
        let value = whole(bytes);
        let (above, below) = bytes.split_at(bytes.len() / 2);
        match self.code {
            5 => ratio(whole(above) as f64, whole(below) as f64),
            10 => ratio(f64::from(whole(above) as u32 as i32), f64::from(whole(below) as u32 as i32)),
            6 => f64::from(value as u8 as i8),
            8 => f64::from(value as u16 as i16),
            9 => f64::from(value as u32 as i32),
            11 => f64::from(f32::from_bits(value as u32)),
            12 => f64::from_bits(value),
            17 => value as i64 as f64,
            _ => value as f64,
        }
    }
}

fn ratio(above: f64, below: f64) -> f64 {
    if below == 0.0 { f64::NAN } else { above / below }
}
