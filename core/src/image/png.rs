//! What the numbers of a PNG mean, by its chunks: cICP counts before iCCP, that before sRGB, and that before gAMA and cHRM
//! (PNG, third edition, 4.3).

use std::io::Cursor;

use moxcms::{Chromaticity, ColorPrimaries, XyY};
use png::{Decoder, Info, SourceChromaticities};

use super::color::{Channels, Colors};

/// sRGB for files that say nothing, or nothing that can be read.
pub(super) fn colors(bytes: &[u8], channels: Channels) -> Colors {
    let Ok(reader) = Decoder::new(Cursor::new(bytes)).read_info() else { return Colors::SRGB };
    let info = reader.info();
    if let Some(points) = info.coding_independent_code_points {
        return Colors::from_code_points(points.color_primaries.into(), points.transfer_function.into());
    }
    if let Some(colors) = info.icc_profile.as_deref().and_then(|icc| Colors::from_fitting_icc(icc, channels))
    {
        return colors;
    }
    match (info.srgb, by_numbers(info)) {
        (None, Some(colors)) => colors,
        _ => Colors::SRGB,
    }
}

/// Whether it is what Xcode makes of PNG for iOS: no decoder of PNG reads it.
pub(super) fn is_of_apple(bytes: &[u8]) -> bool {
    bytes.get(12..16) == Some(b"CgBI")
}

/// By gAMA and cHRM. Writers of sRGB name its curve as the power 1 / 2.2, as the standard tells them to.
fn by_numbers(info: &Info<'_>) -> Option<Colors> {
    const SRGB_GAMMA: std::ops::RangeInclusive<u32> = 45_000..=46_000;
    const SRGB: [(f32, f32); 4] = [(0.3127, 0.329), (0.64, 0.33), (0.3, 0.6), (0.15, 0.06)];
    let gamma = info.gama_chunk.map(png::ScaledFloat::into_scaled).filter(|gamma| *gamma > 0);
    let places = info.chrm_chunk.map(places).filter(|places| !is_near(places, &SRGB));
    if places.is_none() && gamma.is_none_or(|gamma| SRGB_GAMMA.contains(&gamma)) {
        return None;
    }
    let places = places.map(|[white, red, green, blue]| {
        let place = |(x, y)| Chromaticity { x, y };
        let white = XyY { x: white.0.into(), y: white.1.into(), yb: 1.0 };
        (white, ColorPrimaries { red: place(red), green: place(green), blue: place(blue) })
    });
    Some(Colors::from_chromaticities(places, gamma.map(|gamma| 100_000.0 / gamma as f32)))
}

fn places(chromaticities: SourceChromaticities) -> [(f32, f32); 4] {
    let SourceChromaticities { white, red, green, blue } = chromaticities;
    [white, red, green, blue].map(|(x, y)| (x.into_value(), y.into_value()))
}

fn is_near(places: &[(f32, f32); 4], others: &[(f32, f32); 4]) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() < 0.002;
    places.iter().zip(others).all(|(a, b)| near(a.0, b.0) && near(a.1, b.1))
}
