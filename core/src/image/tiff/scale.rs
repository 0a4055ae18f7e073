//! Samples of any depth to bytes.

use std::ops::RangeInclusive;

/// What a sample is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Depth {
    /// Whole numbers of 1 to 31 bits, packed from the highest bit of each byte on; each row begins with a byte.
    Packed(u32),
    /// Whole numbers of 16, 24, 32 or 64 bits in the machine's order.
    Whole { bytes: usize },
    /// The same with sign.
    Signed { bytes: usize },
    /// Floating point numbers of 2, 4 or 8 bytes.
    Float { bytes: usize },
}

impl Depth {
    /// `None` for what no TIFF file has.
    pub(super) fn of(bits: u16, sample_format: u16) -> Option<Self> {
        let bytes = usize::from(bits / 8);
        match (bits, sample_format) {
            (16 | 32 | 64, 3) => Some(Self::Float { bytes }),
            (8 | 16 | 24 | 32 | 64, 2) => Some(Self::Signed { bytes }),
            (_, 3 | 5 | 6) => None,
            (16 | 24 | 32 | 64, _) => Some(Self::Whole { bytes }),
            (1..=31, _) => Some(Self::Packed(bits.into())),
            _ => None,
        }
    }

    /// Bytes of a row of so many samples.
    pub(super) fn row_bytes(self, samples: usize) -> usize {
        match self {
            Self::Packed(bits) => (samples * bits as usize).div_ceil(8),
            Self::Whole { bytes } | Self::Signed { bytes } | Self::Float { bytes } => samples * bytes,
        }
    }

    /// The samples of a row as bytes: 0 is the lowest value and 255 the highest of whole numbers, negative ones are 0, and of
    /// floating point numbers those of `range`.
    pub(super) fn bytes(self, row: &[u8], count: usize, range: &RangeInclusive<f64>) -> Vec<u8> {
        match self {
            Self::Packed(8) => row.to_vec(),
            Self::Packed(bits) => (0..count).map(|at| packed(row, at, bits)).collect(),
            Self::Whole { bytes } => row.chunks_exact(bytes).map(|sample| highest(sample, false)).collect(),
            Self::Signed { bytes } => row.chunks_exact(bytes).map(|sample| highest(sample, true)).collect(),
            Self::Float { bytes } => {
                let (low, high) = (range.start(), range.end());
                let scale = 255.0 / (high - low);
                // Casts of floating point numbers keep to the range; what is no number becomes 0.
                row.chunks_exact(bytes).map(|sample| ((float(sample) - low) * scale + 0.5) as u8).collect()
            }
        }
    }
}

fn packed(row: &[u8], at: usize, bits: u32) -> u8 {
    let start = at * bits as usize;
    let window = (0..5).fold(0_u64, |window, next| {
        window << 8 | u64::from(row.get(start / 8 + next).copied().unwrap_or_default())
    });
    let most = (1_u64 << bits) - 1;
    let value = window >> (40 - (start % 8) as u32 - bits) & most;
    ((value * 255 + most / 2) / most) as u8
}

/// The highest byte of a number in the machine's order; of one with sign, the highest seven bits and the next.
fn highest(sample: &[u8], is_signed: bool) -> u8 {
    let byte = |from_top: usize| {
        let at = if cfg!(target_endian = "little") { sample.len() - 1 - from_top } else { from_top };
        if from_top < sample.len() { sample[at] } else { 0 }
    };
    match is_signed {
        false => byte(0),
        true if byte(0) > 127 => 0,
        true => byte(0) << 1 | if sample.len() > 1 { byte(1) >> 7 } else { byte(0) >> 6 },
    }
}

/// A floating point number in the machine's order.
pub(super) fn float(sample: &[u8]) -> f64 {
    match *sample {
        [a, b] => half::f16::from_ne_bytes([a, b]).into(),
        [a, b, c, d] => f32::from_ne_bytes([a, b, c, d]).into(),
        _ => sample.first_chunk().map_or(f64::NAN, |bytes| f64::from_ne_bytes(*bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(bits: u16, format: u16, row: &[u8], count: usize) -> Vec<u8> {
        let depth = Depth::of(bits, format).unwrap();
        assert!(depth.row_bytes(count) <= row.len());
        depth.bytes(row, count, &(0.0..=1.0))
    }

    #[test]
    fn whole_numbers_of_every_depth_reach_from_black_to_white() {
        assert_eq!(bytes(1, 1, &[0b1010_0000], 3), [255, 0, 255]);
        assert_eq!(bytes(2, 1, &[0b0001_1011], 4), [0, 85, 170, 255]);
        assert_eq!(bytes(4, 1, &[0x0F, 0x80], 3), [0, 255, 136]);
        assert_eq!(bytes(8, 1, &[0, 7, 255], 3), [0, 7, 255]);
        assert_eq!(bytes(12, 1, &[0xFF, 0xF8, 0x00], 2), [255, 128]);
        assert_eq!(bytes(24, 1, &0x00C8_0000_u32.to_ne_bytes()[..3], 1), [200]);
        for value in [0_u8, 30, 200, 255] {
            assert_eq!(bytes(16, 1, &(u16::from(value) * 257).to_ne_bytes(), 1), [value]);
            assert_eq!(bytes(32, 1, &(u32::from(value) * 0x0101_0101).to_ne_bytes(), 1), [value]);
            assert_eq!(bytes(64, 1, &(u64::from(value) << 56).to_ne_bytes(), 1), [value]);
        }
    }

    #[test]
    fn numbers_with_sign_begin_at_zero() {
        for (value, expected) in [(i16::MIN, 0), (-1, 0), (0, 0), (i16::MAX / 2, 127), (i16::MAX, 255)] {
            assert_eq!(bytes(16, 2, &value.to_ne_bytes(), 1), [expected], "{value}");
        }
        assert_eq!(bytes(8, 2, &[0x80, 0xFF, 0, 127], 4), [0, 0, 0, 255]);
    }

    #[test]
    fn floating_point_numbers_are_cut_to_their_range() {
        let row: Vec<u8> =
            [-1.0_f32, 0.0, 0.5, 1.0, 40.0, f32::NAN].iter().flat_map(|value| value.to_ne_bytes()).collect();
        assert_eq!(bytes(32, 3, &row, 6), [0, 0, 128, 255, 255, 0]);
        assert_eq!(bytes(64, 3, &0.5_f64.to_ne_bytes(), 1), [128]);
        assert_eq!(bytes(16, 3, &half::f16::ONE.to_ne_bytes(), 1), [255]);
        assert_eq!(Depth::Float { bytes: 4 }.bytes(&1000_f32.to_ne_bytes(), 1, &(0.0..=2000.0)), [128]);
    }
}
