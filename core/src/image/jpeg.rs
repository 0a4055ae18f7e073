//! JPEG, by libjpeg-turbo, which shrinks while it decodes (DCT scaling): a quarter of the size costs half the time.

use std::borrow::Cow;

use memchr::memmem;
use turbojpeg::{Colorspace, DecompressHeader, Decompressor, PixelFormat, ScalingFactor};

use super::color::{Channels, Colors, inks_to_rgb};
use super::decoded::Decoded;
use super::format::Format;
use super::segments::Segments;
use super::{baseline, generic, metadata, progressive, warning};
use crate::error::{DecodeError, Need};
use crate::pixels::Rgb;

/// Progressive files of cameras have about 10 scans, of some encoders 40; files with thousands are made to hang decoders:
/// each scan goes over all pixels. So many pixels are gone over, and so many scans are always read.
const MAX_SCANNED: usize = 2_000_000_000;
const ALWAYS_READ: usize = 30;

enum JpegError {
    /// libjpeg-turbo's simple interface has no name for this subsampling; the other decoder may.
    Unusual,
    Failed(DecodeError),
}

/// Reads the size from the start of a file.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), DecodeError> {
    let header = turbojpeg::read_header(bytes).or_else(|_| turbojpeg::read_header(&bare(bytes)));
    if let Ok(header) = header
        && let (Ok(width), Ok(height)) = (u32::try_from(header.width), u32::try_from(header.height))
    {
        return Ok((width, height));
    }
    generic::size(Format::Jpeg, bytes)
}

/// Decodes so that the longer side has at least `side` pixels, or all it has. What libjpeg-turbo warns of is shown, as
/// browsers do, unless pixels are missing.
pub(super) fn decode(bytes: &[u8], side: u32) -> Result<Decoded, DecodeError> {
    let bytes = without_padding(bytes);
    let icc = icc_profile(bytes);
    let (pixels, colorspace) = match pixels(bytes, side, icc.as_deref()) {
        Ok(decoded) => decoded,
        Err(JpegError::Failed(error)) => return Err(error),
        // Colours that are not grey are the rule for those too.
        Err(JpegError::Unusual) => (generic::decode(Format::Jpeg, bytes)?.pixels, Colorspace::YCbCr),
    };
    let channels = if colorspace == Colorspace::Gray { Channels::Grey } else { Channels::Rgb };
    let colors = match icc {
        _ if is_inks(colorspace) => Colors::SRGB,
        Some(icc) => Colors::from_icc(&icc, channels),
        None if metadata::names_adobe_rgb(bytes) => Colors::adobe_rgb(),
        None => Colors::SRGB,
    };
    Ok(Decoded { pixels, orientation: metadata::orientation(bytes), colors })
}

/// Whether it is a lossless JPEG, which holds the sensor's data and no picture.
pub(super) fn is_lossless(bytes: &[u8]) -> bool {
    Segments::of(bytes).any(|(marker, _)| matches!(marker, 0xC3 | 0xC7 | 0xCB | 0xCF))
}

fn is_inks(colorspace: Colorspace) -> bool {
    matches!(colorspace, Colorspace::CMYK | Colorspace::YCCK)
}

/// Pixels, and what the file has; inks are sRGB already.
fn pixels(bytes: &[u8], side: u32, icc: Option<&[u8]>) -> Result<(Rgb, Colorspace), JpegError> {
    let failed = |error: &turbojpeg::Error| JpegError::Failed(DecodeError::Corrupt(error.to_string()));
    let mut decompressor = Decompressor::new().map_err(|error| failed(&error))?;
    let mut bytes = Cow::Borrowed(bytes);
    let header = match decompressor.read_header(&bytes) {
        Ok(header) => header,
        Err(_) => {
            bytes = bare(&bytes).into();
            decompressor.read_header(&bytes).map_err(|_| JpegError::Unusual)?
        }
    };
    let bytes = bytes.as_ref();
    check_scans(bytes, &header).map_err(JpegError::Failed)?;
    let scaling = if header.is_lossless {
        ScalingFactor::ONE
    } else {
        dct_scaling(header.width.max(header.height), side)
    };
    decompressor.set_scaling_factor(scaling).map_err(|error| failed(&error))?;
    if matches!(header.colorspace, Colorspace::YCbCr | Colorspace::Gray)
        && let Some(rgb) = baseline::decode(bytes, scaling.denom() / scaling.num())
    {
        return Ok((rgb, header.colorspace));
    }
    let scaled = header.scaled(scaling);
    let is_cmyk = is_inks(header.colorspace);
    let (format, channels) = if is_cmyk { (PixelFormat::CMYK, 4) } else { (PixelFormat::RGB, 3) };
    let mut data = vec![0; scaled.width * scaled.height * channels];
    let output = turbojpeg::Image {
        pixels: data.as_mut_slice(),
        width: scaled.width,
        pitch: scaled.width * channels,
        height: scaled.height,
        format,
    };
    let is_ended = is_ended(bytes);
    if let Err(error) = decompressor.decompress(&needed(bytes, &header, scaling, is_ended), output) {
        // As much of a row as one unit of the file is wide.
        let unit = scaling.scale(16).min(scaled.width) * channels;
        let rows = data.chunks_exact(scaled.width * channels).map(|row| &row[row.len() - unit..]);
        warning::check(&error, rows, header.is_progressive, is_ended).map_err(JpegError::Failed)?;
    }
    let data = if is_cmyk { cmyk_to_rgb(data, is_adobe(bytes), icc) } else { data };
    let length = |value: usize| u32::try_from(value).expect("checked against MAX_PIXELS");
    Ok((Rgb { width: length(scaled.width), height: length(scaled.height), data }, header.colorspace))
}

/// What libjpeg-turbo has to read, with an end: where the file has none, data that end too early are told from a missing
/// marker. Arithmetic coding would go on without a word.
fn needed<'a>(
    bytes: &'a [u8],
    header: &DecompressHeader,
    scaling: ScalingFactor,
    is_ended: bool,
) -> Cow<'a, [u8]> {
    if header.is_progressive && !is_inks(header.colorspace) {
        let divisor = scaling.denom() / scaling.num();
        if let Cow::Owned(trimmed) = progressive::trimmed(bytes, divisor, most_scans(header)) {
            return trimmed.into();
        }
    }
    if is_ended || header.is_arithmetic { bytes.into() } else { [bytes, END].concat().into() }
}

const END: &[u8] = &[0xFF, 0xD9];

/// Whether the end marker stands behind the first scan.
fn is_ended(bytes: &[u8]) -> bool {
    let mut segments = Segments::of(bytes);
    segments.by_ref().for_each(drop);
    memmem::find(segments.rest(), END).is_some()
}

/// The file without what is not needed for its pixels, as libjpeg-turbo gives no size where it warns of such segments.
fn bare(bytes: &[u8]) -> Vec<u8> {
    let mut bare = b"\xff\xd8".to_vec();
    let mut segments = Segments::of(bytes);
    for (marker, content) in segments.by_ref() {
        let is_adobe = marker == 0xEE && content.len() >= 12 && content.starts_with(b"Adobe");
        if is_adobe || matches!(marker, 0xC0..=0xCF | 0xDB | 0xDD) {
            let length = u16::try_from(content.len() + 2).expect("it was read from 16 bits");
            bare.extend([&[0xFF, marker], length.to_be_bytes().as_slice(), content].concat());
        }
    }
    bare.extend(segments.rest());
    bare
}

fn most_scans(header: &DecompressHeader) -> usize {
    (MAX_SCANNED / (header.width * header.height).max(1)).max(ALWAYS_READ)
}

fn check_scans(bytes: &[u8], header: &DecompressHeader) -> Result<(), DecodeError> {
    let most = most_scans(header);
    // Within data, 0xFF is always followed by 0.
    if memmem::find_iter(bytes, b"\xFF\xDA").take(most + 1).count() <= most {
        return Ok(());
    }
    Err(DecodeError::Lacking { kind: "JPEG".into(), needs: Need::Feature(format!("more than {most} scans")) })
}

/// The smallest of 1/8, 1/4, 1/2 and 1 that leaves at least `side` pixels.
fn dct_scaling(longer: usize, side: u32) -> ScalingFactor {
    let side = usize::try_from(side).unwrap_or(usize::MAX);
    [ScalingFactor::ONE_EIGHTH, ScalingFactor::ONE_QUARTER, ScalingFactor::ONE_HALF]
        .into_iter()
        .find(|factor| factor.scale(longer) >= side)
        .unwrap_or(ScalingFactor::ONE)
}

/// Files of Adobe programs store the paper that is left instead of the ink.
fn cmyk_to_rgb(mut data: Vec<u8>, is_inverted: bool, icc: Option<&[u8]>) -> Vec<u8> {
    if is_inverted {
        data.iter_mut().for_each(|value| *value = 255 - *value);
    }
    inks_to_rgb(&data, icc)
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

/// Without the zeros behind the end, which some cameras write and some copies are filled up with: they would be read as
/// pixels where the end is missing. Two may be data.
fn without_padding(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 3);
    &bytes[..end.min(bytes.len())]
}
