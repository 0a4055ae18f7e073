//! The comics that the fake service draws: four panels in colours that depend on the prompt.

use std::io::Cursor;

/// A PNG of four bordered panels. The same prompt gives the same picture; `step` counts its previews, each less pale.
pub fn comic_picture(width: u32, height: u32, prompt: &str, step: u32) -> Vec<u8> {
    let seed = prompt.bytes().fold(17_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let gutter = (width / 40).max(1);
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        let (column, row) = (x * 2 / width, y * 2 / height);
        let (inner_x, inner_y) = (x % (width / 2).max(1), y % (height / 2).max(1));
        let edge = inner_x < gutter || inner_y < gutter || x + gutter >= width || y + gutter >= height;
        if edge {
            return image::Rgb([255, 255, 255]);
        }
        let panel = seed.rotate_left(8 * (row * 2 + column));
        let pale = 40 * step.min(4);
        let channel = |shift: u32| {
            let base = 60 + (panel >> shift) % 120 + (inner_y * 40 / height.max(1)) + pale;
            u8::try_from(base.min(255)).unwrap()
        };
        image::Rgb([channel(0), channel(7), channel(13)])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
