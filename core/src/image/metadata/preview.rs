//! The small JPEG that cameras put beside the picture, which is there before anything is decoded.

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Exif, Field, In, Tag, Value};

use super::exif::{orientation, parse};
use crate::pixels::Orientation;

const START_OF_IMAGE: [u8; 2] = [0xFF, 0xD8];
const APP1: [u8; 2] = [0xFF, 0xE1];

/// The camera's preview of a photo, by the start of its file: a JPEG that says how to turn it, usually of 160 x 120
/// pixels, with black bars where the photo has another aspect. `None` for photos without one.
pub fn preview(bytes: &[u8]) -> Option<Vec<u8>> {
    let exif = parse(bytes)?;
    turned(embedded(&exif)?, orientation(&exif))
}

fn embedded(exif: &Exif) -> Option<&[u8]> {
    let number = |tag| exif.get_field(tag, In::THUMBNAIL)?.value.get_uint(0).map(|value| value as usize);
    let start = number(Tag::JPEGInterchangeFormat)?;
    let end = start.checked_add(number(Tag::JPEGInterchangeFormatLength)?)?;
    exif.buf().get(start..end)
}

/// Programs that show a JPEG turn it by its own EXIF data, which the preview lacks.
fn turned(jpeg: &[u8], orientation: Orientation) -> Option<Vec<u8>> {
    let rest = jpeg.strip_prefix(&START_OF_IMAGE)?;
    let field = Field {
        tag: Tag::Orientation,
        ifd_num: In::PRIMARY,
        value: Value::Short(vec![orientation.to_exif()]),
    };
    let mut writer = Writer::new();
    writer.push_field(&field);
    let mut tiff = Cursor::new(Vec::new());
    writer.write(&mut tiff, false).ok()?;
    let content = [b"Exif\0\0".as_slice(), tiff.get_ref()].concat();
    let length = u16::try_from(content.len() + 2).ok()?;
    Some([&START_OF_IMAGE, &APP1, length.to_be_bytes().as_slice(), &content, rest].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = b"\xFF\xD8 small \xFF\xD9";

    /// A TIFF structure as cameras write it.
    fn written(orientation: u16, preview: &[u8]) -> Vec<u8> {
        let field =
            Field { tag: Tag::Orientation, ifd_num: In::PRIMARY, value: Value::Short(vec![orientation]) };
        let mut writer = Writer::new();
        writer.push_field(&field);
        writer.set_jpeg(preview, In::THUMBNAIL);
        let mut tiff = Cursor::new(Vec::new());
        writer.write(&mut tiff, true).unwrap();
        tiff.into_inner()
    }

    #[test]
    fn the_preview_is_turned_as_its_photo() {
        let preview = preview(&written(6, JPEG)).unwrap();
        assert_eq!(super::super::orientation(&preview), Orientation::from_exif(6));
        assert!(preview.ends_with(&JPEG[2..]));
    }

    #[test]
    fn what_is_no_preview_is_none() {
        assert_eq!(preview(b"no photo"), None);
        assert_eq!(preview(&written(1, b"no JPEG")), None);
        let whole = written(1, JPEG);
        for end in 0..whole.len() {
            assert_eq!(preview(&whole[..end]), None, "cut off after {end} bytes");
        }
    }
}
