//! The chunks of a PNG that tell of its picture: its own, and those in which ImageMagick and others put whole packets
//! as text. (PNG, third edition; the raw profiles have no standard.)

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::found::{MAX_PACKET, Parts, tiff_start};
use crate::image::metadata::exif::DirectoryKind;

const SIGNATURE: usize = 8;
/// What all texts of one file may unpack to, together.
const MAX_UNPACKED: usize = 4 * MAX_PACKET;
const MAX_KEYWORD: usize = 79;
const XMP_KEYWORD: &str = "XML:com.adobe.xmp";
const RAW_PROFILE: &str = "Raw profile type ";

/// Looks at all chunks, also at those behind the pixels.
pub(super) fn find<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    let mut budget = MAX_UNPACKED;
    for (kind, content) in PngChunks(bytes.get(SIGNATURE..).unwrap_or_default()) {
        match kind {
            b"eXIf" | b"exIf" => keep_exif(content, parts),
            b"tEXt" | b"zTXt" | b"iTXt" => {
                let unpacked = text(kind, content, &mut budget);
                if let Some((keyword, text)) = unpacked {
                    keep(keyword, text, parts);
                }
            }
            b"tIME" => parts.changed = content.try_into().ok(),
            _ => {}
        }
    }
}

fn keep_exif<'a>(content: &'a [u8], parts: &mut Parts<'a>) {
    if let Some(start) = tiff_start(content) {
        parts.keep_exif(Cow::Borrowed(&content[start..]), DirectoryKind::Main);
    }
}

fn keep<'a>(keyword: String, text: Cow<'a, [u8]>, parts: &mut Parts<'a>) {
    if keyword == XMP_KEYWORD {
        parts.keep_xmp(text);
    } else if let Some(kind) = keyword.strip_prefix(RAW_PROFILE) {
        let Some(packet) = profile(&text) else { return };
        if kind == "xmp" { parts.keep_xmp(Cow::Owned(packet)) } else { parts.keep(Cow::Owned(packet)) }
    } else {
        parts.keep_text(keyword, String::from_utf8_lossy(&text).into_owned());
    }
}

/// Keyword and bytes of a text, unpacked where it is packed.
fn text<'a>(kind: &[u8], content: &'a [u8], budget: &mut usize) -> Option<(String, Cow<'a, [u8]>)> {
    let (keyword, rest) = until_nul(content)?;
    let keyword =
        std::str::from_utf8(keyword).ok().filter(|keyword| keyword.len() <= MAX_KEYWORD)?.to_owned();
    let (is_packed, text) = match kind {
        b"tEXt" => (false, rest),
        b"zTXt" => (true, rest.get(1..)?),
        // Whether it is packed, by which method; the language and the keyword in it.
        _ => {
            let (_language, after) = until_nul(rest.get(2..)?)?;
            (*rest.first()? == 1, until_nul(after)?.1)
        }
    };
    let text = if is_packed { Cow::Owned(unpack(text, budget)?) } else { Cow::Borrowed(text) };
    Some((keyword, text))
}

fn until_nul(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

/// `None` where more comes out than one packet may have or than is left for the file.
fn unpack(packed: &[u8], budget: &mut usize) -> Option<Vec<u8>> {
    let most = MAX_PACKET.min(*budget);
    let mut unpacked = Vec::new();
    let read = ZlibDecoder::new(packed).take(most as u64 + 1).read_to_end(&mut unpacked);
    *budget = budget.saturating_sub(unpacked.len());
    // What was unpacked before an error is kept: the end may be cut off.
    (unpacked.len() <= most && (read.is_ok() || !unpacked.is_empty())).then_some(unpacked)
}

/// A raw profile: a line with its name, one with its length, and its bytes in hexadecimal digits.
fn profile(text: &[u8]) -> Option<Vec<u8>> {
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let is_length = |word: &&[u8]| word.iter().all(u8::is_ascii_digit);
    let length: usize = words
        .by_ref()
        .skip(1)
        .find(is_length)
        .and_then(|word| std::str::from_utf8(word).ok()?.parse().ok())?;
    let digits = words.flatten().map_while(|digit| char::from(*digit).to_digit(16));
    let mut bytes = Vec::with_capacity(length.min(text.len() / 2));
    let mut high = None;
    for digit in digits {
        high = match high {
            None => Some(digit),
            Some(before) => {
                bytes.push(u8::try_from(before << 4 | digit).ok()?);
                None
            }
        };
    }
    bytes.truncate(length);
    Some(bytes)
}

/// The chunks of a file: kind and content. Their check sums are not looked at.
struct PngChunks<'a>(&'a [u8]);

impl<'a> Iterator for PngChunks<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_at_checked(4)?;
        let (content, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        self.0 = rest.get(4..).unwrap_or_default();
        Some((kind, content))
    }
}
