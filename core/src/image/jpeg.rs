//! JPEG, by libjpeg-turbo, which shrinks while it decodes (DCT scaling): a quarter of the size costs half the time.

use std::borrow::Cow;

use turbojpeg::{Colorspace, Decompressor, PixelFormat, ScalingFactor};

use super::color::{Colors, cmyk_to_srgb};
use super::decoded::Decoded;
use super::format::Format;
use super::segments::Segments;
use super::{baseline, generic, metadata, progressive};
use crate::error::DecodeError;
use crate::pixels::Rgb;

/// Progressive files of cameras have about 10 scans; files with thousands are made to hang decoders.
const MAX_SCANS: u32 = 30;

enum JpegError {
    /// libjpeg-turbo's simple interface has no name for this subsampling; the other decoder may.
    Unusual,
    Failed(DecodeError),
}

/// Reads the size from the start of a file.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), DecodeError> {
    if let Ok(header) = turbojpeg::read_header(bytes)
        && let (Ok(width), Ok(height)) = (u32::try_from(header.width), u32::try_from(header.height))
    {
        return Ok((width, height));
    }
    generic::size(Format::Jpeg, bytes)
}

/// Decodes so that the longer side has at least `side` pixels, or all it has.
pub(super) fn decode(bytes: &[u8], side: u32) -> Result<Decoded, DecodeError> {
    let icc = icc_profile(bytes);
    let (pixels, is_srgb) = match pixels(bytes, side, icc.as_deref()) {
        Ok(decoded) => decoded,
        Err(JpegError::Failed(error)) => return Err(error),
        Err(JpegError::Unusual) => (generic::decode(Format::Jpeg, bytes)?.pixels, false),
    };
    let colors = match icc {
        _ if is_srgb => Colors::SRGB,
        Some(icc) => Colors::from_icc(&icc),
        None if metadata::names_adobe_rgb(bytes) => Colors::adobe_rgb(),
        None => Colors::SRGB,
    };
    Ok(Decoded { pixels, orientation: metadata::orientation(bytes), colors })
}

/// Whether it is a lossless JPEG, which holds the sensor's data and no picture.
pub(super) fn is_lossless(bytes: &[u8]) -> bool {
    Segments::of(bytes).any(|(marker, _)| matches!(marker, 0xC3 | 0xC7 | 0xCB | 0xCF))
}

/// Pixels, and whether they are sRGB already.
fn pixels(bytes: &[u8], side: u32, icc: Option<&[u8]>) -> Result<(Rgb, bool), JpegError> {
    let failed = |error: &turbojpeg::Error| JpegError::Failed(from_turbojpeg(error));
    let mut decompressor = Decompressor::new().map_err(|error| failed(&error))?;
    let header = decompressor.read_header(bytes).map_err(|_| JpegError::Unusual)?;
    decompressor.set_scan_limit(MAX_SCANS).map_err(|error| failed(&error))?;
    let scaling = if header.is_lossless {
        ScalingFactor::ONE
    } else {
        dct_scaling(header.width.max(header.height), side)
    };
    decompressor.set_scaling_factor(scaling).map_err(|error| failed(&error))?;
    if matches!(header.colorspace, Colorspace::YCbCr | Colorspace::Gray)
        && let Some(rgb) = baseline::decode(bytes, scaling.denom() / scaling.num())
    {
        return Ok((rgb, false));
    }
    let scaled = header.scaled(scaling);
    let is_cmyk = matches!(header.colorspace, Colorspace::CMYK | Colorspace::YCCK);
    let (format, channels) = if is_cmyk { (PixelFormat::CMYK, 4) } else { (PixelFormat::RGB, 3) };
    let mut data = vec![0; scaled.width * scaled.height * channels];
    let output = turbojpeg::Image {
        pixels: data.as_mut_slice(),
        width: scaled.width,
        pitch: scaled.width * channels,
        height: scaled.height,
        format,
    };
    let needed = if header.is_progressive && !is_cmyk {
        progressive::trimmed(bytes, scaling.denom() / scaling.num(), MAX_SCANS as usize)
    } else {
        Cow::Borrowed(bytes)
    };
    if let Err(error) = decompressor.decompress(&needed, output)
        && !is_harmless(&error)
    {
        return Err(failed(&error));
    }
    let data = if is_cmyk { cmyk_to_rgb(data, is_adobe(bytes), icc) } else { data };
    let length = |value: usize| u32::try_from(value).expect("checked against MAX_PIXELS");
    Ok((Rgb { width: length(scaled.width), height: length(scaled.height), data }, is_cmyk))
}

/// The smallest of 1/8, 1/4, 1/2 and 1 that leaves at least `side` pixels.
fn dct_scaling(longer: usize, side: u32) -> ScalingFactor {
    let side = usize::try_from(side).unwrap_or(usize::MAX);
    [ScalingFactor::ONE_EIGHTH, ScalingFactor::ONE_QUARTER, ScalingFactor::ONE_HALF]
        .into_iter()
        .find(|factor| factor.scale(longer) >= side)
        .unwrap_or(ScalingFactor::ONE)
}

/// By the profile if there is one, else by the plain rule. Files of Adobe programs store the paper that is left
/// instead of the ink.
fn cmyk_to_rgb(mut data: Vec<u8>, is_inverted: bool, icc: Option<&[u8]>) -> Vec<u8> {
    if is_inverted {
        data.iter_mut().for_each(|value| *value = 255 - *value);
    }
    if let Some(rgb) = icc.and_then(|icc| cmyk_to_srgb(icc, &data)) {
        return rgb;
    }
    let light = |ink: u8, black: u8| {
        u8::try_from(u16::from(255 - ink) * u16::from(255 - black) / 255).unwrap_or(u8::MAX)
    };
    data.chunks_exact(4).flat_map(|pixel| [0, 1, 2].map(|channel| light(pixel[channel], pixel[3]))).collect()
}

/// Whether the file has the marker of Adobe's programs.
fn is_adobe(bytes: &[u8]) -> bool {
    Segments::of(bytes).any(|(marker, content)| marker == 0xEE && content.starts_with(b"Adobe"))
}

/// The ICC profile, put together from its parts.
fn icc_profile(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut parts: Vec<(u8, &[u8])> = Segments::of(bytes)
        .filter(|(marker, _)| *marker == 0xE2)
        .filter_map(|(_, content)| content.strip_prefix(b"ICC_PROFILE\0"))
        .filter_map(|content| Some((*content.first()?, content.get(2..)?)))
        .collect();
    parts.sort_by_key(|(number, _)| *number);
    (!parts.is_empty()).then(|| parts.iter().flat_map(|(_, part)| part.iter().copied()).collect())
}

/// Cameras do write stray bytes between segments; the picture is whole all the same.
fn is_harmless(error: &turbojpeg::Error) -> bool {
    matches!(error, turbojpeg::Error::TurboJpegError(text) if text.contains("extraneous bytes before marker"))
}

fn from_turbojpeg(error: &turbojpeg::Error) -> DecodeError {
    let text = error.to_string();
    if text.contains("Premature end") { DecodeError::Truncated } else { DecodeError::Corrupt(text) }
}
