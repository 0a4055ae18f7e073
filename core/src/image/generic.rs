//! The kinds that the `image` crate decodes: whole pictures, within limits of memory.

use std::borrow::Cow;
use std::io::Cursor;

use image::error::UnsupportedErrorKind;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use super::color::{Channels, Colors, over_white};
use super::decoded::Decoded;
use super::format::Format;
use super::{bmp, gif, metadata, png};
use crate::error::{DecodeError, Need};
use crate::pixels::Rgb;

/// Most bytes that decoding one picture may take.
const MAX_BYTES: u64 = 768 << 20;

/// Reads the size from the start of a file.
pub(super) fn size(format: Format, bytes: &[u8]) -> Result<(u32, u32), DecodeError> {
    reader(format, bytes)?.into_dimensions().map_err(|error| from_image(format, &error))
}

/// Decodes the first picture of a file, transparency laid on white.
pub(super) fn decode(format: Format, bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let whole = with_end(format, bytes);
    let mut reader = reader(format, &whole)?;
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MAX_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| from_image(format, &error))?;
    let (width, height) = decoder.dimensions();
    if decoder.total_bytes() > MAX_BYTES {
        return Err(DecodeError::TooLarge { width, height });
    }
    // A profile that cannot be read means none.
    let icc = decoder.icc_profile().ok().flatten();
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| from_image(format, &error))?;
    let channels = if picture.color().has_color() { Channels::Rgb } else { Channels::Grey };
    let colors = match icc {
        _ if format == Format::Png => png::colors(bytes, channels),
        _ if format == Format::Bmp => bmp::colors(bytes, channels),
        _ if format == Format::Gif => gif::colors(bytes, channels),
        Some(icc) => Colors::from_icc(&icc, channels),
        None => Colors::SRGB,
    };
    let picture = if format == Format::Bmp { without_empty_alpha(picture) } else { picture };
    Ok(Decoded { pixels: flatten(picture), orientation: metadata::orientation(bytes), colors })
}

/// Puts the end behind a QOI file that lacks it, as some writers leave it out. Where pixels are missing too it stands for 8 of
/// them at most.
fn with_end(format: Format, bytes: &[u8]) -> Cow<'_, [u8]> {
    const QOI_END: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 1];
    let is_whole = format != Format::Qoi || bytes.ends_with(QOI_END);
    if is_whole { bytes.into() } else { [bytes, QOI_END].concat().into() }
}

fn reader(format: Format, bytes: &[u8]) -> Result<ImageReader<Cursor<&[u8]>>, DecodeError> {
    if format == Format::Png && png::is_of_apple(bytes) {
        let needs = Need::Feature("Apple's own form of PNG (CgBI)".into());
        return Err(DecodeError::Lacking { kind: "PNG".into(), needs });
    }
    let format = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::WebP => ImageFormat::WebP,
        Format::Gif => ImageFormat::Gif,
        Format::Bmp => ImageFormat::Bmp,
        Format::Qoi => ImageFormat::Qoi,
        Format::Tiff | Format::Heic | Format::Avif | Format::JpegXl | Format::Jpeg2000 | Format::Raw(_) => {
            return Err(DecodeError::Unsupported(Some(format.name().into())));
        }
    };
    Ok(ImageReader::with_format(Cursor::new(bytes), format))
}

/// Many programs leave the fourth byte of a bitmap's pixels at 0 and mean an opaque picture, also where the header says
/// that it is opacity; Windows and browsers show them so.
fn without_empty_alpha(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageRgba8(pixels) if pixels.pixels().all(|pixel| pixel[3] == 0) => {
            DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).into_rgb8())
        }
        other => other,
    }
}

/// Lays transparent pictures on white, as photo apps do.
fn flatten(picture: DynamicImage) -> Rgb {
    let (width, height) = (picture.width(), picture.height());
    let data = if picture.color().has_alpha() {
        let rgba = picture.into_rgba8().into_raw();
        rgba.chunks_exact(4).flat_map(|p| over_white([p[0], p[1], p[2]], p[3])).collect()
    } else {
        picture.into_rgb8().into_raw()
    };
    Rgb { width, height, data }
}

/// How decoders say that the bytes end too early.
const CUT_OFF: [&str; 6] = [
    "UnexpectedEof",
    "unexpected end",
    "Unexpected End of File",
    "Premature",
    "failed to fill whole buffer",
    "Not enough bytes",
];

fn from_image(format: Format, error: &image::ImageError) -> DecodeError {
    match error {
        image::ImageError::Unsupported(what) => {
            let needs = match what.kind() {
                UnsupportedErrorKind::GenericFeature(feature) => Need::Feature(feature.clone()),
                UnsupportedErrorKind::Color(color) => Need::Colors(format!("{color:?}")),
                _ => Need::Feature(what.to_string()),
            };
            DecodeError::Lacking { kind: format.name().into(), needs }
        }
        image::ImageError::Limits(_) => DecodeError::Corrupt("it would take too much memory".into()),
        image::ImageError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
            DecodeError::Truncated
        }
        other => {
            // What the decoder itself says, without the crate's words around it.
            let text =
                std::error::Error::source(other).map_or_else(|| other.to_string(), ToString::to_string);
            let is_cut = CUT_OFF.iter().any(|sign| text.contains(sign));
            if is_cut { DecodeError::Truncated } else { DecodeError::Corrupt(text) }
        }
    }
}
