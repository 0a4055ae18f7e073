//! Small decodes beside the means of what libjpeg-turbo decodes whole.

use super::*;

/// A picture with edges, and with grain in each channel by itself.
fn picture(width: usize, height: usize) -> Vec<u8> {
    let grain = |x: usize, y: usize, channel: usize| (x * 7919 + y * 104_729 + channel * 1299) % 41;
    let value = |x: usize, y: usize, channel: usize| {
        let shade =
            40 + x * 90 / width + y * 40 / height + if (x / 37 + y / 23).is_multiple_of(2) { 30 } else { 0 };
        u8::try_from(shade + grain(x, y, channel) / (1 + channel)).unwrap()
    };
    (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| [0, 1, 2].map(move |channel| value(x, y, channel))))
        .collect()
}

fn jpeg(width: usize, height: usize, subsampling: turbojpeg::Subsamp) -> Vec<u8> {
    let pixels = picture(width, height);
    let image = turbojpeg::Image {
        pixels: pixels.as_slice(),
        width,
        pitch: width * 3,
        height,
        format: turbojpeg::PixelFormat::RGB,
    };
    turbojpeg::compress(image, 90, subsampling).unwrap().to_vec()
}

/// Means of the cells of the picture that libjpeg-turbo decodes whole.
fn reference(jpeg: &[u8], divisor: usize) -> Rgb {
    let whole: turbojpeg::Image<Vec<u8>> = turbojpeg::decompress(jpeg, turbojpeg::PixelFormat::RGB).unwrap();
    let (width, height) = (whole.width.div_ceil(divisor), whole.height.div_ceil(divisor));
    let mean = |column: usize, row: usize, channel: usize| {
        let rows = row * divisor..((row + 1) * divisor).min(whole.height);
        let columns = column * divisor..((column + 1) * divisor).min(whole.width);
        let count = rows.len() * columns.len();
        let places = rows.flat_map(|y| columns.clone().map(move |x| (x, y)));
        let sum: usize =
            places.map(|(x, y)| usize::from(whole.pixels[y * whole.pitch + x * 3 + channel])).sum();
        u8::try_from(sum / count).unwrap()
    };
    let data = (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| [0, 1, 2].map(move |channel| (x, y, channel))))
        .map(|(x, y, channel)| mean(x, y, channel))
        .collect();
    Rgb { width: u32::try_from(width).unwrap(), height: u32::try_from(height).unwrap(), data }
}

/// Mean square of the differences.
fn difference(one: &Rgb, other: &Rgb) -> f64 {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let squares = one.data.iter().zip(&other.data).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2));
    squares.sum::<f64>() / one.data.len() as f64
}

#[test]
fn a_pixel_is_the_mean_of_its_cell() {
    use turbojpeg::Subsamp;
    for subsampling in [Subsamp::None, Subsamp::Sub2x1, Subsamp::Sub1x2, Subsamp::Sub2x2, Subsamp::Gray] {
        for (width, height) in [(256, 128), (333, 217), (17, 9), (8, 8), (1, 1)] {
            let jpeg = jpeg(width, height, subsampling);
            for divisor in [4, 8] {
                let ours = decode(&jpeg, divisor).unwrap();
                let difference = difference(&ours, &reference(&jpeg, divisor));
                // Cells at the edge reach beyond the picture: small pictures are all edge.
                let most = if width < 20 { 40.0 } else { 4.0 };
                assert!(difference < most, "{subsampling:?} {width} x {height} / {divisor}: {difference}");
            }
        }
    }
}

#[test]
fn what_is_damaged_or_cut_off_is_left_to_libjpeg() {
    let whole = jpeg(64, 48, turbojpeg::Subsamp::Sub2x2);
    for end in 0..whole.len() {
        assert_eq!(decode(&whole[..end], 4), None, "cut off after {end} bytes");
    }
    assert_eq!(decode(&whole, 2), None, "it knows 4 and 8");
}

#[test]
fn no_change_of_a_byte_makes_it_fail_otherwise() {
    let whole = jpeg(64, 48, turbojpeg::Subsamp::Sub2x2);
    for at in 0..whole.len() {
        for value in [0, 0x7F, 0xFF, whole[at].wrapping_add(1)] {
            let mut changed = whole.clone();
            changed[at] = value;
            if let Some(picture) = decode(&changed, 4) {
                assert_eq!(picture.data.len(), (picture.width * picture.height * 3) as usize);
            }
        }
    }
}
