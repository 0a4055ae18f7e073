//! One AV1 picture to its planes, by rav1d (dav1d in Rust with its assembly).
//!
//! `re_rav1d` is Rerun's edition: it has a safe interface, and mends a panic on broken files that ends the process in the
//! original, whose interface is for C.

use crate::error::DecodeError;
use crate::types::MAX_PIXELS;
use heic_rs::hevc::Frame;
use heic_rs::{ChromaFormat, MatrixCoefficients, Nclx, Range};
use re_rav1d::pixel::YUVRange;
use re_rav1d::{Decoder, Picture, PixelLayout, PlanarImageComponent, Settings};

/// Decodes the first picture of a sequence of open bitstream units, with the colours that the sequence names.
pub(super) fn decode(units: &[u8]) -> Result<(Frame, Nclx), DecodeError> {
    if !starts_with_sequence(units) {
        return Err(corrupt());
    }
    let mut settings = Settings::new();
    // There is one worker per core already.
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    settings.set_frame_size_limit(u32::try_from(MAX_PIXELS).expect("200 megapixels"));
    let mut decoder = Decoder::with_settings(&settings).map_err(|_| corrupt())?;
    decoder.send_data(units.to_vec(), None, None, None).map_err(|_| corrupt())?;
    let picture = decoder.get_picture().map_err(|_| corrupt())?;
    Ok((frame(&picture)?, colors(&picture)))
}

fn corrupt() -> DecodeError {
    DecodeError::Corrupt("its AV1 picture cannot be decoded".into())
}

/// Whether the first unit, or the one behind a delimiter, is a sequence header, as the standard of AVIF asks.
fn starts_with_sequence(units: &[u8]) -> bool {
    const SEQUENCE: u8 = 1;
    const DELIMITER: u8 = 2;
    let kind = |at: usize| units.get(at).map(|byte| byte >> 3 & 0x0F);
    // A delimiter is two bytes long: it is empty.
    kind(0) == Some(SEQUENCE) || (kind(0) == Some(DELIMITER) && kind(2) == Some(SEQUENCE))
}

fn frame(picture: &Picture) -> Result<Frame, DecodeError> {
    let (width, height) = (picture.width(), picture.height());
    let chroma = match picture.pixel_layout() {
        PixelLayout::I400 => ChromaFormat::Monochrome,
        PixelLayout::I420 => ChromaFormat::Yuv420,
        PixelLayout::I422 => ChromaFormat::Yuv422,
        PixelLayout::I444 => ChromaFormat::Yuv444,
    };
    let (chroma_width, chroma_height) = chroma.chroma_size(width, height);
    let bits = picture.bits_per_component().and_then(|bits| u8::try_from(bits.0).ok()).ok_or_else(corrupt)?;
    let plane = |component, width, height| plane(picture, component, bits, width, height);
    Ok(Frame {
        width,
        height,
        bit_depth: bits,
        chroma,
        y: plane(PlanarImageComponent::Y, width, height)?,
        cb: plane(PlanarImageComponent::U, chroma_width, chroma_height)?,
        cr: plane(PlanarImageComponent::V, chroma_width, chroma_height)?,
        y_stride: width,
        c_stride: chroma_width,
    })
}

/// The samples of a plane without padding.
fn plane(
    picture: &Picture,
    component: PlanarImageComponent,
    bits: u8,
    width: u32,
    height: u32,
) -> Result<Vec<u16>, DecodeError> {
    if width == 0 || height == 0 {
        return Ok(Vec::new());
    }
    let (plane, stride) = (picture.plane(component), picture.stride(component) as usize);
    let mut samples = Vec::with_capacity(width as usize * height as usize);
    for row in plane.chunks_exact(stride).take(height as usize) {
        if bits > 8 {
            let row = row.get(..width as usize * 2).ok_or_else(corrupt)?;
            samples.extend(row.chunks_exact(2).map(|sample| u16::from_ne_bytes([sample[0], sample[1]])));
        } else {
            samples.extend(
                row.get(..width as usize).ok_or_else(corrupt)?.iter().map(|&sample| u16::from(sample)),
            );
        }
    }
    Ok(samples)
}

fn colors(picture: &Picture) -> Nclx {
    let matrix_code = picture.matrix_coefficients() as u16;
    Nclx {
        primaries: picture.color_primaries() as u16,
        transfer: picture.transfer_characteristic() as u16,
        matrix: MatrixCoefficients::from_code(matrix_code),
        matrix_code,
        range: if picture.color_range() == YUVRange::Full { Range::Full } else { Range::Limited },
    }
}
