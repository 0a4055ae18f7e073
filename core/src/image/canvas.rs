//! A picture that comes in tiles, shrunk while it is put together: a photo of 48 megapixels never lies in memory whole.

use crate::pixels::Rgb;

/// Largest factor by which a canvas shrinks.
const MAX_FACTOR: u32 = 16;

/// Collects tiles at a fraction of their size.
pub(super) struct Canvas {
    picture: Rgb,
    factor: u32,
}

impl Canvas {
    /// A canvas for `width` x `height` pixels that shrinks by the largest power of two which leaves the longer side at
    /// least `side` pixels and divides the tiles' sizes `steps`.
    pub(super) fn new((width, height): (u32, u32), side: u32, steps: [u32; 2]) -> Self {
        let mut factor = 1;
        while factor < MAX_FACTOR
            && width.max(height) / (factor * 2) >= side
            && steps.iter().all(|step| step.is_multiple_of(factor * 2))
        {
            factor *= 2;
        }
        let (width, height) = (width.div_ceil(factor), height.div_ceil(factor));
        let data = vec![0; width as usize * height as usize * 3];
        Self { picture: Rgb { width, height, data }, factor }
    }

    /// How many pixels become one along each side.
    pub(super) fn factor(&self) -> u32 {
        self.factor
    }

    /// Puts a tile at `left`, `top` (in full-size pixels, multiples of the factor). What lies outside is cut off.
    pub(super) fn paste(&mut self, tile: &Rgb, left: u32, top: u32) {
        let (left, top) = (left / self.factor, top / self.factor);
        let columns = tile.width.div_ceil(self.factor).min(self.picture.width.saturating_sub(left));
        let rows = tile.height.div_ceil(self.factor).min(self.picture.height.saturating_sub(top));
        if columns == 0 {
            return;
        }
        for row in 0..rows {
            let start = ((top + row) as usize * self.picture.width as usize + left as usize) * 3;
            let target = &mut self.picture.data[start..start + columns as usize * 3];
            if self.factor == 1 {
                let from = row as usize * tile.width as usize * 3;
                target.copy_from_slice(&tile.data[from..from + target.len()]);
            } else {
                for (column, pixel) in (0..).zip(target.chunks_exact_mut(3)) {
                    pixel.copy_from_slice(&mean(tile, column * self.factor, row * self.factor, self.factor));
                }
            }
        }
    }

    /// The picture.
    pub(super) fn finish(self) -> Rgb {
        self.picture
    }
}

/// The average of a square, or of what the tile has of it.
fn mean(tile: &Rgb, left: u32, top: u32, side: u32) -> [u8; 3] {
    let (right, bottom) = ((left + side).min(tile.width), (top + side).min(tile.height));
    let mut sums = [0_u32; 3];
    for y in top..bottom {
        let row = y as usize * tile.width as usize;
        let pixels = &tile.data[(row + left as usize) * 3..(row + right as usize) * 3];
        for pixel in pixels.chunks_exact(3) {
            sums = [0, 1, 2].map(|channel| sums[channel] + u32::from(pixel[channel]));
        }
    }
    let count = (right - left) * (bottom - top);
    sums.map(|sum| u8::try_from((sum + count / 2) / count).expect("an average of bytes is a byte"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(width: u32, height: u32, value: u8) -> Rgb {
        Rgb { width, height, data: vec![value; (width * height * 3) as usize] }
    }

    #[test]
    fn tiles_meet_without_gaps_at_each_factor() {
        for (side, expected) in [(100, (100, 60)), (40, (50, 30)), (20, (25, 15))] {
            let mut canvas = Canvas::new((100, 60), side, [64, 64]);
            canvas.paste(&flat(64, 64, 10), 0, 0);
            canvas.paste(&flat(64, 64, 200), 64, 0);
            let picture = canvas.finish();
            assert_eq!((picture.width, picture.height), expected);
            let edge = 64 * expected.0 / 100;
            for (at, pixel) in (0..).zip(picture.data.chunks_exact(3)) {
                assert_eq!(pixel[0], if at % picture.width < edge { 10 } else { 200 }, "side {side} at {at}");
            }
        }
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let mut canvas = Canvas::new((10, 10), 10, [8, 8]);
        for (left, top) in [(8, 8), (16, 0), (0, 16), (u32::MAX, u32::MAX)] {
            canvas.paste(&flat(8, 8, 9), left, top);
        }
        let picture = canvas.finish();
        assert_eq!(picture.data.iter().filter(|&&value| value == 9).count(), 2 * 2 * 3);
    }

    #[test]
    fn a_factor_that_does_not_divide_the_tiles_is_not_taken() {
        assert_eq!(Canvas::new((4000, 3000), 500, [500, 500]).factor(), 4);
        assert_eq!(Canvas::new((4000, 3000), 500, [512, 512]).factor(), 8);
        assert_eq!(Canvas::new((300, 200), 512, [512, 512]).factor(), 1);
    }
}
