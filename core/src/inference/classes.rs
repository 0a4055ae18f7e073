//! What kinds of things a photo shows: the ImageNet classes that its vector speaks of. Made of the stored vectors, so that
//! no photo is read again (docs/decisions/0018-words.md).

use half::f16;

use super::ModelPack;
use super::pack::unusable;
use crate::error::Result;
use crate::vectors::dot;

/// Classes that are kept of a photo: with 32 of 1000, searches are as good as with all.
const KEPT: usize = 32;
/// Logits are divided by this before they become shares: the second guess counts too.
const TEMPERATURE: f32 = 2.0;

/// The last layer of a classifier.
pub struct ClassHead {
    /// A row for each class.
    weights: Vec<f32>,
    biases: Vec<f32>,
    norm: f32,
}

impl ClassHead {
    /// Reads the layer of a pack; `None` where it has none.
    ///
    /// # Errors
    /// [`crate::error::Error::Model`] when its file is missing or not what the pack means.
    pub fn load(pack: &ModelPack) -> Result<Option<Self>> {
        let Some(layer) = &pack.classes else { return Ok(None) };
        let bytes = pack.file(&layer.file, &layer.sha256)?;
        let values = halves(&bytes);
        let weights = layer.length * pack.image.dimension;
        if values.len() != weights + layer.length {
            return Err(unusable(&pack.folder.join(&layer.file), "it has another size than the pack says"));
        }
        let (weights, biases) = values.split_at(weights);
        Ok(Some(Self { weights: weights.to_vec(), biases: biases.to_vec(), norm: layer.norm }))
    }

    /// The classes of a photo, by its unit vector.
    pub fn sketch(&self, vector: &[f32]) -> ClassSketch {
        let rows = self.weights.chunks_exact(vector.len());
        let logits = rows.zip(&self.biases).map(|(row, bias)| self.norm * dot(row, vector) + bias);
        ClassSketch::of_logits(&logits.collect::<Vec<_>>())
    }
}

/// The classes that a photo most likely shows, each with its share of all.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassSketch(pub(crate) [(u16, f16); KEPT]);

impl ClassSketch {
    /// Bytes of a sketch as it is kept.
    pub(crate) const BYTES: usize = 4 * KEPT;

    fn of_logits(logits: &[f32]) -> Self {
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut shares: Vec<_> =
            (0_u16..).zip(logits.iter().map(|logit| ((logit - largest) / TEMPERATURE).exp())).collect();
        let all: f32 = shares.iter().map(|(_, share)| share).sum();
        shares.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut kept = [(0, f16::ZERO); KEPT];
        for (place, (class, share)) in kept.iter_mut().zip(shares) {
            *place = (class, f16::from_f32(share / all));
        }
        Self(kept)
    }

    /// The classes and their shares.
    pub fn shares(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
        self.0.iter().map(|(class, share)| (usize::from(*class), share.to_f32()))
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for (class, share) in self.0 {
            out.extend(class.to_le_bytes());
            out.extend(share.to_le_bytes());
        }
    }

    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut kept = [(0, f16::ZERO); KEPT];
        for (place, cell) in kept.iter_mut().zip(bytes.chunks_exact(4)) {
            *place = (u16::from_le_bytes([cell[0], cell[1]]), f16::from_le_bytes([cell[2], cell[3]]));
        }
        Self(kept)
    }
}

/// Little-endian halves as numbers.
pub(super) fn halves(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(2).map(|pair| f16::from_le_bytes([pair[0], pair[1]]).to_f32()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_classes_come_first_with_their_share_of_all() {
        let mut logits = vec![0.0; 1000];
        (logits[7], logits[900]) = (20.0, 18.0);
        let sketch = ClassSketch::of_logits(&logits);
        let shares: Vec<_> = sketch.shares().collect();
        assert_eq!((shares[0].0, shares[1].0), (7, 900));
        let ratio = shares[0].1 / shares[1].1;
        assert!((ratio - 1.0_f32.exp()).abs() < 0.01, "two logits are one step of the temperature: {ratio}");
        let mut bytes = Vec::new();
        sketch.write(&mut bytes);
        assert_eq!((bytes.len(), ClassSketch::read(&bytes)), (ClassSketch::BYTES, sketch));
    }
}
