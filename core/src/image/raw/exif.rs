//! What RAW files say of their picture, by their maker's form.

use std::borrow::Cow;

use super::maker::Maker;
use super::{cr3, raf};
use crate::image::metadata::DirectoryKind;

/// What a RAW file says, not looked into.
#[derive(Default)]
pub(in crate::image) struct ToldByRaw<'a> {
    /// TIFF structures, and what their first directories are.
    pub(in crate::image) exif: Vec<(Cow<'a, [u8]>, DirectoryKind)>,
    /// A packet of XMP.
    pub(in crate::image) xmp: Option<&'a [u8]>,
    /// A JPEG that says the rest.
    pub(in crate::image) jpeg: Option<&'a [u8]>,
}

/// Finds what a RAW file says.
pub(in crate::image) fn told(maker: Maker, bytes: &[u8]) -> ToldByRaw<'_> {
    let main = |tiff| vec![(tiff, DirectoryKind::Main)];
    match maker {
        Maker::Cr3 => ToldByRaw {
            exif: cr3::directories(bytes)
                .into_iter()
                .map(|(tiff, kind)| (Cow::Borrowed(tiff), kind))
                .collect(),
            xmp: cr3::xmp(bytes),
            jpeg: None,
        },
        Maker::Raf => ToldByRaw { jpeg: raf::preview(bytes).ok(), ..ToldByRaw::default() },
        // TIFF under another name.
        Maker::Orf | Maker::Rw2 => {
            let start = if bytes.starts_with(b"II") { b"II*\0" } else { b"MM\0*" };
            let tiff = Cow::Owned([start, bytes.get(4..).unwrap_or_default()].concat());
            ToldByRaw { exif: main(tiff), ..ToldByRaw::default() }
        }
        _ => ToldByRaw { exif: main(Cow::Borrowed(bytes)), ..ToldByRaw::default() },
    }
}
