//! JPEG 2000, by hayro-jpeg2000: the container and the bare codestream.

use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};
use memchr::memmem;

use super::color::{Channels, Colors, inks_to_rgb, over_white, premultiplied_over_white};
use super::decoded::{Decoded, Shape};
use super::metadata;
use crate::error::DecodeError;
use crate::pixels::Rgb;
use crate::types::MAX_PIXELS;

const CONTAINER: &[u8] = b"\0\0\0\x0cjP  ";

/// Reads size and turn.
pub(super) fn shape(bytes: &[u8]) -> Result<Shape, DecodeError> {
    let image = open(bytes, DecodeSettings::default())?;
    let (width, height) = (image.width(), image.height());
    Ok(Shape { width, height, orientation: metadata::orientation(bytes) })
}

/// Decodes so that the longer side has at least `side` pixels, or all it has, transparency laid on white.
pub(super) fn decode(bytes: &[u8], side: u32) -> Result<Decoded, DecodeError> {
    let Shape { width, height, orientation } = shape(bytes)?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(DecodeError::TooLarge { width, height });
    }
    // A codestream that is cut off decodes to a blurred or empty picture.
    if memmem::rfind(bytes, b"\xff\xd9").is_none() {
        return Err(DecodeError::Truncated);
    }
    let part = |length: u32| {
        let wanted = u64::from(length) * u64::from(side) / u64::from(width.max(height));
        u32::try_from(wanted).unwrap_or(u32::MAX).max(1)
    };
    let settings =
        DecodeSettings { target_resolution: Some((part(width), part(height))), ..DecodeSettings::default() };
    let image = open(bytes, settings)?;
    let mut context = DecoderContext::default();
    let samples = image.decode(&mut context).map_err(|error| corrupt(&error))?;
    let channels = samples.components().len();
    let samples = samples.data_u8();
    let (data, colors) = to_rgb(&image, &samples, channels, is_premultiplied(bytes));
    let pixels = Rgb { width: image.width(), height: image.height(), data };
    if pixels.data.len() != pixels.width as usize * pixels.height as usize * 3 {
        return Err(DecodeError::Corrupt("its colours do not fit its size".into()));
    }
    Ok(Decoded { pixels, orientation, colors })
}

fn open(bytes: &[u8], settings: DecodeSettings) -> Result<Image<'_>, DecodeError> {
    Image::new(bytes, &settings).map_err(|error| corrupt(&error))
}

fn corrupt(error: &hayro_jpeg2000::DecodeError) -> DecodeError {
    DecodeError::Corrupt(error.to_string())
}

fn to_rgb(image: &Image<'_>, samples: &[u8], channels: usize, is_premultiplied: bool) -> (Vec<u8>, Colors) {
    let icc = match image.color_space() {
        ColorSpace::Icc { profile, .. } => Some(profile.as_slice()),
        _ => None,
    };
    let inks = image.color_space().num_channels() == 4 && channels >= 4;
    if inks {
        let inks: Vec<u8> = samples.chunks_exact(channels).flat_map(|pixel| &pixel[..4]).copied().collect();
        return (inks_to_rgb(&inks, icc), Colors::SRGB);
    }
    let data = samples.chunks_exact(channels).flat_map(|pixel| {
        let color = if channels < 3 { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] };
        match pixel.last() {
            Some(&alpha) if image.has_alpha() && is_premultiplied => premultiplied_over_white(color, alpha),
            Some(&alpha) if image.has_alpha() => over_white(color, alpha),
            _ => color,
        }
    });
    let kind = Channels::from_count(channels);
    (data.collect(), icc.map_or(Colors::SRGB, |icc| Colors::from_icc(icc, kind)))
}

/// Whether the channel definitions (ISO/IEC 15444-1, I.5.3.6) name opacity that the colours are multiplied with, which
/// hayro-jpeg2000 takes for plain opacity.
fn is_premultiplied(bytes: &[u8]) -> bool {
    const PREMULTIPLIED_OPACITY: [u8; 2] = [0, 2];
    let definitions = || {
        let start = memmem::find(bytes, b"cdef")? + 4;
        let count = usize::from(u16::from_be_bytes(*bytes.get(start..)?.first_chunk()?));
        bytes.get(start + 2..start + 2 + count * 6)
    };
    bytes.starts_with(CONTAINER)
        && definitions().is_some_and(|all| all.chunks_exact(6).any(|one| one[2..4] == PREMULTIPLIED_OPACITY))
}
