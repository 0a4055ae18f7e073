//! RAW files by the preview that the camera put into them: the largest JPEG inside.
//!
//! An own walk of a few hundred lines instead of a RAW library: those develop pictures, which is not wanted here, and the
//! one in Rust is under the LGPL.

mod cr3;
mod tiff;

use std::borrow::Cow;

use super::decode::{Decoded, Shape};
use super::{jpeg, metadata};
use crate::error::DecodeError;
use crate::pixels::Orientation;
use crate::types::MAX_PIXELS;

pub(super) use tiff::{check_directories, maker_of_tiff};

/// Where the previews lie differs by maker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// Adobe's Digital Negative, of phones and some cameras.
    Dng,
    /// Canon until 2018.
    Cr2,
    /// Canon since 2018.
    Cr3,
    /// Nikon.
    Nef,
    /// Sony.
    Arw,
    /// Olympus and OM System.
    Orf,
    /// Panasonic and Leica.
    Rw2,
    /// Fujifilm.
    Raf,
    /// Another maker that builds on TIFF.
    Other,
}

impl Maker {
    /// The name of the kind of file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dng => "DNG",
            Self::Cr2 => "CR2",
            Self::Cr3 => "CR3",
            Self::Nef => "NEF",
            Self::Arw => "ARW",
            Self::Orf => "ORF",
            Self::Rw2 => "RW2",
            Self::Raf => "RAF",
            Self::Other => "RAW",
        }
    }
}

/// Tells the makers whose files start in their own way.
pub(super) fn maker_by_signature(bytes: &[u8]) -> Option<Maker> {
    match bytes {
        [b'I', b'I', b'R', b'O' | b'S', ..] | [b'M', b'M', b'O', b'R', ..] => Some(Maker::Orf),
        [b'I', b'I', b'U', 0, ..] => Some(Maker::Rw2),
        [b'I', b'I', b'*', 0, _, _, _, _, b'C', b'R', ..] => Some(Maker::Cr2),
        [_, _, _, _, b'f', b't', b'y', b'p', b'c', b'r', b'x', b' ', ..] => Some(Maker::Cr3),
        _ if bytes.starts_with(b"FUJIFILMCCD-RAW") => Some(Maker::Raf),
        _ => None,
    }
}

/// What a walk through a RAW file finds.
struct Found<'a> {
    /// JPEG data, not looked into.
    previews: Vec<&'a [u8]>,
    /// How to turn them; `None` when the preview itself says it.
    orientation: Option<Orientation>,
}

/// Size and turn of the preview.
pub(super) fn shape(maker: Maker, bytes: &[u8]) -> Result<Shape, DecodeError> {
    let found = find(maker, bytes)?;
    let (preview, (width, height)) = largest(maker, &found.previews)?;
    Ok(Shape {
        width,
        height,
        orientation: found.orientation.unwrap_or_else(|| metadata::orientation(preview)),
    })
}

/// Decodes the preview.
pub(super) fn decode(maker: Maker, bytes: &[u8], side: u32) -> Result<Decoded, DecodeError> {
    let found = find(maker, bytes)?;
    let (preview, _) = largest(maker, &found.previews)?;
    let decoded = jpeg::decode(preview, side)?;
    Ok(Decoded { orientation: found.orientation.unwrap_or(decoded.orientation), ..decoded })
}

/// The EXIF data: a TIFF structure. Of CR3 only what its main directory holds.
pub(super) fn exif(maker: Maker, bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    match maker {
        Maker::Cr3 => cr3::main_directory(bytes).map(Cow::Borrowed),
        Maker::Raf => jpeg::exif(raf_preview(bytes).ok()?).map(Cow::Borrowed),
        // TIFF under another name.
        Maker::Orf | Maker::Rw2 => {
            let start = if bytes.starts_with(b"II") { b"II*\0" } else { b"MM\0*" };
            Some(Cow::Owned([start, bytes.get(4..)?].concat()))
        }
        _ => None,
    }
}

fn find(maker: Maker, bytes: &[u8]) -> Result<Found<'_>, DecodeError> {
    match maker {
        Maker::Cr3 => cr3::find(bytes),
        Maker::Raf => Ok(Found { previews: vec![raf_preview(bytes)?], orientation: None }),
        _ => tiff::find(bytes),
    }
}

/// Fujifilm's header names place and length of one JPEG, with EXIF data of its own (offsets 84 and 88, big-endian).
fn raf_preview(bytes: &[u8]) -> Result<&[u8], DecodeError> {
    let number = |at: usize| {
        let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.first_chunk());
        bytes.map(|bytes| u32::from_be_bytes(*bytes) as usize).ok_or(DecodeError::Truncated)
    };
    let (start, length) = (number(84)?, number(88)?);
    bytes.get(start..start.saturating_add(length)).ok_or(DecodeError::Truncated)
}

/// The preview with most pixels that can be decoded.
fn largest<'a>(maker: Maker, previews: &[&'a [u8]]) -> Result<(&'a [u8], (u32, u32)), DecodeError> {
    previews
        .iter()
        // The sensor's data may be JPEG too, but a lossless one.
        .filter(|preview| preview.starts_with(b"\xff\xd8\xff") && !jpeg::is_lossless(preview))
        .filter_map(|preview| Some((*preview, jpeg::size(preview).ok()?)))
        .map(|(preview, (width, height))| (preview, (width, height), u64::from(width) * u64::from(height)))
        .filter(|(.., pixels)| *pixels <= MAX_PIXELS)
        .max_by_key(|(.., pixels)| *pixels)
        .map(|(preview, size, _)| (preview, size))
        .ok_or_else(|| DecodeError::Lacking {
            kind: maker.name().into(),
            needs: "developing the sensor's data, because the camera put no preview into it".into(),
        })
}
