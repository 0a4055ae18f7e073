//! Whether two photos are the same picture in another form: re-encoded, scaled, cropped, turned, mirrored, or with other
//! colours. The thresholds are those of docs/decisions/0020-look-alikes.md.

use super::align::{Alignment, align};
use super::fingerprint::{Fingerprint, SIDE};
use super::grey::correlation;

/// Less alike to the model, pictures are not compared.
pub(super) const LEAST_COSINE: f32 = 0.45;
/// Places along the longer side at which aligned pictures are compared.
const PLACES: usize = 32;
/// Fewer places of both pictures say nothing.
const FEWEST: usize = 24;
/// So much of one of the two pictures at least is in the other: neighbours of a panorama are two pictures.
const SHARED: f32 = 0.75;
/// Agreeing points, least correlation of what lies upon each other, least cosine of the vectors.
const ALIGNED: [(usize, f32, f32); 4] =
    [(8, 0.75, LEAST_COSINE), (5, 0.85, LEAST_COSINE), (3, 0.93, 0.6), (2, 0.95, 0.75)];
/// Least correlation of the whole pictures, laid upon each other in one of eight ways; least cosine of the vectors.
const WHOLE: [(f32, f32); 3] = [(0.97, 0.6), (0.93, 0.75), (0.9, 0.85)];

/// Whether they are the same picture. `cosine` is that of their vectors.
pub(super) fn is_same_picture(one: &Fingerprint, two: &Fingerprint, cosine: f32) -> bool {
    if cosine < LEAST_COSINE {
        return false;
    }
    let whole = whole_correlation(one, two);
    if WHOLE.iter().any(|(least, alike)| whole >= *least && cosine >= *alike) {
        return true;
    }
    let Some(alignment) = align(one, two) else { return false };
    let needed = ALIGNED
        .iter()
        .filter(|(points, _, alike)| alignment.agreeing >= *points && cosine >= *alike)
        .map(|(_, least, _)| *least)
        .reduce(f32::min);
    needed.is_some_and(|least| aligned_correlation(one, two, &alignment) >= least)
}

/// The best correlation of two pictures that are made square, over the eight ways to lay them upon each other.
fn whole_correlation(one: &Fingerprint, two: &Fingerprint) -> f32 {
    let first = square(one, 0);
    (0..8).map(|way| correlation(&first, &square(two, way))).fold(-1.0, f32::max)
}

/// The bits of `way`: backwards across, backwards down, across for down.
fn square(print: &Fingerprint, way: u8) -> Vec<f32> {
    let turned = |at: usize, backwards: bool| (if backwards { PLACES - 1 - at } else { at }) as f32 + 0.5;
    let value = |n: usize| {
        let (x, y) = (turned(n % PLACES, way & 1 != 0), turned(n / PLACES, way & 2 != 0));
        let (x, y) = if way & 4 == 0 { (x, y) } else { (y, x) };
        print.brightness(x / PLACES as f32 * print.width, y / PLACES as f32 * print.height)
    };
    (0..PLACES * PLACES).map(value).collect()
}

/// The correlation of what both pictures show; 0 where that is too little of both.
fn aligned_correlation(one: &Fingerprint, two: &Fingerprint, alignment: &Alignment) -> f32 {
    let step = SIDE as f32 / PLACES as f32;
    let (columns, rows) = ((one.width / step).round() as usize, (one.height / step).round() as usize);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for n in 0..columns * rows {
        let (x, y) = (((n % columns) as f32 + 0.5) * step, ((n / columns) as f32 + 0.5) * step);
        let (left, top) = alignment.place(x, y);
        if (0.0..two.width).contains(&left) && (0.0..two.height).contains(&top) {
            first.push(one.brightness(x, y));
            second.push(two.brightness(left, top));
        }
    }
    let of_one = first.len() as f32 / (columns * rows).max(1) as f32;
    let of_two = of_one * alignment.enlargement() * one.width * one.height / (two.width * two.height);
    let is_enough = first.len() >= FEWEST && of_one.max(of_two) >= SHARED;
    if is_enough { correlation(&first, &second) } else { 0.0 }
}
