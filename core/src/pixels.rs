//! An RGB picture in memory and what is done to its pixels: resize and turn upright. Shared by image, embed and comic.

use fast_image_resize as fir;

use crate::types::Area;

/// 8-bit RGB pixels, row by row from the top, without padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rgb {
    /// Width in pixels, at least 1.
    pub width: u32,
    /// Height in pixels, at least 1.
    pub height: u32,
    /// `width * height * 3` bytes.
    pub data: Vec<u8>,
}

/// How a resize weighs the pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResizeFilter {
    /// Sharp; for what people look at.
    Lanczos,
    /// What image models are usually trained with ("bicubic", a = -0.5).
    Bicubic,
}

/// How the camera was held: the value of the EXIF tag, 1 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orientation(u8);

impl Orientation {
    /// Stored as it is seen.
    pub const UPRIGHT: Self = Self(1);

    /// Takes the value of the EXIF tag; anything but 1 to 8 means upright.
    pub fn from_exif(value: u32) -> Self {
        u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).map_or(Self::UPRIGHT, Self)
    }

    /// The value of the EXIF tag.
    pub fn to_exif(self) -> u16 {
        u16::from(self.0)
    }

    /// Whether width and height change places.
    pub fn swaps_sides(self) -> bool {
        self.0 >= 5
    }

    /// The one turn that is this one and then `next`.
    pub fn then(self, next: Self) -> Self {
        let ((swaps, flips_x, flips_y), (next_swaps, next_x, next_y)) = (self.parts(), next.parts());
        let (next_x, next_y) = if swaps { (next_y, next_x) } else { (next_x, next_y) };
        let parts = (swaps != next_swaps, flips_x != next_x, flips_y != next_y);
        (1..=8).map(Self).find(|turn| turn.parts() == parts).expect("the eight turns are a group")
    }

    /// Where an upright pixel comes from: whether x and y change places, and then which of them run backwards.
    fn parts(self) -> (bool, bool, bool) {
        (self.0 >= 5, matches!(self.0, 2 | 3 | 7 | 8), matches!(self.0, 3 | 4 | 6 | 7))
    }

    /// The size as seen, from the size as stored.
    pub fn upright_size(self, width: u32, height: u32) -> (u32, u32) {
        if self.swaps_sides() { (height, width) } else { (width, height) }
    }
}

impl Rgb {
    /// Resizes to exactly this size, with smoothing when it shrinks. Sizes are at least 1.
    pub fn resized(&self, width: u32, height: u32, filter: ResizeFilter) -> Self {
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let source = fir::images::ImageRef::new(self.width, self.height, &self.data, fir::PixelType::U8x3)
            .expect("the buffer has width * height * 3 bytes");
        let mut target = fir::images::Image::new(width, height, fir::PixelType::U8x3);
        let filter = match filter {
            ResizeFilter::Lanczos => fir::FilterType::Lanczos3,
            ResizeFilter::Bicubic => fir::FilterType::CatmullRom,
        };
        let options = fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(filter));
        fir::Resizer::new().resize(&source, &mut target, &options).expect("both are U8x3 and not empty");
        Self { width, height, data: target.into_vec() }
    }

    /// Shrinks so that the longer side is at most `side`; never enlarges.
    pub fn fitted(&self, side: u32) -> Self {
        let (width, height) = fit(self.width, self.height, side);
        self.resized(width, height, ResizeFilter::Lanczos)
    }

    /// The part of the picture that an area covers, at least one pixel.
    pub fn cropped(&self, area: &Area) -> Self {
        let place = |from: f32, length: f32, of: u32| {
            let begin = (from * of as f32).round().clamp(0.0, of as f32 - 1.0) as u32;
            let end = ((from + length) * of as f32).round().clamp(begin as f32 + 1.0, of as f32) as u32;
            (begin as usize, end as usize)
        };
        let (left, right) = place(area.x, area.width, self.width);
        let (top, bottom) = place(area.y, area.height, self.height);
        let mut data = Vec::with_capacity((right - left) * (bottom - top) * 3);
        for y in top..bottom {
            let start = y * self.width as usize;
            data.extend_from_slice(&self.data[(start + left) * 3..(start + right) * 3]);
        }
        Self { width: (right - left) as u32, height: (bottom - top) as u32, data }
    }

    /// Turns and mirrors the picture as the EXIF orientation asks.
    pub fn turned(self, orientation: Orientation) -> Self {
        if orientation == Orientation::UPRIGHT {
            return self;
        }
        let (width, height) = orientation.upright_size(self.width, self.height);
        let (last_x, last_y) = (self.width - 1, self.height - 1);
        let mut data = Vec::with_capacity(self.data.len());
        for y in 0..height {
            for x in 0..width {
                let (from_x, from_y) = match orientation.0 {
                    2 => (last_x - x, y),
                    3 => (last_x - x, last_y - y),
                    4 => (x, last_y - y),
                    5 => (y, x),
                    6 => (y, last_y - x),
                    7 => (last_x - y, last_y - x),
                    _ => (last_x - y, x),
                };
                let start = (from_y as usize * self.width as usize + from_x as usize) * 3;
                data.extend_from_slice(&self.data[start..start + 3]);
            }
        }
        Self { width, height, data }
    }

    /// The average colour.
    pub fn average(&self) -> [u8; 3] {
        let mut sums = [0_u64; 3];
        for pixel in self.data.chunks_exact(3) {
            for (sum, &value) in sums.iter_mut().zip(pixel) {
                *sum += u64::from(value);
            }
        }
        let count = u64::from(self.width) * u64::from(self.height);
        sums.map(|sum| u8::try_from(sum / count.max(1)).expect("an average of bytes is a byte"))
    }
}

/// The size with the longer side at most `side` and the same aspect; never larger, never 0.
pub fn fit(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= side {
        return (width, height);
    }
    let scale = |length: u32| {
        let scaled = (u64::from(length) * u64::from(side) * 2 + u64::from(longer)) / (u64::from(longer) * 2);
        u32::try_from(scaled).expect("not longer than `side`").max(1)
    };
    (scale(width), scale(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 3 x 2 picture whose red channel numbers the pixels: 0 1 2 / 3 4 5.
    fn numbered() -> Rgb {
        Rgb { width: 3, height: 2, data: (0..6).flat_map(|n| [n, 0, 0]).collect() }
    }

    fn reds(picture: &Rgb) -> Vec<u8> {
        picture.data.chunks_exact(3).map(|pixel| pixel[0]).collect()
    }

    #[test]
    fn all_eight_orientations_follow_the_exif_standard() {
        // Rows as seen upright, from the figure of EXIF 2.32, tag 0x0112.
        let expected: [(u32, [u8; 6]); 8] = [
            (1, [0, 1, 2, 3, 4, 5]),
            (2, [2, 1, 0, 5, 4, 3]),
            (3, [5, 4, 3, 2, 1, 0]),
            (4, [3, 4, 5, 0, 1, 2]),
            (5, [0, 3, 1, 4, 2, 5]),
            (6, [3, 0, 4, 1, 5, 2]),
            (7, [5, 2, 4, 1, 3, 0]),
            (8, [2, 5, 1, 4, 0, 3]),
        ];
        for (value, rows) in expected {
            let turned = numbered().turned(Orientation::from_exif(value));
            assert_eq!(reds(&turned), rows, "orientation {value}");
            assert_eq!((turned.width, turned.height), if value < 5 { (3, 2) } else { (2, 3) });
        }
    }

    #[test]
    fn two_turns_are_one() {
        for first in 1..=8 {
            for second in 1..=8 {
                let (first, second) = (Orientation::from_exif(first), Orientation::from_exif(second));
                let step_by_step = numbered().turned(first).turned(second);
                assert_eq!(numbered().turned(first.then(second)), step_by_step, "{first:?} and {second:?}");
            }
        }
    }

    #[test]
    fn nonsense_orientations_mean_upright() {
        for value in [0, 9, 70_000] {
            assert_eq!(Orientation::from_exif(value), Orientation::UPRIGHT);
        }
    }

    #[test]
    fn fit_keeps_the_aspect_and_never_gives_zero() {
        assert_eq!(fit(4000, 3000, 512), (512, 384));
        assert_eq!(fit(3000, 4000, 512), (384, 512));
        assert_eq!(fit(100, 50, 512), (100, 50));
        assert_eq!(fit(50_000, 1, 512), (512, 1));
        assert_eq!(fit(u32::MAX, u32::MAX, 512), (512, 512));
    }

    #[test]
    fn average_is_the_mean_of_each_channel() {
        let picture = Rgb { width: 2, height: 1, data: vec![0, 10, 200, 100, 20, 100] };
        assert_eq!(picture.average(), [50, 15, 150]);
    }
}
