//! Pages whose colours libtiff itself converts: palettes, YCbCr (JPEG among them) and the like.

use super::library::{LibTiff, SampleLayout};
use crate::image::color::premultiplied_over_white;
use crate::pixels::Rgb;

/// `None` where a strip or tile cannot be decoded.
pub(super) fn read(tiff: &LibTiff<'_>, layout: &SampleLayout) -> Option<Rgb> {
    let (width, height) = (layout.width, layout.height);
    // libtiff takes an extra sample of no meaning for opacity.
    let has_alpha = matches!(layout.extra, Some(1 | 2));
    let mut data = vec![0; width as usize * height as usize * 3];
    for (x, y) in layout.chunks() {
        let raster = tiff.rgba_chunk((x, y), layout)?;
        let columns = layout.chunk.0.min(width - x) as usize;
        let rows = raster.rchunks_exact(layout.chunk.0 as usize);
        for (row, y) in rows.zip(y..height) {
            let start = (y as usize * width as usize + x as usize) * 3;
            let target = data[start..start + columns * 3].chunks_exact_mut(3);
            for (target, pixel) in target.zip(row) {
                let [red, green, blue, alpha] = pixel.to_le_bytes();
                let alpha = if has_alpha { alpha } else { u8::MAX };
                target.copy_from_slice(&premultiplied_over_white([red, green, blue], alpha));
            }
        }
    }
    Some(Rgb { width, height, data })
}
