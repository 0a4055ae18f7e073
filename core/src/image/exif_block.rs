//! Where the EXIF data lies in the kinds of files that an EXIF reader does not look into by itself.

use std::borrow::Cow;
use std::path::Path;

use super::format::Format;
use super::guard::guarded;
use super::{heif, jxl, raw};

/// The EXIF data of the kinds that an EXIF reader does not look into by itself (or would misread): a TIFF structure.
/// `None` for all others, JPEG, PNG, WebP and plain TIFF among them.
pub fn exif_block(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    guarded(|| match Format::sniff(bytes, Path::new(""))? {
        Format::Heic | Format::Avif => Ok(heif::exif(bytes)),
        Format::JpegXl => Ok(jxl::exif(bytes)),
        Format::Raw(maker) => Ok(raw::exif(maker, bytes)),
        _ => Ok(None),
    })
    .ok()?
}
