//! Where each kind of file keeps what it says of its picture. Only that of the picture which is shown counts: not that of a
//! second one in the file, nor what a comment quotes.

mod found;
mod gif;
mod heif;
mod jp2;
mod jpeg;
mod jxl;
mod png;
mod riff;

use std::borrow::Cow;
use std::path::Path;

pub(in crate::image) use found::Parts;

use super::exif::DirectoryKind;
use crate::image::format::Format;
use crate::image::guard::guarded;
use crate::image::raw;

/// The parts of a file, or of its start as far as they lie in it.
pub(in crate::image) fn parts(bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    let found = guarded(|| {
        find(Format::sniff(bytes, Path::new(""))?, bytes, &mut parts);
        Ok(())
    });
    if found.is_ok() { parts } else { Parts::default() }
}

fn find<'a>(format: Format, bytes: &'a [u8], parts: &mut Parts<'a>) {
    match format {
        Format::Jpeg => jpeg::find(bytes, parts),
        Format::Png => png::find(bytes, parts),
        Format::WebP => riff::find(bytes, parts),
        Format::Gif => gif::find(bytes, parts),
        Format::Tiff => parts.keep_exif(Cow::Borrowed(bytes), DirectoryKind::Main),
        Format::Heic | Format::Avif => heif::find(bytes, parts),
        Format::JpegXl => jxl::find(bytes, parts),
        Format::Jpeg2000 => jp2::find(bytes, parts),
        Format::Raw(maker) => {
            let found = raw::told(maker, bytes);
            parts.exif.extend(found.exif);
            parts.xmp.extend(found.xmp.map(Cow::Borrowed));
            found.jpeg.into_iter().for_each(|jpeg| jpeg::find(jpeg, parts));
        }
        Format::Bmp | Format::Qoi => {}
    }
}
