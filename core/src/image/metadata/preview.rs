//! The small JPEG that cameras put beside the picture, which is there before anything is decoded.

use super::exif::Exif;
use super::parts::parts;
use crate::pixels::Orientation;

const START_OF_IMAGE: [u8; 2] = [0xFF, 0xD8];
/// A segment APP1 of 34 bytes, with EXIF data of one entry: the orientation, whose value comes next.
const TURNED: &[u8] = b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0";
const END: &[u8] = &[0; 6];

/// The camera's preview of a photo, by the start of its file: a JPEG that says how to turn it, usually of 160 x 120
/// pixels, with black bars where the photo has another aspect. `None` for photos without one.
pub fn preview(bytes: &[u8]) -> Option<Vec<u8>> {
    let parts = parts(bytes);
    parts.exif.iter().find_map(|(tiff, first)| {
        let exif = Exif::of(tiff, *first);
        turned(exif.preview()?, exif.orientation().unwrap_or(Orientation::UPRIGHT))
    })
}

/// Programs that show a JPEG turn it by its own EXIF data, which the preview lacks.
fn turned(jpeg: &[u8], orientation: Orientation) -> Option<Vec<u8>> {
    let rest = jpeg.strip_prefix(&START_OF_IMAGE)?;
    let orientation = u8::try_from(orientation.to_exif()).ok()?;
    Some([&START_OF_IMAGE, TURNED, &[orientation], END, rest].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = b"\xFF\xD8 small \xFF\xD9";

    /// A TIFF structure as cameras write it: one entry for the picture, and two for the preview behind them.
    fn written(orientation: u8, preview: &[u8]) -> Vec<u8> {
        let length = u8::try_from(preview.len()).unwrap();
        [
            b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
            &[orientation],
            b"\0\0\0\0\0\x1a\0\x02\x02\x01\0\x04\0\0\0\x01\0\0\0\x38\x02\x02\0\x04\0\0\0\x01\0\0\0",
            &[length],
            b"\0\0\0\0",
            preview,
        ]
        .concat()
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
