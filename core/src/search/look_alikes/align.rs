//! How one picture lies in another: the turn, scale and shift on which most of their points agree.

use std::collections::HashSet;
use std::f32::consts::{PI, TAU};

use super::descriptor::mirrored;
use super::fingerprint::{Fingerprint, SIDE};
use super::keypoints::Keypoint;

/// Bits that two descriptors of one point differ in at most.
const DIFFERENT_BITS: u32 = 36;
/// The best match is this much better than the next one elsewhere.
const DISTINCT: f32 = 0.9;
/// Points nearer than this are at one place.
const PLACE: f32 = 6.0;
/// How far off a point may be, in pixels of a picture of [`SIDE`].
const OFF: f32 = 0.02 * SIDE as f32;
/// Copies are not scaled by more.
const SCALED: std::ops::Range<f32> = 0.2..5.0;
const TURN_OFF: f32 = 0.5;
/// Natural logarithm of what the scales of two points may differ by.
const SCALE_OFF: f32 = 0.6;
const ROUNDS: usize = 3;

/// A turn, a scale and a shift of places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placement {
    along: f32,
    across: f32,
    x: f32,
    y: f32,
}

/// How two pictures lie in each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alignment {
    placement: Placement,
    /// Width of the second one where it is mirrored.
    mirrored: Option<f32>,
    /// Places that agree.
    pub(super) agreeing: usize,
}

type Match<'a> = (&'a Keypoint, &'a Keypoint);

impl Placement {
    fn scale(&self) -> f32 {
        self.along.hypot(self.across)
    }

    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (self.along * x - self.across * y + self.x, self.across * x + self.along * y + self.y)
    }

    /// What one match says; none where it is scaled beyond reason.
    fn of((from, to): &Match<'_>) -> Option<Self> {
        let scale = to.sigma / from.sigma;
        let (sin, cos) = (to.angle - from.angle).sin_cos();
        let turn = Self { along: scale * cos, across: scale * sin, x: 0.0, y: 0.0 };
        let (x, y) = turn.place(from.x, from.y);
        SCALED.contains(&scale).then_some(Self { x: to.x - x, y: to.y - y, ..turn })
    }

    fn fits(&self, (from, to): &Match<'_>, off: f32) -> bool {
        let (x, y) = self.place(from.x, from.y);
        let scale = self.scale();
        let turned = to.angle - from.angle - self.across.atan2(self.along);
        (x - to.x).hypot(y - to.y) < off * scale.max(1.0)
            && ((turned + PI).rem_euclid(TAU) - PI).abs() < TURN_OFF
            && (to.sigma / from.sigma / scale).ln().abs() < SCALE_OFF
    }

    /// The one that fits these matches best (least squares).
    fn fitted(matches: &[Match<'_>]) -> Option<Self> {
        let count = matches.len() as f32;
        let mean = |value: fn(&Match<'_>) -> f32| matches.iter().map(value).sum::<f32>() / count;
        let (from_x, from_y) = (mean(|pair| pair.0.x), mean(|pair| pair.0.y));
        let (to_x, to_y) = (mean(|pair| pair.1.x), mean(|pair| pair.1.y));
        let (mut along, mut across, mut spread) = (0.0, 0.0, 0.0);
        for (from, to) in matches {
            let (x, y, u, v) = (from.x - from_x, from.y - from_y, to.x - to_x, to.y - to_y);
            along += x * u + y * v;
            across += x * v - y * u;
            spread += x * x + y * y;
        }
        let turn = Self { along: along / spread, across: across / spread, x: 0.0, y: 0.0 };
        let (x, y) = turn.place(from_x, from_y);
        (spread > 1.0).then_some(Self { x: to_x - x, y: to_y - y, ..turn })
    }
}

impl Alignment {
    /// Where a place of the first picture is in the second.
    pub(super) fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = self.placement.place(x, y);
        (self.mirrored.map_or(x, |width| width - x), y)
    }

    /// The area of the first picture, as the second shows it, for each of its own.
    pub(super) fn enlargement(&self) -> f32 {
        self.placement.scale().powi(2)
    }
}

/// How the first picture lies in the second, which may be mirrored. `None` where no two places agree.
pub(super) fn align(one: &Fingerprint, two: &Fingerprint) -> Option<Alignment> {
    let reflected: Vec<_> = two.points.iter().map(|point| reflect(point, two.width)).collect();
    let plain = best_placement(&matches(&one.points, &two.points));
    let reflected = best_placement(&matches(&one.points, &reflected));
    let alignment =
        |mirrored: Option<f32>| move |(agreeing, placement)| Alignment { placement, mirrored, agreeing };
    let found = plain.map(alignment(None)).into_iter().chain(reflected.map(alignment(Some(two.width))));
    // Of two that are equal, the one that is not mirrored.
    found.reduce(|best, other| if other.agreeing > best.agreeing { other } else { best })
}

fn reflect(point: &Keypoint, width: f32) -> Keypoint {
    Keypoint { x: width - point.x, angle: PI - point.angle, bits: mirrored(point.bits), ..*point }
}

/// Each point with the one that is most like it, where no point elsewhere is nearly as much.
fn matches<'a>(one: &'a [Keypoint], two: &'a [Keypoint]) -> Vec<Match<'a>> {
    let nearest = |from: &'a Keypoint| {
        let distance = |to: &Keypoint| (from.bits ^ to.bits).count_ones();
        let to = two.iter().min_by_key(|to| distance(to))?;
        let least = distance(to);
        let is_elsewhere = |other: &&Keypoint| (other.x - to.x).hypot(other.y - to.y) > PLACE;
        let is_near = |other: &Keypoint| least as f32 >= DISTINCT * distance(other) as f32;
        let is_distinct = least <= DIFFERENT_BITS && !two.iter().filter(is_elsewhere).any(is_near);
        is_distinct.then_some((from, to))
    };
    one.iter().filter_map(nearest).collect()
}

/// The placement on which most places agree, and how many.
fn best_placement(matches: &[Match<'_>]) -> Option<(usize, Placement)> {
    let loosely = |placement: Placement| {
        let agreeing = agreeing(matches, &placement, 2.0 * OFF);
        (places(&agreeing), placement)
    };
    let tried = matches.iter().filter_map(Placement::of).map(loosely);
    let (_, mut placement) = tried.max_by_key(|(places, _)| *places)?;
    let mut count = 0;
    for round in 0..=ROUNDS {
        let off = if round == 0 { 2.0 * OFF } else { OFF };
        let agreeing = agreeing(matches, &placement, off);
        count = places(&agreeing);
        if count < 2 {
            return None;
        }
        placement = Placement::fitted(&agreeing)?;
    }
    Some((count, placement))
}

fn agreeing<'a>(matches: &[Match<'a>], placement: &Placement, off: f32) -> Vec<Match<'a>> {
    matches.iter().filter(|pair| placement.fits(pair, off)).copied().collect()
}

/// At how many different places the matches are, in that picture in which they are fewer.
fn places(matches: &[Match<'_>]) -> usize {
    let cell = |point: &Keypoint| ((point.x / PLACE) as i32, (point.y / PLACE) as i32);
    let first: HashSet<_> = matches.iter().map(|pair| cell(pair.0)).collect();
    let second: HashSet<_> = matches.iter().map(|pair| cell(pair.1)).collect();
    first.len().min(second.len())
}
