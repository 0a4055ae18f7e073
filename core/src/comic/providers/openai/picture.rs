//! Pictures in the text of answers: base64 in all forms that services write, also where the JSON around it is not whole.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::types::DrawCode;

/// Padding may lack, and the bits that no byte needs may be anything.
const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
/// Shorter texts are names and words.
const SHORTEST: usize = 64;

/// Bytes and media type of a picture.
pub(super) type DecodedPicture = (Vec<u8>, &'static str);

/// The picture of a text in base64: as it is, in lines, for addresses (RFC 4648 section 5), without padding, or as a
/// `data:` address.
pub(super) fn decode(text: &str) -> Result<DecodedPicture, DrawCode> {
    let damaged = |_| DrawCode::DrawPictureDamaged;
    let text = text.trim_start();
    let text = match text.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:")) {
        Some(_) => text.split_once(',').map_or(text, |(_, data)| data),
        None => text,
    };
    // Most are plain, and megabytes long.
    let bytes = match TOLERANT.decode(text) {
        Ok(bytes) => bytes,
        Err(_) => TOLERANT.decode(plain(text)).map_err(damaged)?,
    };
    let kind = media_type(&bytes).ok_or(DrawCode::DrawPictureKind)?;
    Ok((bytes, kind))
}

/// The same text in the plain alphabet, whole groups of it, without breaks.
fn plain(text: &str) -> Vec<u8> {
    let text = percent_encoding::percent_decode_str(text);
    let mut plain: Vec<u8> = text
        .filter(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'\\' | 0))
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => byte,
        })
        .collect();
    // One letter more holds no byte.
    if plain.len() % 4 == 1 {
        plain.pop();
    }
    plain
}

/// `image/png`, `image/jpeg` or `image/webp`, as the first bytes say.
pub(super) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// The largest picture that any quoted text holds: for answers of another shape, and for those that broke off after it.
pub(super) fn salvage(text: &str) -> Option<DecodedPicture> {
    let mut quoted: Vec<&str> = text.split('"').filter(|part| part.len() >= SHORTEST).collect();
    quoted.sort_by_key(|part| std::cmp::Reverse(part.len()));
    quoted.into_iter().find_map(|part| {
        // JSON writes breaks and slashes with a backslash, which base64 has not.
        let part = part.replace("\\n", "").replace("\\r", "");
        decode(&part).ok()
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn png() -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        // All letters of the alphabet come, also the two that addresses write otherwise.
        bytes.extend((0..=255).chain([0xfb, 0xff, 0xbf]));
        bytes
    }

    #[test]
    fn all_forms_of_base64_are_read() {
        let whole = STANDARD.encode(png());
        let lines = |end: &str| {
            let lines = whole.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap());
            lines.collect::<Vec<_>>().join(end)
        };
        let forms = [
            whole.clone(),
            whole.trim_end_matches('=').to_owned(),
            lines("\n"),
            lines("\r\n"),
            format!(" \n{whole}\n"),
            whole.replace('+', "-").replace('/', "_"),
            whole.trim_end_matches('=').replace('+', "-").replace('/', "_"),
            format!("data:image/png;base64,{whole}"),
            format!("DATA:image/png;charset=x;base64,{}", lines("\n")),
            whole.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"),
        ];
        for form in forms {
            assert_eq!(decode(&form), Ok((png(), "image/png")), "{form}");
        }
    }

    #[test]
    fn what_is_no_picture_is_told_from_what_is_damaged() {
        assert_eq!(decode(&STANDARD.encode("words, not a picture")), Err(DrawCode::DrawPictureKind));
        assert_eq!(decode("iVBORw0KGgo!!!"), Err(DrawCode::DrawPictureDamaged));
        assert_eq!(decode(""), Err(DrawCode::DrawPictureKind));
    }

    #[test]
    fn a_picture_is_found_in_any_shape_and_before_a_cut() {
        let text = STANDARD.encode(png());
        for answer in [
            format!(r#"{{"images":["{text}"]}}"#),
            format!(r#"{{"artifacts":[{{"base64":"{}","seed":1}}]}}"#, text.replace('/', "\\/")),
            format!(r#"{{"data":[{{"b64_json":"{text}","usa"#),
            format!(r#"{{"data":[{{"b64_json":"{text}"#),
        ] {
            assert_eq!(salvage(&answer), Some((png(), "image/png")), "{answer}");
        }
        assert_eq!(
            salvage(
                r#"{"error":{"message":"no picture of that kind can be drawn here, ever, by anyone at all"}}"#
            ),
            None
        );
    }
}
