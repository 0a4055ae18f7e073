//! From the bytes of a packet to its XML: in any encoding, without what stands around it, and tame.

use std::sync::LazyLock;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use regex_lite::Regex;
use roxmltree::{Document, ParsingOptions};

/// Elements, texts and so on. The other two keep the parser from quadratic time: it compares all attributes of an
/// element with one another, and copies the name spaces into each element that adds one.
const MAX_NODES: u32 = 100_000;
const MAX_ATTRIBUTES: usize = 1000;
const MAX_NAME_SPACES: usize = 1000;
/// As far as an encoding may be declared, and XML may begin.
const HEAD: usize = 256;

/// The element in which all stands, under any prefix.
static ROOT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<((?:[A-Za-z_][A-Za-z0-9_.-]*:)?(?:xmpmeta|xapmeta|RDF))[\s>]")
        .expect("the pattern is valid")
});
static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']"#).expect("the pattern is valid")
});

/// The text of a packet, by its byte order mark, the width of its letters, or the encoding that it declares.
pub(super) fn decoded(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(HEAD)];
    if let Some((encoding, mark)) = Encoding::for_bom(bytes)
        && !is_four_wide(head)
    {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    match first_letter(head) {
        Some(Width::Four { is_big_endian }) => four_wide(bytes, is_big_endian),
        Some(Width::Two { is_big_endian: true }) => whole(UTF_16BE, bytes),
        Some(Width::Two { is_big_endian: false }) => whole(UTF_16LE, bytes),
        None => whole(declared(head), bytes),
    }
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// UTF-8 where nothing else is declared that can be true.
fn declared(head: &[u8]) -> &'static Encoding {
    let head = String::from_utf8_lossy(head);
    let encoding = DECLARED.captures(&head).and_then(|found| Encoding::for_label(found[1].as_bytes()));
    encoding.filter(|encoding| encoding.is_ascii_compatible()).unwrap_or(UTF_8)
}

enum Width {
    Two { is_big_endian: bool },
    Four { is_big_endian: bool },
}

/// How wide letters are, by the zeros around the first `<`.
fn first_letter(head: &[u8]) -> Option<Width> {
    let at = head.iter().position(|byte| *byte == b'<')?;
    let zeros = head[at + 1..].iter().take_while(|byte| **byte == 0).count();
    match (zeros, at % 2 == 1) {
        (0, _) => None,
        (1, is_big_endian) => Some(Width::Two { is_big_endian }),
        (_, is_big_endian) => Some(Width::Four { is_big_endian }),
    }
}

fn is_four_wide(head: &[u8]) -> bool {
    matches!(first_letter(head), Some(Width::Four { .. }))
}

fn four_wide(bytes: &[u8], is_big_endian: bool) -> String {
    let number =
        |bytes: &[u8; 4]| if is_big_endian { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) };
    let letters = bytes.as_chunks::<4>().0.iter().map(number);
    letters.map(|letter| char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The element that holds the packet, without document type, padding and whatever else stands around it.
pub(super) fn root(text: &str) -> Option<&str> {
    let found = ROOT.captures(text)?;
    let start = found.get(0)?.start();
    let end = format!("</{}>", &found[1]);
    let length = text[start..].find(&end)?;
    Some(&text[start..start + length + end.len()])
}

/// The XML of a packet's element; `None` for what is broken or made to harm.
pub(super) fn parsed(text: &str) -> Option<Document<'_>> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    if !is_tame(text) {
        return None;
    }
    Document::parse_with_options(text, options).ok()
}

fn is_tame(text: &str) -> bool {
    text.matches("xmlns").count() <= MAX_NAME_SPACES
        && text.split('<').all(|tag| tag.bytes().filter(|byte| *byte == b'=').count() <= MAX_ATTRIBUTES)
}
