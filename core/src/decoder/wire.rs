//! What goes through the pipes: a head in JSON and a body of raw bytes, each with its length before it.
//!
//! ```text
//! u32 length of head | u64 length of body | head | body        (lengths little-endian)
//! ```

use std::io::{Error, ErrorKind, Read, Result, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{DecodeOrder, DecodeOutput, EncodedImage, FileDescription, Limits};
use crate::error::DecodeError;
use crate::pixels::Rgb;
use crate::types::Confinement;

/// Most bytes of a head: it holds a name, some numbers, and what a file says of its photo.
const MAX_HEAD: u32 = 4 << 20;
/// Most bytes of a body: a file, or a picture that was encoded whole.
const MAX_BODY: u64 = 1 << 30;

/// The first thing that a worker says: it runs and speaks this protocol.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// [`Greeting::THIS`].
    pub fotonovela_decoder: String,
    /// What holds it back from now on.
    #[serde(default)]
    pub confinement: Confinement,
}

impl Greeting {
    /// Both sides are of one version.
    pub const THIS: &str = env!("CARGO_PKG_VERSION");
}

/// The head of a request; the body is the file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The file's name.
    pub name: String,
    /// What is to be made of it.
    pub order: DecodeOrder,
    /// What it may cost.
    pub limits: Limits,
}

/// The head of an answer; the body is the encoded picture, then the square's pixels, then those of the whole picture.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Made {
    encoded: Option<EncodedHead>,
    square: Option<u32>,
    /// Width and height.
    pixels: Option<(u32, u32)>,
    facts: Option<Box<FileDescription>>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct EncodedHead {
    length: u64,
    width: u32,
    height: u32,
    average: [u8; 3],
}

/// What a worker sends back.
pub type Reply = std::result::Result<DecodeOutput, DecodeError>;

/// Writes a frame.
///
/// # Errors
/// When the other side is gone.
pub fn write(to: &mut impl Write, head: &impl Serialize, body: &[&[u8]]) -> Result<()> {
    let head = serde_json::to_vec(head).expect("heads are plain data");
    let body_length: usize = body.iter().map(|part| part.len()).sum();
    let mut start = Vec::with_capacity(12 + head.len());
    start.extend(u32::try_from(head.len()).expect("heads are small").to_le_bytes());
    start.extend((body_length as u64).to_le_bytes());
    start.extend(head);
    to.write_all(&start)?;
    for part in body {
        to.write_all(part)?;
    }
    to.flush()
}

/// Reads a frame. `body` is filled anew; its memory is used again. Returns the head, and the length of the body at
/// the start of `body`.
///
/// # Errors
/// When the other side is gone, or sends anything but a frame.
pub fn read<H: DeserializeOwned>(from: &mut impl Read, body: &mut Vec<u8>) -> Result<(H, usize)> {
    let (mut head_length, mut body_length) = ([0; 4], [0; 8]);
    from.read_exact(&mut head_length)?;
    from.read_exact(&mut body_length)?;
    let (head_length, body_length) = (u32::from_le_bytes(head_length), u64::from_le_bytes(body_length));
    if head_length > MAX_HEAD || body_length > MAX_BODY {
        return Err(invalid("a frame is too long"));
    }
    let mut head = vec![0; head_length as usize];
    from.read_exact(&mut head)?;
    let head = serde_json::from_slice(&head).map_err(|error| invalid(&error.to_string()))?;
    Ok((head, read_body(from, body, body_length)?))
}

/// A length that was only claimed takes no memory: the buffer grows with what comes.
fn read_body(from: &mut impl Read, body: &mut Vec<u8>, length: u64) -> Result<usize> {
    const STEP: usize = 8 << 20;
    let length = usize::try_from(length).map_err(|_| invalid("a frame is too long"))?;
    let mut filled = 0;
    while filled < length {
        let end = length.min(filled + STEP);
        if body.len() < end {
            body.resize(end, 0);
        }
        from.read_exact(&mut body[filled..end])?;
        filled = end;
    }
    Ok(length)
}

/// Writes the answer to a request.
///
/// # Errors
/// When the other side is gone.
pub fn write_reply(to: &mut impl Write, reply: &Reply) -> Result<()> {
    let answer = match reply {
        Ok(answer) => answer,
        Err(refused) => return write(to, &Err::<Made, _>(refused), &[]),
    };
    let encoded = answer.encoded.as_ref().map(|encoded| EncodedHead {
        length: encoded.bytes.len() as u64,
        width: encoded.width,
        height: encoded.height,
        average: encoded.average,
    });
    let square = answer.square.as_ref().map(|square| square.width);
    let pixels = answer.pixels.as_ref().map(|pixels| (pixels.width, pixels.height));
    let made = Made { encoded, square, pixels, facts: answer.facts.clone() };
    let bytes = answer.encoded.as_ref().map_or(&[][..], |encoded| &encoded.bytes);
    let square = answer.square.as_ref().map_or(&[][..], |square| &square.data);
    let pixels = answer.pixels.as_ref().map_or(&[][..], |pixels| &pixels.data);
    write(to, &Ok::<_, DecodeError>(made), &[bytes, square, pixels])
}

/// Reads the answer to a request. What it claims is checked: the worker had foreign bytes in its hands.
///
/// # Errors
/// When the other side is gone, or sends anything but a result.
pub fn read_reply(from: &mut impl Read) -> Result<Reply> {
    let mut body = Vec::new();
    let (head, length) = read::<std::result::Result<Made, DecodeError>>(from, &mut body)?;
    let made = match head {
        Ok(made) => made,
        Err(refused) => return Ok(Err(refused)),
    };
    body.truncate(length);
    let encoded_length = made.encoded.as_ref().map_or(0, |encoded| encoded.length);
    let square_length = bytes_of(made.square.map(|side| (side, side)));
    let pixels_length = bytes_of(made.pixels);
    let total = square_length.checked_add(pixels_length).and_then(|all| all.checked_add(encoded_length));
    if total != Some(length as u64) {
        return Err(invalid("an answer has another length than it says"));
    }
    let mut square = body.split_off(usize::try_from(encoded_length).expect("not longer than the body"));
    let pixels = square.split_off(usize::try_from(square_length).expect("not longer than the body"));
    let encoded = made.encoded.map(|EncodedHead { width, height, average, .. }| EncodedImage {
        bytes: body,
        width,
        height,
        average,
    });
    let square = made.square.map(|side| Rgb { width: side, height: side, data: square });
    let pixels = made.pixels.map(|(width, height)| Rgb { width, height, data: pixels });
    Ok(Ok(DecodeOutput { encoded, square, pixels, facts: made.facts }))
}

/// Bytes of the pixels of a picture of this size; more than any answer has where it is too large to count.
fn bytes_of(size: Option<(u32, u32)>) -> u64 {
    let (width, height) = size.unwrap_or_default();
    u64::from(width).saturating_mul(u64::from(height)).saturating_mul(3)
}

fn invalid(reason: &str) -> Error {
    Error::new(ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> DecodeOutput {
        let encoded = EncodedImage { bytes: vec![7; 100], width: 5, height: 4, average: [1, 2, 3] };
        DecodeOutput {
            encoded: Some(encoded),
            square: Some(Rgb { width: 2, height: 2, data: (0..12).collect() }),
            pixels: Some(Rgb { width: 3, height: 1, data: (20..29).collect() }),
            facts: Some(Box::new(FileDescription {
                format: "JPEG".into(),
                width: 5,
                ..FileDescription::default()
            })),
        }
    }

    fn sent(reply: &Reply) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_reply(&mut bytes, reply).unwrap();
        bytes
    }

    #[test]
    fn answers_and_refusals_come_back_as_they_were() {
        let no_picture = DecodeOutput::default();
        for reply in [Ok(answer()), Ok(no_picture), Err(DecodeError::TooLarge { width: 9, height: 8 })] {
            assert_eq!(read_reply(&mut sent(&reply).as_slice()).unwrap(), reply);
        }
    }

    #[test]
    fn a_frame_that_was_cut_or_claims_too_much_is_refused() {
        let whole = sent(&Ok(answer()));
        for length in 0..whole.len() {
            assert!(read_reply(&mut &whole[..length]).is_err(), "{length} of {} bytes", whole.len());
        }
        let mut huge_head = whole.clone();
        huge_head[..4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(read_reply(&mut huge_head.as_slice()).is_err());
        let mut huge_body = whole;
        huge_body[4..12].copy_from_slice(&(MAX_BODY - 1).to_le_bytes());
        assert!(read_reply(&mut huge_body.as_slice()).is_err());
    }

    #[test]
    fn an_answer_whose_parts_do_not_add_up_is_refused() {
        let made = Made { encoded: None, square: Some(u32::MAX), pixels: Some((7, u32::MAX)), facts: None };
        let mut bytes = Vec::new();
        write(&mut bytes, &Ok::<_, DecodeError>(made), &[&[1, 2, 3]]).unwrap();
        let error = read_reply(&mut bytes.as_slice()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
    }

    #[test]
    fn the_buffer_of_a_body_is_used_again_and_never_shows_the_last_one() {
        let mut bytes = Vec::new();
        write(&mut bytes, &1, &[b"a long body"]).unwrap();
        write(&mut bytes, &2, &[b"short"]).unwrap();
        let (mut from, mut body) = (bytes.as_slice(), Vec::new());
        assert_eq!(read::<u8>(&mut from, &mut body).unwrap(), (1, 11));
        let (head, length) = read::<u8>(&mut from, &mut body).unwrap();
        assert_eq!((head, &body[..length]), (2, &b"short"[..]));
    }
}
