//! What kind of picture a file is, recognised by its content and not by its name.

use std::path::Path;

use image::ImageFormat;

use super::raw::{self, Maker};
use super::tiff::ifd;
use crate::error::DecodeError;
use crate::types::Kind;

/// A kind of file that this build decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Joint Photographic Experts Group.
    Jpeg,
    /// Portable Network Graphics.
    Png,
    /// WebP.
    WebP,
    /// Graphics Interchange Format; the first frame.
    Gif,
    /// Tagged Image File Format; the first page that is a picture of its own.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// Quite OK Image.
    Qoi,
    /// High Efficiency Image File Format, coded with HEVC: what phones take.
    Heic,
    /// AV1 Image File Format.
    Avif,
    /// JPEG XL.
    JpegXl,
    /// JPEG 2000.
    Jpeg2000,
    /// What a camera's sensor saw; the preview inside is shown.
    Raw(Maker),
}

impl Format {
    /// Tells the format by the first bytes.
    ///
    /// # Errors
    /// [`DecodeError::Empty`] or [`DecodeError::Unsupported`], which names the kind by content or else by extension.
    pub fn sniff(bytes: &[u8], path: &Path) -> Result<Self, DecodeError> {
        if bytes.is_empty() {
            return Err(DecodeError::Empty);
        }
        if let Some(format) = by_signature(bytes) {
            return Ok(format);
        }
        match image::guess_format(bytes) {
            Ok(ImageFormat::Jpeg) => Ok(Self::Jpeg),
            Ok(ImageFormat::Png) => Ok(Self::Png),
            Ok(ImageFormat::WebP) => Ok(Self::WebP),
            Ok(ImageFormat::Gif) => Ok(Self::Gif),
            Ok(ImageFormat::Tiff) => Ok(tiff_or_raw(bytes)),
            Ok(ImageFormat::Bmp) => Ok(Self::Bmp),
            Ok(ImageFormat::Qoi) => Ok(Self::Qoi),
            Ok(other) => Err(DecodeError::Unsupported(Some(format!("{other:?}").to_uppercase()))),
            Err(_) => Err(unknown(path)),
        }
    }

    /// The name that people know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Tiff => "TIFF",
            Self::Bmp => "BMP",
            Self::Qoi => "QOI",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::JpegXl => "JPEG XL",
            Self::Jpeg2000 => "JPEG 2000",
            Self::Raw(maker) => maker.name(),
        }
    }

    /// The media type, where web views show files of this kind.
    pub fn web_media_type(self) -> Option<&'static str> {
        match self {
            Self::Jpeg => Some("image/jpeg"),
            Self::Png => Some("image/png"),
            Self::WebP => Some("image/webp"),
            Self::Gif => Some("image/gif"),
            Self::Bmp => Some("image/bmp"),
            Self::Tiff
            | Self::Qoi
            | Self::Heic
            | Self::Avif
            | Self::JpegXl
            | Self::Jpeg2000
            | Self::Raw(_) => None,
        }
    }
}

/// The kinds that the `image` crate does not know, or takes for another.
fn by_signature(bytes: &[u8]) -> Option<Format> {
    const JXL_CONTAINER: &[u8] = b"\0\0\0\x0cJXL \r\n\x87\n";
    const JP2_CONTAINER: &[u8] = b"\0\0\0\x0cjP  ";
    const JP2_CODESTREAM: &[u8] = b"\xff\x4f\xff\x51";
    if bytes.starts_with(b"\xff\x0a") || bytes.starts_with(JXL_CONTAINER) {
        return Some(Format::JpegXl);
    }
    if bytes.starts_with(JP2_CONTAINER) || bytes.starts_with(JP2_CODESTREAM) {
        return Some(Format::Jpeg2000);
    }
    if ifd::is_wide(bytes) {
        return Some(tiff_or_raw(bytes));
    }
    if let Some(maker) = raw::maker_by_signature(bytes) {
        return Some(Format::Raw(maker));
    }
    by_brand(bytes)
}

fn tiff_or_raw(bytes: &[u8]) -> Format {
    raw::maker_of_tiff(bytes).map_or(Format::Tiff, Format::Raw)
}

/// Tells HEIC from AVIF by the brands of the `ftyp` box, the first one and those that the file is compatible with.
fn by_brand(bytes: &[u8]) -> Option<Format> {
    let (size, rest) = bytes.split_first_chunk::<4>()?;
    let brands = rest.strip_prefix(b"ftyp")?;
    let length = (u32::from_be_bytes(*size) as usize).saturating_sub(8).min(brands.len());
    let has = |wanted: &[&[u8; 4]]| {
        brands[..length].chunks_exact(4).any(|brand| wanted.iter().any(|wanted| brand == *wanted))
    };
    if has(&[b"avif", b"avis"]) {
        Some(Format::Avif)
    } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        Some(Format::Heic)
    } else {
        None
    }
}

fn unknown(path: &Path) -> DecodeError {
    let extension = path.extension().and_then(|extension| extension.to_str());
    if extension.is_some_and(|extension| Kind::of_ending(extension).is_some()) {
        return DecodeError::NotAPicture;
    }
    DecodeError::Unsupported(extension.map(|extension| format!(".{extension}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heic_and_avif_are_told_by_their_brands() {
        let of = |brands: &[u8]| {
            let size = u32::try_from(8 + brands.len()).unwrap().to_be_bytes();
            Format::sniff(&[&size, b"ftyp".as_slice(), brands].concat(), Path::new("a.bin"))
        };
        assert_eq!(of(b"heic\0\0\0\0mif1heic"), Ok(Format::Heic));
        assert_eq!(of(b"mif1\0\0\0\0mif1avif"), Ok(Format::Avif));
        assert_eq!(of(b"crx \0\0\0\x01crx isom"), Ok(Format::Raw(Maker::Cr3)));
        assert_eq!(of(b"isom\0\0\0\0mp42"), Err(DecodeError::Unsupported(Some(".bin".into()))), "a film");
    }
}
