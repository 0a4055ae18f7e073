//! What the body of an answer is, by its first bytes: content types of services are often wrong.

use bytes::Bytes;

use super::picture::media_type;

/// What a body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AnswerForm {
    /// Events (`text/event-stream`).
    Events,
    /// One JSON value.
    Json,
    /// A picture itself.
    Picture,
    /// A web page.
    Page,
}

/// As many bytes tell any of them.
const ENOUGH: usize = 16;

impl AnswerForm {
    /// The form of a body that begins so; `None` while more is needed to tell.
    pub(super) fn of(begun: &[u8]) -> Option<Self> {
        let text = begun.strip_prefix(b"\xef\xbb\xbf").unwrap_or(begun).trim_ascii_start();
        if media_type(begun).is_some() {
            return Some(Self::Picture);
        }
        let is_event = ["event", "data", "id", "retry"].iter().any(|field| {
            let rest = text.strip_prefix(field.as_bytes());
            rest.is_some_and(|rest| rest.first().is_none_or(|&byte| matches!(byte, b':' | b'\n' | b'\r')))
        });
        match text.first()? {
            b'{' | b'[' => Some(Self::Json),
            b'<' => Some(Self::Page),
            b':' => Some(Self::Events),
            _ if is_event && text.len() >= 6 => Some(Self::Events),
            _ => (text.len() >= ENOUGH).then_some(Self::Json),
        }
    }
}

/// A piece of text without the bytes that are no UTF-8. A letter that the piece cuts waits in `cut` for the next one.
pub(super) fn only_utf8(cut: &mut Vec<u8>, piece: &[u8]) -> Bytes {
    cut.extend_from_slice(piece);
    let mut text = String::with_capacity(cut.len());
    let mut left = Vec::new();
    for part in cut.utf8_chunks() {
        text.push_str(part.valid());
        left = part.invalid().to_vec();
        let is_begun = std::str::from_utf8(&left).is_err_and(|error| error.error_len().is_none());
        if !left.is_empty() && !is_begun {
            text.push(char::REPLACEMENT_CHARACTER);
            left.clear();
        }
    }
    *cut = left;
    Bytes::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_told_by_the_first_bytes() {
        for (begun, form) in [
            (&b"\r\n {\"data\""[..], Some(AnswerForm::Json)),
            (b"[1]", Some(AnswerForm::Json)),
            (b"\xef\xbb\xbfdata: {}", Some(AnswerForm::Events)),
            (b"event: response.created\n", Some(AnswerForm::Events)),
            (b": keepalive", Some(AnswerForm::Events)),
            (b"retry: 1", Some(AnswerForm::Events)),
            (b"<!doctype html>", Some(AnswerForm::Page)),
            (b"\x89PNG\r\n\x1a\n....", Some(AnswerForm::Picture)),
            (b"data", None),
            (b"  ", None),
            (b"", None),
            (b"database is locked", Some(AnswerForm::Json)),
        ] {
            assert_eq!(AnswerForm::of(begun), form, "{}", String::from_utf8_lossy(begun));
        }
    }

    #[test]
    fn letters_that_are_cut_are_put_together_and_rubbish_is_replaced() {
        let text = "data: ñandú 🐶\n".as_bytes();
        for at in 0..text.len() {
            let mut cut = Vec::new();
            let pieces = [&text[..at], &text[at..]].map(|piece| only_utf8(&mut cut, piece));
            assert_eq!(pieces.concat(), text, "cut at {at}");
        }
        let mut cut = Vec::new();
        assert_eq!(&only_utf8(&mut cut, b"a\xff\xfeb\xe2\x82")[..], "a\u{fffd}\u{fffd}b".as_bytes());
        assert_eq!(&only_utf8(&mut cut, b"\xac")[..], "\u{20ac}".as_bytes());
    }
}
