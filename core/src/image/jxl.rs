//! JPEG XL, by jxl-oxide. It turns the pixels upright itself.

use jxl_oxide::{
    AllocTracker, EnumColourEncoding, HdrType, InitializeResult, JxlImage, JxlThreadPool, PixelFormat,
    RenderingIntent,
};

use super::color::{Channels, Colors, cmyk_to_srgb, over_white};
use super::decoded::{Decoded, Shape};
use super::jxl_boxes::codestream;
use crate::error::{DecodeError, Need};
use crate::pixels::{Orientation, Rgb};
use crate::types::MAX_PIXELS;

/// Most bytes that decoding one picture may take.
const MAX_BYTES: usize = 1 << 30;

/// Reads the size as seen upright.
pub(super) fn shape(bytes: &[u8]) -> Result<Shape, DecodeError> {
    let image = open(bytes)?;
    Ok(Shape { width: image.width(), height: image.height(), orientation: Orientation::UPRIGHT })
}

/// Decodes the first frame, transparency laid on white.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let mut image = open(bytes)?;
    let (width, height) = (image.width(), image.height());
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(DecodeError::TooLarge { width, height });
    }
    if image.image_header().metadata.xyb_encoded {
        // The codec's own colours go to sRGB directly, but for those of high range.
        let intent = RenderingIntent::Relative;
        image.request_color_encoding(match image.hdr_type() {
            Some(HdrType::Pq) => EnumColourEncoding::bt2100_pq(intent),
            Some(HdrType::Hlg) => EnumColourEncoding::bt2100_hlg(intent),
            None => EnumColourEncoding::srgb(intent),
        });
    }
    let icc = image.rendered_icc();
    if !image.is_loading_done() && image.num_loaded_keyframes() == 0 {
        return Err(DecodeError::Truncated);
    }
    let render = image.render_frame(0).map_err(|error| corrupt(error.as_ref()))?;
    let mut stream = render.stream();
    let channels = stream.channels() as usize;
    let mut samples = vec![0_u8; width as usize * height as usize * channels];
    stream.write_to_buffer(&mut samples);
    let (data, colors) = to_rgb(&samples, image.pixel_format(), &icc)?;
    let colors = match image.rendered_cicp() {
        Some([primaries, transfer @ (16 | 18), ..]) => {
            Colors::from_code_points(primaries.into(), transfer.into())
        }
        _ => colors,
    };
    Ok(Decoded { pixels: Rgb { width, height, data }, orientation: Orientation::UPRIGHT, colors })
}

fn open(bytes: &[u8]) -> Result<JxlImage, DecodeError> {
    let mut image = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(MAX_BYTES))
        .build_uninit();
    for part in codestream(bytes) {
        image.feed_bytes(part).map_err(|error| corrupt(error.as_ref()))?;
    }
    match image.try_init().map_err(|error| corrupt(error.as_ref()))? {
        InitializeResult::Initialized(image) => Ok(image),
        InitializeResult::NeedMoreData(_) => Err(DecodeError::Truncated),
    }
}

fn to_rgb(samples: &[u8], format: PixelFormat, icc: &[u8]) -> Result<(Vec<u8>, Colors), DecodeError> {
    let data = match format {
        PixelFormat::Rgb => samples.to_vec(),
        PixelFormat::Rgba => {
            samples.chunks_exact(4).flat_map(|p| over_white([p[0], p[1], p[2]], p[3])).collect()
        }
        PixelFormat::Gray => samples.iter().flat_map(|&value| [value; 3]).collect(),
        PixelFormat::Graya => samples.chunks_exact(2).flat_map(|p| over_white([p[0]; 3], p[1])).collect(),
        PixelFormat::Cmyk | PixelFormat::Cmyka => {
            let channels = format.channels();
            // JPEG XL counts the paper that is left, profiles the ink.
            let inks: Vec<u8> =
                samples.chunks_exact(channels).flat_map(|p| [0, 1, 2, 3].map(|at| 255 - p[at])).collect();
            let needs = || DecodeError::Lacking { kind: "JPEG XL".into(), needs: Need::InkProfile };
            return Ok((cmyk_to_srgb(icc, &inks).ok_or_else(needs)?, Colors::SRGB));
        }
    };
    Ok((data, Colors::from_icc(icc, Channels::from_count(format.channels()))))
}

fn corrupt(error: &(dyn std::error::Error + Send + Sync)) -> DecodeError {
    let text = error.to_string();
    let is_cut = text.contains("unexpected end") || text.contains("EOF");
    if is_cut { DecodeError::Truncated } else { DecodeError::Corrupt(text) }
}
