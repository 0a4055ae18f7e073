//! Pictures of high dynamic range (PQ and HLG of ITU-R BT.2100) to what an ordinary screen shows.
//!
//! Light up to the reference white of BT.2408, 203 cd/m2, keeps its place but for a shoulder; what is brighter, up to the 1000
//! cd/m2 that such pictures are made on, is rolled off by the curve of BT.2390.

use moxcms::CicpColorPrimaries;

use crate::pixels::Rgb;

/// Reference white in cd/m2 (BT.2408).
const WHITE: f32 = 203.0;
/// The screen that such pictures are made on, in cd/m2.
const PEAK: f32 = 1000.0;
/// The light of PQ's highest number in cd/m2.
const PQ_PEAK: f32 = 10_000.0;

/// A transfer function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Curve {
    /// Perceptual quantizer.
    Pq,
    /// Hybrid log-gamma.
    Hlg,
}

impl Curve {
    /// By the code point of ITU-T H.273; `None` for those of ordinary range.
    pub(super) fn from_code(transfer: u16) -> Option<Self> {
        match transfer {
            16 => Some(Self::Pq),
            18 => Some(Self::Hlg),
            _ => None,
        }
    }

    /// Light by the number from 0 to 1: of PQ in cd/m2, of HLG that of the scene from 0 to 1.
    fn light(self, value: f32) -> f32 {
        match self {
            Self::Pq => pq_light(value),
            Self::Hlg if value <= 0.5 => value * value / 3.0,
            Self::Hlg => (((value - 0.559_910_7) / 0.178_832_77).exp() + 0.284_668_92) / 12.0,
        }
    }
}

/// What the numbers of such a picture mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct HighRange {
    curve: Curve,
    /// To the primaries of sRGB.
    to_srgb: [[f32; 3]; 3],
}

impl HighRange {
    pub(super) fn new(curve: Curve, primaries: CicpColorPrimaries) -> Self {
        // From ITU-R BT.2087 and by the same way from the primaries of P3, white is D65 in all.
        let to_srgb = match primaries {
            CicpColorPrimaries::Bt2020 => [
                [1.660_491, -0.587_641_1, -0.072_849_9],
                [-0.124_550_5, 1.132_899_9, -0.008_349_4],
                [-0.018_150_8, -0.100_578_9, 1.118_729_7],
            ],
            CicpColorPrimaries::Smpte431 | CicpColorPrimaries::Smpte432 => [
                [1.224_940_2, -0.224_940_2, 0.0],
                [-0.042_056_9, 1.042_056_9, 0.0],
                [-0.019_637_6, -0.078_636_1, 1.098_273_7],
            ],
            _ => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        };
        Self { curve, to_srgb }
    }

    /// The picture in sRGB.
    pub(super) fn to_srgb(self, mut picture: Rgb) -> Rgb {
        let light: Vec<f32> = (0..=255_u8).map(|value| self.curve.light(f32::from(value) / 255.0)).collect();
        for pixel in picture.data.chunks_exact_mut(3) {
            let seen = self.pixel([0, 1, 2].map(|channel| light[usize::from(pixel[channel])]));
            pixel.copy_from_slice(&seen);
        }
        picture
    }

    fn pixel(self, mut light: [f32; 3]) -> [u8; 3] {
        if self.curve == Curve::Hlg {
            // The system's gamma for a screen of 1000 cd/m2 (BT.2100, table 5).
            let brightness = dot([0.2627, 0.678, 0.0593], light);
            light = light.map(|value| value * brightness.powf(0.2) * PEAK);
        }
        let color = self.to_srgb.map(|weights| dot(weights, light).max(0.0));
        let most = color.into_iter().fold(0.0, f32::max);
        // One factor for all three keeps the hue.
        let factor = if most > 0.0 { rolled_off(most) / most / WHITE } else { 0.0 };
        color.map(|value| {
            let value = value * factor;
            let value =
                if value <= 0.003_130_8 { value * 12.92 } else { value.powf(1.0 / 2.4) * 1.055 - 0.055 };
            // A cast keeps to the range.
            (value * 255.0 + 0.5) as u8
        })
    }
}

fn dot(weights: [f32; 3], values: [f32; 3]) -> f32 {
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}

/// The curve of BT.2390, section 5.4, from `PEAK` to `WHITE`, in cd/m2.
fn rolled_off(light: f32) -> f32 {
    let source = pq_number(PEAK);
    let most = pq_number(WHITE) / source;
    let value = (pq_number(light) / source).min(1.0);
    let knee = 1.5 * most - 0.5;
    if value <= knee {
        return light;
    }
    let t = (value - knee) / (1.0 - knee);
    let (t2, t3) = (t * t, t * t * t);
    let value = (2.0 * t3 - 3.0 * t2 + 1.0) * knee
        + (t3 - 2.0 * t2 + t) * (1.0 - knee)
        + (-2.0 * t3 + 3.0 * t2) * most;
    pq_light(value * source)
}

const M1: f32 = 2610.0 / 16384.0;
const M2: f32 = 2523.0 / 4096.0 * 128.0;
const C1: f32 = 3424.0 / 4096.0;
const C2: f32 = 2413.0 / 4096.0 * 32.0;
const C3: f32 = 2392.0 / 4096.0 * 32.0;

/// Light in cd/m2 by PQ's number from 0 to 1 (SMPTE ST 2084).
fn pq_light(number: f32) -> f32 {
    let power = number.powf(1.0 / M2);
    ((power - C1).max(0.0) / (C2 - C3 * power)).powf(1.0 / M1) * PQ_PEAK
}

fn pq_number(light: f32) -> f32 {
    let power = (light / PQ_PEAK).powf(M1);
    ((C1 + C2 * power) / (1.0 + C3 * power)).powf(M2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(curve: Curve, primaries: CicpColorPrimaries, color: [u8; 3]) -> [u8; 3] {
        let picture = Rgb { width: 1, height: 1, data: color.to_vec() };
        let data = HighRange::new(curve, primaries).to_srgb(picture).data;
        [data[0], data[1], data[2]]
    }

    #[test]
    fn reference_white_is_near_white_and_darker_greys_keep_their_place() {
        // What sRGB has for 20, 40 and 100 of 203 cd/m2; then white and what is brighter.
        let expected = [(20.0, 86..=91), (40.0, 120..=126), (100.0, 180..=188), (203.0, 222..=236)];
        for (light, expected) in expected.into_iter().chain([(400.0, 244..=254), (1000.0, 254..=255)]) {
            let number = (pq_number(light) * 255.0).round() as u8;
            let [red, green, blue] = seen(Curve::Pq, CicpColorPrimaries::Bt2020, [number; 3]);
            assert!(expected.contains(&red), "{light} cd/m2: {red}");
            assert!(red.abs_diff(green) <= 1 && red.abs_diff(blue) <= 1, "{light} cd/m2 is grey");
        }
        assert_eq!(seen(Curve::Pq, CicpColorPrimaries::Bt2020, [255; 3]), [255; 3], "10,000 cd/m2");
        assert_eq!(seen(Curve::Pq, CicpColorPrimaries::Bt2020, [0; 3]), [0; 3]);
    }

    #[test]
    fn hybrid_log_gamma_has_its_reference_white_at_three_quarters() {
        let [white, ..] = seen(Curve::Hlg, CicpColorPrimaries::Bt2020, [191; 3]);
        assert!((222..=236).contains(&white), "{white}");
        let [grey, ..] = seen(Curve::Hlg, CicpColorPrimaries::Bt2020, [97; 3]);
        // 38 % of the signal is 26 cd/m2, the grey card (BT.2408, table 1).
        assert!((96..=106).contains(&grey), "{grey}");
        assert_eq!(seen(Curve::Hlg, CicpColorPrimaries::Bt709, [255; 3]), [255; 3]);
    }

    #[test]
    fn colors_keep_their_hue() {
        let [red, green, blue] = seen(Curve::Pq, CicpColorPrimaries::Bt2020, [148, 60, 60]);
        assert!(red > 200 && green < 40 && blue < 60, "{red} {green} {blue}");
        let same = seen(Curve::Pq, CicpColorPrimaries::Bt709, [110, 110, 60]);
        assert_eq!(same[0], same[1]);
        assert!(same[0] > same[2] + 50, "{same:?}");
    }
}
