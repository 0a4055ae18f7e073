//! What an answer shall be like: vectors of pictures, each with its weight.

use crate::vectors::{add_scaled, normalise};

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Blend(Vec<(f32, Vec<f32>)>);

impl Blend {
    /// Like one picture.
    pub(super) fn of(vector: Vec<f32>) -> Self {
        Self(vec![(1.0, vector)])
    }

    /// Like another picture too; with a negative weight, unlike it.
    pub(super) fn add(&mut self, weight: f32, vector: Vec<f32>) {
        self.0.push((weight, vector));
    }

    /// The pictures' vectors with their weights.
    pub(super) fn parts(&self) -> impl Iterator<Item = (f32, &[f32])> {
        self.0.iter().map(|(weight, vector)| (*weight, vector.as_slice()))
    }

    /// All in one, of unit length.
    pub(super) fn vector(&self) -> Vec<f32> {
        let mut sum = vec![0.0; self.0.first().map_or(0, |(_, vector)| vector.len())];
        for (weight, vector) in self.parts() {
            add_scaled(&mut sum, weight, vector);
        }
        normalise(&mut sum);
        sum
    }
}
