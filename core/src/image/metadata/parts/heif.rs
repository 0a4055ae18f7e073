//! The items of HEIC and AVIF that describe the main picture, and not another one in the same file (ISO/IEC 23008-12).

use std::borrow::Cow;

use heic_rs::meta::iinf::ItemInfo;
use heic_rs::meta::iloc::{Construction, Extent, ItemLocation};
use heic_rs::meta::iref::{RefKind, targets};
use heic_rs::meta::{self, Meta};
use heic_rs::metadata::is_xmp;

use super::found::{MAX_PACKET, Parts, from, tiff_start};
use crate::image::metadata::exif::DirectoryKind;

/// Real files have two.
const MAX_ITEMS: usize = 32;

/// Items of the main picture first, then those that do not say what they describe.
pub(super) fn find<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    let Ok(meta) = meta::parse(bytes) else { return };
    for is_wanted in [describes_main as fn(&Meta<'_>, u32) -> bool, describes_nothing] {
        for item in meta.items.iter().filter(|item| is_wanted(&meta, item.id)).take(MAX_ITEMS) {
            keep(&meta, bytes, item, parts);
        }
    }
}

fn describes_main(meta: &Meta<'_>, item: u32) -> bool {
    targets(&meta.refs, item, RefKind::Cdsc).contains(&meta.primary)
}

fn describes_nothing(meta: &Meta<'_>, item: u32) -> bool {
    targets(&meta.refs, item, RefKind::Cdsc).is_empty()
}

fn keep<'a>(meta: &Meta<'a>, bytes: &'a [u8], item: &ItemInfo<'_>, parts: &mut Parts<'a>) {
    let is_exif = &item.item_type == b"Exif";
    if !is_exif && !is_xmp(item.content_type) {
        return;
    }
    let Some(data) = data(meta, bytes, item.id) else { return };
    if !is_exif {
        parts.keep_xmp(data);
    } else if let Some(start) = exif_start(&data) {
        parts.keep_exif(from(data, start), DirectoryKind::Main);
    }
}

/// Four bytes say how many others stand before the TIFF structure; some writers leave them out or are wrong.
pub(super) fn exif_start(data: &[u8]) -> Option<usize> {
    let said = data.first_chunk().map(|head| (u32::from_be_bytes(*head) as usize).saturating_add(4));
    let is_right = |start: &usize| data.get(*start..).is_some_and(|rest| tiff_start(rest) == Some(0));
    said.filter(is_right).or_else(|| tiff_start(data))
}

/// The bytes of an item that lies in the file itself. (Items made of other items are for pictures, and can be made to
/// multiply.)
fn data<'a>(meta: &Meta<'a>, bytes: &'a [u8], item: u32) -> Option<Cow<'a, [u8]>> {
    let location = meta.location(item)?;
    let source = match location.construction {
        Construction::File => bytes,
        Construction::Idat => meta.idat?,
        Construction::Item => return None,
    };
    if let [extent] = &location.extents[..] {
        return extent_in(source, location, extent).map(Cow::Borrowed);
    }
    let mut whole = Vec::new();
    for extent in &location.extents {
        whole.extend_from_slice(extent_in(source, location, extent)?);
        if whole.len() > MAX_PACKET {
            return None;
        }
    }
    Some(Cow::Owned(whole))
}

fn extent_in<'a>(source: &'a [u8], location: &ItemLocation, extent: &Extent) -> Option<&'a [u8]> {
    let start = usize::try_from(location.base_offset.checked_add(extent.offset)?).ok()?;
    let rest = source.get(start..)?;
    // Zero means all that is left.
    if extent.length == 0 { Some(rest) } else { rest.get(..usize::try_from(extent.length).ok()?) }
}
