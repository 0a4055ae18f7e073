//! Bytes of a file to RGB pixels, by content and not by name, with limits on pixels and memory.
//!
//! JPEG goes through libjpeg-turbo, which shrinks while it decodes (DCT scaling): a quarter of the size costs half
//! the time. Pixels come as stored; [`Decoded`] carries the orientation so that turning happens after shrinking.

use std::io::Cursor;
use std::path::Path;

use image::{ImageDecoder, ImageFormat, ImageReader};
use turbojpeg::{Colorspace, Decompressor, PixelFormat, ScalingFactor};

use super::{DecodeError, metadata};
use crate::pixels::{Filter, Orientation, Rgb};

/// Larger pictures are refused by their header. 200 megapixels is more than any camera of today writes.
pub const MAX_PIXELS: u64 = 200_000_000;
/// Most bytes that decoding one PNG or WebP may take.
const MAX_DECODE_BYTES: u64 = 768 << 20;
/// Progressive files of cameras have about 10 scans; files with thousands are made to hang decoders.
const MAX_SCANS: u32 = 30;

/// A kind of file that this build decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Joint Photographic Experts Group.
    Jpeg,
    /// Portable Network Graphics.
    Png,
    /// WebP.
    WebP,
}

impl Format {
    /// Tells the format by the first bytes.
    ///
    /// # Errors
    /// [`DecodeError::Empty`] or [`DecodeError::Unsupported`], which names the kind by content or else by extension.
    pub fn sniff(bytes: &[u8], path: &Path) -> Result<Self, DecodeError> {
        match image::guess_format(bytes) {
            _ if bytes.is_empty() => Err(DecodeError::Empty),
            Ok(ImageFormat::Jpeg) => Ok(Self::Jpeg),
            Ok(ImageFormat::Png) => Ok(Self::Png),
            Ok(ImageFormat::WebP) => Ok(Self::WebP),
            Ok(other) => Err(DecodeError::Unsupported(format!("{other:?}").to_uppercase())),
            Err(_) => {
                let extension = path.extension().and_then(|extension| extension.to_str());
                if extension.is_some_and(is_known_ending) {
                    return Err(DecodeError::Corrupt("its content is no picture".into()));
                }
                Err(DecodeError::Unsupported(
                    extension.map_or_else(|| "Such".into(), |extension| format!(".{extension}")),
                ))
            }
        }
    }

    /// The name that people know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
        }
    }

    fn reader(self, bytes: &[u8]) -> ImageReader<Cursor<&[u8]>> {
        let format = match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::WebP => ImageFormat::WebP,
        };
        ImageReader::with_format(Cursor::new(bytes), format)
    }
}

fn is_known_ending(extension: &str) -> bool {
    ["jpg", "jpeg", "jpe", "jfif", "png", "webp"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// What the start of a file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Kind of file.
    pub format: Format,
    /// Width in pixels as stored.
    pub width: u32,
    /// Height in pixels as stored.
    pub height: u32,
}

/// Pixels as stored, with the turn that makes them upright.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Pixels as stored, perhaps smaller than the file's.
    pub pixels: Rgb,
    /// How to turn them.
    pub orientation: Orientation,
}

impl Decoded {
    /// An upright copy with the longer side at most `side`.
    pub fn fitted(&self, side: u32) -> Rgb {
        self.pixels.fitted(side).turned(self.orientation)
    }

    /// An upright copy squashed to a square, as image models want it.
    pub fn squashed(&self, side: u32) -> Rgb {
        self.pixels.resized(side, side, Filter::Bicubic).turned(self.orientation)
    }
}

/// Reads kind and size from the start of a file. `bytes` may be a part of it if it holds the header.
///
/// # Errors
/// [`DecodeError`]; for a part of a file [`DecodeError::Corrupt`] may just mean "more is needed".
pub fn header(bytes: &[u8], path: &Path) -> Result<Header, DecodeError> {
    let format = Format::sniff(bytes, path)?;
    let size = match format {
        Format::Jpeg => jpeg_size(bytes),
        Format::Png | Format::WebP => {
            format.reader(bytes).into_dimensions().map_err(|error| from_image(&error))
        }
    };
    let (width, height) = size?;
    if width == 0 || height == 0 {
        return Err(DecodeError::Corrupt("it has no pixels".into()));
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(DecodeError::TooLarge { width, height });
    }
    Ok(Header { format, width, height })
}

/// Decodes a whole file so that its longer side has at least `side` pixels, or all it has.
///
/// # Errors
/// [`DecodeError`] with the reason; nothing panics on foreign bytes.
pub fn decode(bytes: &[u8], path: &Path, side: u32) -> Result<Decoded, DecodeError> {
    let header = header(bytes, path)?;
    let pixels = match header.format {
        Format::Jpeg => decode_jpeg(bytes, side).or_else(|error| match error {
            JpegError::Failed(error) => Err(error),
            JpegError::Unusual => decode_generic(Format::Jpeg, bytes),
        }),
        format => decode_generic(format, bytes),
    }?;
    Ok(Decoded { pixels, orientation: metadata::orientation(bytes) })
}

enum JpegError {
    /// libjpeg-turbo's simple interface has no name for this subsampling; the other decoder may.
    Unusual,
    Failed(DecodeError),
}

fn jpeg_size(bytes: &[u8]) -> Result<(u32, u32), DecodeError> {
    if let Ok(header) = turbojpeg::read_header(bytes)
        && let (Ok(width), Ok(height)) = (u32::try_from(header.width), u32::try_from(header.height))
    {
        return Ok((width, height));
    }
    Format::Jpeg.reader(bytes).into_dimensions().map_err(|error| from_image(&error))
}

fn decode_jpeg(bytes: &[u8], side: u32) -> Result<Rgb, JpegError> {
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
    if let Err(error) = decompressor.decompress(bytes, output)
        && !is_harmless(&error)
    {
        return Err(failed(&error));
    }
    let data = if is_cmyk { cmyk_to_rgb(&data) } else { data };
    let length = |value: usize| u32::try_from(value).expect("checked against MAX_PIXELS");
    Ok(Rgb { width: length(scaled.width), height: length(scaled.height), data })
}

/// The smallest of 1/8, 1/4, 1/2 and 1 that leaves at least `side` pixels.
fn dct_scaling(longer: usize, side: u32) -> ScalingFactor {
    let side = usize::try_from(side).unwrap_or(usize::MAX);
    [ScalingFactor::ONE_EIGHTH, ScalingFactor::ONE_QUARTER, ScalingFactor::ONE_HALF]
        .into_iter()
        .find(|factor| factor.scale(longer) >= side)
        .unwrap_or(ScalingFactor::ONE)
}

/// Files of Adobe programs store CMYK inverted, and nearly all CMYK photos come from them.
fn cmyk_to_rgb(data: &[u8]) -> Vec<u8> {
    let ink =
        |colour: u8, black: u8| u8::try_from(u16::from(colour) * u16::from(black) / 255).unwrap_or(u8::MAX);
    data.chunks_exact(4).flat_map(|pixel| [0, 1, 2].map(|channel| ink(pixel[channel], pixel[3]))).collect()
}

fn decode_generic(format: Format, bytes: &[u8]) -> Result<Rgb, DecodeError> {
    // A decoder that panics on foreign bytes must cost this file only.
    std::panic::catch_unwind(|| {
        let mut reader = format.reader(bytes);
        let mut limits = image::Limits::default();
        limits.max_alloc = Some(MAX_DECODE_BYTES);
        reader.limits(limits);
        let decoder = reader.into_decoder().map_err(|error| from_image(&error))?;
        let (width, height) = decoder.dimensions();
        if decoder.total_bytes() > MAX_DECODE_BYTES {
            return Err(DecodeError::TooLarge { width, height });
        }
        let picture = image::DynamicImage::from_decoder(decoder).map_err(|error| from_image(&error))?;
        Ok(flatten(picture))
    })
    .unwrap_or_else(|_| Err(DecodeError::Corrupt("the decoder gave up".into())))
}

/// Lays transparent pictures on white, as photo apps do.
fn flatten(picture: image::DynamicImage) -> Rgb {
    let (width, height) = (picture.width(), picture.height());
    let data = if picture.color().has_alpha() {
        let over_white = |value: u8, alpha: u8| {
            let (value, alpha) = (u32::from(value), u32::from(alpha));
            u8::try_from((value * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
        };
        let rgba = picture.into_rgba8().into_raw();
        rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]].map(|value| over_white(value, p[3]))).collect()
    } else {
        picture.into_rgb8().into_raw()
    };
    Rgb { width, height, data }
}

/// Cameras do write stray bytes between segments; the picture is whole all the same.
fn is_harmless(error: &turbojpeg::Error) -> bool {
    matches!(error, turbojpeg::Error::TurboJpegError(text) if text.contains("extraneous bytes before marker"))
}

fn from_turbojpeg(error: &turbojpeg::Error) -> DecodeError {
    let text = error.to_string();
    if text.contains("Premature end") { DecodeError::Truncated } else { DecodeError::Corrupt(text) }
}

fn from_image(error: &image::ImageError) -> DecodeError {
    match error {
        image::ImageError::Limits(_) => DecodeError::Corrupt("it would take too much memory".into()),
        image::ImageError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
            DecodeError::Truncated
        }
        other => {
            let text = other.to_string();
            let is_cut = text.contains("UnexpectedEof")
                || text.contains("unexpected end")
                || text.contains("Premature");
            if is_cut { DecodeError::Truncated } else { DecodeError::Corrupt(text) }
        }
    }
}
