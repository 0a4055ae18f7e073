//! What is kept of a photo to tell whether another one is the same picture: a grey picture as small as a stamp, and the points
//! that are found again in copies. Some 2.7 kB.

use super::grey::Grey;
use super::keypoints::{Keypoint, keypoints};

/// Raised when fingerprints come out different.
pub(super) const VERSION: u32 = 1;
/// Longer side of the picture in which points are looked for.
pub(super) const SIDE: usize = 288;
/// Longer side of the stamp.
const STAMP: usize = 32;
/// As many points as are kept.
const POINTS: usize = 96;
const POINT_BYTES: usize = 20;
const HEAD_BYTES: usize = 10;
/// Steps of a coordinate over the longer side.
const STEPS: f32 = 255.0;
/// Steps of a scale when it doubles.
const SCALE_STEPS: f32 = 32.0;

/// See the module. Lengths are in pixels of a picture whose longer side is [`SIDE`].
#[derive(Clone, Debug)]
pub(super) struct Fingerprint {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) sharpness: f32,
    pub(super) stamp: Grey,
    pub(super) points: Vec<Keypoint>,
}

impl Fingerprint {
    /// The fingerprint of a picture that is at least [`SIDE`] long, or all there is.
    pub(super) fn of(picture: &Grey) -> Self {
        let small = picture.fitted(SIDE);
        let scale = SIDE as f32 / small.width.max(small.height) as f32;
        let points = keypoints(&small, POINTS).into_iter().map(|point| Keypoint {
            x: point.x * scale,
            y: point.y * scale,
            sigma: point.sigma * scale,
            ..point
        });
        Self {
            width: small.width as f32 * scale,
            height: small.height as f32 * scale,
            sharpness: small.sharpness(),
            stamp: small.fitted(STAMP),
            points: points.collect(),
        }
    }

    /// The brightness of the stamp at a place.
    pub(super) fn brightness(&self, x: f32, y: f32) -> f32 {
        let scale = self.stamp.width as f32 / self.width;
        self.stamp.between(x * scale - 0.5, y * scale - 0.5)
    }

    /// For keeping. Each number is rounded to what it is good for.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let byte = |value: f32| value.round().clamp(0.0, 255.0) as u8;
        let mut bytes =
            Vec::with_capacity(HEAD_BYTES + self.stamp.data.len() + POINT_BYTES * self.points.len());
        bytes.extend((self.width.round() as u16).to_le_bytes());
        bytes.extend((self.height.round() as u16).to_le_bytes());
        bytes.extend(self.sharpness.to_le_bytes());
        bytes.extend([byte(self.stamp.width as f32), byte(self.stamp.height as f32)]);
        bytes.extend(self.stamp.data.iter().map(|value| byte(value * 255.0)));
        for point in &self.points {
            let place = |at: f32| byte(at / SIDE as f32 * STEPS);
            let turn = point.angle.rem_euclid(std::f32::consts::TAU) / std::f32::consts::TAU;
            bytes.extend([place(point.x), place(point.y)]);
            bytes.extend([byte(point.sigma.log2() * SCALE_STEPS), byte(turn * 255.0)]);
            bytes.extend(point.bits.to_le_bytes());
        }
        bytes
    }

    /// What [`Self::to_bytes`] wrote.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(HEAD_BYTES)?;
        let length = |at: usize| f32::from(u16::from_le_bytes([head[at], head[at + 1]]));
        let (width, height) = (usize::from(head[8]), usize::from(head[9]));
        let (stamp, points) = rest.split_at_checked(width * height)?;
        Some(Self {
            width: length(0),
            height: length(2),
            sharpness: f32::from_le_bytes(head[4..8].try_into().ok()?),
            stamp: Grey::of_bytes(width, height, stamp),
            points: points.chunks_exact(POINT_BYTES).map(point).collect(),
        })
    }
}

fn point(bytes: &[u8]) -> Keypoint {
    let place = |at: usize| f32::from(bytes[at]) / STEPS * SIDE as f32;
    Keypoint {
        x: place(0),
        y: place(1),
        sigma: (f32::from(bytes[2]) / SCALE_STEPS).exp2(),
        angle: f32::from(bytes[3]) / 255.0 * std::f32::consts::TAU,
        bits: u128::from_le_bytes(bytes[4..].try_into().expect("16 bytes of 20")),
    }
}
