//! Points of a grey picture that are found again after it was scaled, turned, cropped, mirrored or made lighter: extrema of
//! the difference of Gaussians, each with its scale and direction (Lowe, "Distinctive Image Features from Scale-Invariant
//! Keypoints", 2004).

use std::f32::consts::TAU;

use super::descriptor::{describe, gradient};
use super::grey::Grey;

/// Scales that are looked at before the picture is halved.
const SCALES: usize = 3;
/// The blur of the first scale, in pixels; that of a sharp picture is half a pixel.
const SIGMA: f32 = 1.6;
const SHARP: f32 = 0.5;
/// Smaller pictures are not looked at.
const SMALLEST: usize = 16;
/// Fainter points are noise: a difference of brightness, of 1.
const FAINTEST: f32 = 0.0025;
/// How much longer than wide a point may be; along edges it is not found again.
const LONGEST: f32 = 10.0;
/// Points have the whole of their neighbourhood in the picture.
const MARGIN: usize = 4;
const DIRECTIONS: usize = 36;
/// A direction that is nearly as strong as the strongest one makes a point of its own.
const NEARLY: f32 = 0.8;

/// A point, in pixels of the picture that it was found in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Keypoint {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) sigma: f32,
    /// Where it gets brighter, in radians.
    pub(super) angle: f32,
    /// What is around it, see [`describe`].
    pub(super) bits: u128,
}

/// An extremum, before it is described.
struct Extremum {
    octave: usize,
    scale: usize,
    x: usize,
    y: usize,
    strength: f32,
}

/// Up to `most` points, the strongest ones.
pub(super) fn keypoints(picture: &Grey, most: usize) -> Vec<Keypoint> {
    let octaves = octaves(picture);
    let mut found: Vec<_> =
        octaves.iter().enumerate().flat_map(|(octave, scales)| extrema(scales, octave)).collect();
    found.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    let mut points = Vec::new();
    for extremum in found {
        if points.len() >= most {
            break;
        }
        points.extend(described(&octaves[extremum.octave][extremum.scale], &extremum));
    }
    points.truncate(most);
    points
}

fn sigma_of(scale: usize) -> f32 {
    SIGMA * 2_f32.powf(scale as f32 / SCALES as f32)
}

/// More and more blurred pictures, then the same of half the size, and so on.
fn octaves(picture: &Grey) -> Vec<Vec<Grey>> {
    let mut octaves = Vec::new();
    let mut base = picture.blurred((SIGMA * SIGMA - SHARP * SHARP).sqrt());
    while base.width.min(base.height) >= SMALLEST {
        let mut scales = vec![base];
        for scale in 1..SCALES + 3 {
            let more = (sigma_of(scale).powi(2) - sigma_of(scale - 1).powi(2)).sqrt();
            scales.push(scales[scale - 1].blurred(more));
        }
        base = scales[SCALES].halved();
        octaves.push(scales);
    }
    octaves
}

fn extrema(scales: &[Grey], octave: usize) -> Vec<Extremum> {
    let (width, height) = (scales[0].width, scales[0].height);
    let difference = |pair: &[Grey]| -> Vec<f32> {
        pair[1].data.iter().zip(&pair[0].data).map(|(more, less)| more - less).collect()
    };
    let layers: Vec<_> = scales.windows(2).map(difference).collect();
    let mut found = Vec::new();
    for scale in 1..=SCALES {
        for y in MARGIN..height.saturating_sub(MARGIN) {
            for x in MARGIN..width.saturating_sub(MARGIN) {
                let at = y * width + x;
                let strength = layers[scale][at].abs();
                if strength >= FAINTEST
                    && is_extremum(&layers[scale - 1..scale + 2], width, at)
                    && !is_edge(&layers[scale], width, at)
                {
                    found.push(Extremum { octave, scale, x, y, strength });
                }
            }
        }
    }
    found
}

/// Whether the middle of 27 neighbours is the largest or the smallest.
fn is_extremum(layers: &[Vec<f32>], width: usize, at: usize) -> bool {
    let value = layers[1][at];
    let sign = value.signum();
    layers.iter().enumerate().all(|(layer, values)| {
        [at - width, at, at + width].into_iter().all(|row| {
            let others = &values[row - 1..=row + 1];
            let is_middle = layer == 1 && row == at;
            others.iter().enumerate().all(|(n, other)| (is_middle && n == 1) || (value - other) * sign > 0.0)
        })
    })
}

fn is_edge(layer: &[f32], width: usize, at: usize) -> bool {
    let across = layer[at - 1] + layer[at + 1] - 2.0 * layer[at];
    let down = layer[at - width] + layer[at + width] - 2.0 * layer[at];
    let diagonal =
        (layer[at + width + 1] - layer[at + width - 1] - layer[at - width + 1] + layer[at - width - 1]) / 4.0;
    let (trace, determinant) = (across + down, across * down - diagonal * diagonal);
    determinant <= 0.0 || trace * trace / determinant > (LONGEST + 1.0).powi(2) / LONGEST
}

fn described(picture: &Grey, extremum: &Extremum) -> Vec<Keypoint> {
    let (x, y, sigma) = (extremum.x as f32, extremum.y as f32, sigma_of(extremum.scale));
    let scale = (1_u32 << extremum.octave) as f32;
    let point = |angle| Keypoint {
        x: x * scale,
        y: y * scale,
        sigma: sigma * scale,
        angle,
        bits: describe(picture, (x, y), sigma, angle),
    };
    directions(picture, extremum, sigma).into_iter().map(point).collect()
}

/// The directions of the gradients around a point that stand out, in radians.
fn directions(picture: &Grey, extremum: &Extremum, sigma: f32) -> Vec<f32> {
    let radius = (4.5 * sigma).round() as isize;
    let mut sums = [0.0_f32; DIRECTIONS];
    for down in -radius..=radius {
        for across in -radius..=radius {
            let (x, y) = (extremum.x as isize + across, extremum.y as isize + down);
            let (length, angle) = gradient(picture, x, y);
            let near = (-((across * across + down * down) as f32) / (4.5 * sigma * sigma)).exp();
            sums[(angle / TAU * DIRECTIONS as f32) as usize % DIRECTIONS] += near * length;
        }
    }
    let around = |sums: &[f32; DIRECTIONS], at: usize| {
        [sums[(at + DIRECTIONS - 1) % DIRECTIONS], sums[at], sums[(at + 1) % DIRECTIONS]]
    };
    for _ in 0..2 {
        let rough = sums;
        (0..DIRECTIONS).for_each(|at| sums[at] = around(&rough, at).iter().sum::<f32>() / 3.0);
    }
    let strongest = sums.iter().copied().fold(0.0, f32::max);
    let peak = |at: usize| {
        let [before, here, after] = around(&sums, at);
        let shift = 0.5 * (before - after) / (before - 2.0 * here + after);
        let is_peak = here > before && here > after && here >= NEARLY * strongest;
        is_peak.then(|| (at as f32 + 0.5 + shift) / DIRECTIONS as f32 * TAU)
    };
    (0..DIRECTIONS).filter_map(peak).collect()
}
