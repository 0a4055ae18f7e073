//! Brightness alone: small grey pictures, how they are blurred, read between pixels and correlated.

/// Brightness from 0 to 1, row by row from the top.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) data: Vec<f32>,
}

impl Grey {
    /// Of one byte a pixel.
    pub(super) fn of_bytes(width: usize, height: usize, bytes: &[u8]) -> Self {
        Self { width, height, data: bytes.iter().map(|value| f32::from(*value) / 255.0).collect() }
    }

    /// The pixel at x and y, or the nearest one.
    pub(super) fn at(&self, x: isize, y: isize) -> f32 {
        let x = x.clamp(0, self.width as isize - 1) as usize;
        let y = y.clamp(0, self.height as isize - 1) as usize;
        self.data[y * self.width + x]
    }

    /// The brightness between pixels; the middle of the first one is at 0.
    pub(super) fn between(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let (right_share, bottom_share) = (x - left, y - top);
        let (left, top) = (left as isize, top as isize);
        let row = |y| self.at(left, y) * (1.0 - right_share) + self.at(left + 1, y) * right_share;
        row(top) * (1.0 - bottom_share) + row(top + 1) * bottom_share
    }

    /// The mean of the pixels below each new one. Not for enlarging.
    pub(super) fn shrunk(&self, width: usize, height: usize) -> Self {
        let range = |at: usize, from: usize, to: usize| (at * from / to)..((at + 1) * from).div_ceil(to);
        let mean = |n: usize| {
            let (columns, rows) =
                (range(n % width, self.width, width), range(n / width, self.height, height));
            let count = (columns.len() * rows.len()) as f32;
            let row = |y: usize| self.data[y * self.width..][columns.clone()].iter().sum::<f32>();
            rows.map(row).sum::<f32>() / count
        };
        Self { width, height, data: (0..width * height).map(mean).collect() }
    }

    /// Shrunk until the longer side has this length; smaller ones stay.
    pub(super) fn fitted(&self, side: usize) -> Self {
        let long = self.width.max(self.height);
        if long <= side {
            return self.clone();
        }
        let scaled = |length: usize| ((length * side + long / 2) / long).max(1);
        self.shrunk(scaled(self.width), scaled(self.height))
    }

    /// Every second pixel.
    pub(super) fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let pixel = |n: usize| self.data[2 * (n / width) * self.width + 2 * (n % width)];
        Self { width, height, data: (0..width * height).map(pixel).collect() }
    }

    pub(super) fn blurred(&self, sigma: f32) -> Self {
        let kernel = gaussian(sigma);
        let half = kernel.len() / 2;
        let mut padded = vec![0.0; self.width + 2 * half];
        let mut across = Vec::with_capacity(self.data.len());
        for row in self.data.chunks_exact(self.width) {
            padded[..half].fill(row[0]);
            padded[half..half + self.width].copy_from_slice(row);
            padded[half + self.width..].fill(row[self.width - 1]);
            let sum = |x: usize| -> f32 {
                padded[x..].iter().zip(&kernel).map(|(value, weight)| value * weight).sum()
            };
            across.extend((0..self.width).map(sum));
        }
        let mut data = vec![0.0; self.data.len()];
        for (y, row) in data.chunks_exact_mut(self.width).enumerate() {
            for (n, weight) in kernel.iter().enumerate() {
                let from = (y + n).saturating_sub(half).min(self.height - 1) * self.width;
                row.iter_mut()
                    .zip(&across[from..from + self.width])
                    .for_each(|(sum, value)| *sum += weight * value);
            }
        }
        Self { data, ..*self }
    }

    /// How much neighbours differ from their mean: what is blurred has little of it.
    pub(super) fn sharpness(&self) -> f32 {
        let soft = self.blurred(1.0);
        let squares = self.data.iter().zip(&soft.data).map(|(a, b)| (a - b).powi(2));
        (squares.sum::<f32>() / self.data.len() as f32).sqrt()
    }
}

fn gaussian(sigma: f32) -> Vec<f32> {
    let half = (3.0 * sigma).ceil() as i32;
    let weight = |at: i32| (-((at * at) as f32) / (2.0 * sigma * sigma)).exp();
    let sum: f32 = (-half..=half).map(weight).sum();
    (-half..=half).map(|at| weight(at) / sum).collect()
}

/// Normalised cross-correlation, -1 to 1: the same whatever the contrast and the brightness. 0 for what has neither.
pub(super) fn correlation(one: &[f32], two: &[f32]) -> f32 {
    /// So that flat pictures are not taken for each other by their noise.
    const FLAT: f32 = 1e-5;
    let count = one.len().max(1) as f32;
    let mean = |values: &[f32]| values.iter().sum::<f32>() / count;
    let (mean_one, mean_two) = (mean(one), mean(two));
    let (mut both, mut first, mut second) = (0.0, FLAT, FLAT);
    for (a, b) in one.iter().zip(two) {
        let (a, b) = (a - mean_one, b - mean_two);
        both += a * b;
        first += a * a;
        second += b * b;
    }
    both / (first * second).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: usize, height: usize) -> Grey {
        let data = (0..width * height).map(|n| (n % width) as f32 / width as f32).collect();
        Grey { width, height, data }
    }

    #[test]
    fn a_blur_keeps_flat_pictures_and_takes_sharpness() {
        let flat = Grey { width: 9, height: 7, data: vec![0.5; 63] };
        assert!(flat.blurred(2.0).data.iter().all(|value| (value - 0.5).abs() < 1e-5));
        let checks =
            Grey { width: 16, height: 16, data: (0..256).map(|n| ((n + n / 16) % 2) as f32).collect() };
        assert!(checks.blurred(1.0).sharpness() < 0.2 * checks.sharpness());
    }

    #[test]
    fn a_picture_is_shrunk_to_means_and_read_between_them() {
        let small = ramp(64, 32).fitted(16);
        assert_eq!((small.width, small.height), (16, 8));
        assert!((small.between(4.5, 3.5) - (small.at(4, 3) + small.at(5, 4)) / 2.0).abs() < 1e-5);
        assert!((small.at(0, 0) - 1.5 / 64.0).abs() < 1e-5, "the mean of the first four");
    }

    #[test]
    fn contrast_and_brightness_do_not_matter_to_a_correlation() {
        let one = ramp(8, 8).data;
        let two: Vec<_> = one.iter().map(|value| 0.2 + 0.5 * value).collect();
        assert!(correlation(&one, &two) > 0.999);
        let back: Vec<_> = one.iter().map(|value| 1.0 - value).collect();
        assert!(correlation(&one, &back) < -0.999);
        assert!(correlation(&[0.5; 64], &one).abs() < 1e-6, "flat");
    }
}
