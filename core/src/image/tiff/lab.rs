//! CIELab pixels to sRGB.

/// The white that CIELab pictures refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LabWhite {
    /// That of ICC profiles, and of files that name none.
    D50,
    /// That of screens.
    D65,
}

impl LabWhite {
    /// By its chromaticity.
    pub(super) fn of(x: f32, y: f32) -> Self {
        let is_d65 = (x - 0.3127).abs() < 0.003 && (y - 0.329).abs() < 0.003;
        if is_d65 { Self::D65 } else { Self::D50 }
    }

    /// CIE XYZ of the white, and the way from XYZ to the light of sRGB's primaries, adapted by Bradford's method
    /// (<http://www.brucelindbloom.com/Eqn_RGB_XYZ_Matrix.html>).
    fn numbers(self) -> ([f64; 3], [[f64; 3]; 3]) {
        match self {
            Self::D50 => (
                [0.964_22, 1.0, 0.825_21],
                [
                    [3.133_856_1, -1.616_866_7, -0.490_614_6],
                    [-0.978_768_4, 1.916_141_5, 0.033_454_0],
                    [0.071_945_3, -0.228_991_4, 1.405_242_7],
                ],
            ),
            Self::D65 => (
                [0.950_47, 1.0, 1.088_83],
                [
                    [3.240_454_2, -1.537_138_5, -0.498_531_4],
                    [-0.969_266_0, 1.876_010_8, 0.041_556_0],
                    [0.055_643_4, -0.204_025_9, 1.057_225_2],
                ],
            ),
        }
    }
}

/// Pixels of three bytes each. `is_offset`: zero is 128 in a* and b*, as in ICC profiles; else they have a sign (TIFF 6.0,
/// section 23).
pub(super) fn to_srgb(pixels: &[u8], is_offset: bool, white: LabWhite) -> Vec<u8> {
    let flip = if is_offset { 0x80 } else { 0 };
    let signed = |value: u8| f64::from((value ^ flip).cast_signed());
    let pixel = |pixel: &[u8]| srgb([f64::from(pixel[0]) / 2.55, signed(pixel[1]), signed(pixel[2])], white);
    pixels.chunks_exact(3).flat_map(pixel).collect()
}

fn srgb([lightness, a, b]: [f64; 3], white: LabWhite) -> [u8; 3] {
    let (white, to_light) = white.numbers();
    let y = (lightness + 16.0) / 116.0;
    let relative = [y + a / 500.0, y, y - b / 200.0]
        .map(|value| if value > 6.0 / 29.0 { value.powi(3) } else { (value - 4.0 / 29.0) * 108.0 / 841.0 });
    to_light.map(|weights| {
        let light: f64 = (0..3).map(|at| weights[at] * relative[at] * white[at]).sum();
        let value = if light <= 0.003_130_8 { light * 12.92 } else { light.powf(1.0 / 2.4) * 1.055 - 0.055 };
        // A cast keeps to the range.
        (value * 255.0 + 0.5) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colors_of_srgb_come_back() {
        // L*, a* and b* of white, black, sRGB's red and a blue, by Little CMS.
        let signed = [255, 0, 0, 0, 0, 0, 138, 81, 70, 76, 68, 144];
        let wanted = [[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 0, 255]];
        let seen = to_srgb(&signed, false, LabWhite::D50);
        for (color, wanted) in seen.chunks_exact(3).zip(wanted) {
            assert!(color.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 4), "{color:?} for {wanted:?}");
        }
        let offset: Vec<u8> =
            (0..).zip(signed).map(|(at, value)| if at % 3 == 0 { value } else { value ^ 0x80 }).collect();
        assert_eq!(to_srgb(&offset, true, LabWhite::D50), seen);
        for white in [LabWhite::of(0.3127, 0.329), LabWhite::of(0.3457, 0.3585)] {
            assert_eq!(to_srgb(&[255, 0, 0], false, white), [255; 3], "{white:?} is white");
        }
    }
}
