//! Vectors by photo and model, as f16: half the bytes, and cosines move by less than 0.001.

use half::f16;
use half::slice::HalfFloatSliceExt;
use rusqlite::OptionalExtension;

use super::connection::{Catalog, Change};
use crate::error::Result;
use crate::types::{FolderId, PhotoId};

/// What a store keeps of a photo.
#[derive(Clone, Debug, PartialEq)]
pub struct EmbeddedPhoto {
    /// The photo.
    pub id: PhotoId,
    /// A unit vector.
    pub vector: Vec<f32>,
    /// The shown file.
    pub path: String,
    /// The folder of the shown file.
    pub folder: FolderId,
    /// Wall clock in milliseconds, as if UTC.
    pub taken_at: i64,
    /// The revision of its last change.
    pub revision: i64,
}

impl Catalog {
    /// One page of the vectors that a store must take to follow the catalogue: those of `model` whose photo has a file,
    /// by revision and id, after this one and up to the revision `newest`.
    pub fn vectors_after(
        &self,
        (revision, photo): (i64, PhotoId),
        newest: i64,
        model: &str,
        limit: usize,
    ) -> Result<Vec<EmbeddedPhoto>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT embeddings.photo, vector, path, folder, taken_at, revision
                 FROM photos JOIN embeddings ON embeddings.photo = photos.id JOIN files ON files.id = photos.file
                 WHERE model = ?4 AND (revision, photos.id) > (?1, ?2) AND revision <= ?3
                 ORDER BY revision, photos.id LIMIT ?5",
            )?
            .query_map((revision, photo.0, newest, model, limit), |row| {
                Ok(EmbeddedPhoto {
                    id: PhotoId(row.get(0)?),
                    vector: decode(row.get_ref(1)?.as_blob()?),
                    path: row.get(2)?,
                    folder: FolderId(row.get(3)?),
                    taken_at: row.get(4)?,
                    revision: row.get(5)?,
                })
            })?
            .collect()
        })
    }

    /// How many photos [`Self::vectors_after`] returns for the revisions after `reached` up to `newest`.
    pub fn vectors_between(&self, reached: i64, newest: i64, model: &str) -> Result<usize> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT count(*) FROM photos JOIN embeddings ON embeddings.photo = photos.id
                 WHERE model = ?3 AND revision > ?1 AND revision <= ?2 AND file IS NOT NULL",
            )?
            .query_row((reached, newest, model), |row| row.get(0))
        })
    }

    /// Up to `count` vectors of photos that have a file, picked at random.
    pub fn vector_sample(&self, model: &str, count: usize) -> Result<Vec<(PhotoId, Vec<f32>)>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT photo, vector FROM embeddings WHERE model = ?1 AND photo IN
                   (SELECT photos.id FROM photos JOIN embeddings ON embeddings.photo = photos.id
                    WHERE model = ?1 AND photos.file IS NOT NULL ORDER BY random() LIMIT ?2)",
            )?
            .query_map((model, count), |row| Ok((PhotoId(row.get(0)?), decode(row.get_ref(1)?.as_blob()?))))?
            .collect()
        })
    }

    /// Photos whose rows a store must drop to follow from `revision` on: without a file, or edited and not embedded
    /// again yet.
    pub fn dropped_since(&self, revision: i64, model: &str) -> Result<Vec<PhotoId>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT id FROM photos WHERE revision > ?1 AND (file IS NULL OR NOT EXISTS
                   (SELECT 1 FROM embeddings WHERE photo = photos.id AND model = ?2))",
            )?
            .query_map((revision, model), |row| Ok(PhotoId(row.get(0)?)))?
            .collect()
        })
    }

    /// The vector of a photo.
    pub fn embedding(&self, photo: PhotoId, model: &str) -> Result<Option<Vec<f32>>> {
        self.read(|sql| {
            sql.prepare_cached("SELECT vector FROM embeddings WHERE photo = ?1 AND model = ?2")?
                .query_row((photo.0, model), |row| Ok(decode(row.get_ref(0)?.as_blob()?)))
                .optional()
        })
    }
}

impl Change<'_> {
    pub(super) fn insert_embedding(&self, photo: i64, model: &str, vector: &[f32]) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached("INSERT OR REPLACE INTO embeddings (photo, model, vector) VALUES (?1, ?2, ?3)")?
            .execute((photo, model, encode(vector)))?;
        Ok(())
    }
}

fn encode(vector: &[f32]) -> Vec<u8> {
    let mut halves = vec![f16::ZERO; vector.len()];
    halves.convert_from_f32_slice(vector);
    halves.iter().flat_map(|half| half.to_le_bytes()).collect()
}

fn decode(bytes: &[u8]) -> Vec<f32> {
    let halves: Vec<f16> = bytes.chunks_exact(2).map(|pair| f16::from_le_bytes([pair[0], pair[1]])).collect();
    let mut vector = vec![0.0; halves.len()];
    halves.convert_to_f32_slice(&mut vector);
    vector
}

/// Whether these bytes are a unit vector, as all vectors are.
pub(super) fn is_unit(bytes: &[u8]) -> bool {
    let length: f32 = decode(bytes).iter().map(|value| value * value).sum();
    (length - 1.0).abs() < 0.01
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_vector_keeps_its_cosines_within_a_thousandth() {
        let vector: Vec<f32> = (0..1280_u16).map(|n| (f32::from(n) * 0.37).sin() / 25.3).collect();
        let back = decode(&encode(&vector));
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let cosine = dot(&vector, &back) / (dot(&vector, &vector) * dot(&back, &back)).sqrt();
        assert!((1.0 - cosine).abs() < 1e-3, "{cosine}");
    }
}
