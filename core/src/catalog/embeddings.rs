//! Vectors by photo, region and model, as f16: half the bytes, and cosines move by less than 0.001.

use std::collections::HashSet;

use half::f16;
use half::slice::HalfFloatSliceExt;
use rusqlite::OptionalExtension;

use super::changes::Changed;
use super::connection::{Catalog, Change};
use crate::error::Result;
use crate::types::{FolderId, PhotoId, PointId, PointKind, RegionId};

/// What a store keeps of a photo or of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct EmbeddedPoint {
    /// The number of its row.
    pub id: PointId,
    /// The photo.
    pub photo: PhotoId,
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

/// Rows of the log with the photo and the vector of model ?1 that they are about.
fn points_of(kind: PointKind) -> String {
    let (changed, photo, region) = match kind {
        PointKind::Photos => (Changed::Photo, "photos.id = changes.id", "0"),
        PointKind::Regions => (Changed::Region, "photos.id = regions.photo", "regions.id"),
    };
    let regions = if kind == PointKind::Regions { "JOIN regions ON regions.id = changes.id" } else { "" };
    format!(
        "FROM changes {regions} JOIN photos ON {photo} JOIN files ON files.id = photos.file
         JOIN embeddings ON embeddings.photo = photos.id AND embeddings.region = {region} AND embeddings.model = ?1
         WHERE changes.kind = {}",
        changed as i64
    )
}

impl Catalog {
    /// One page of the vectors that a store must take to follow the catalogue: those of `model` whose photo has a file,
    /// by revision and id, after this one and up to the revision `newest`.
    pub fn vectors_after(
        &self,
        (revision, point): (i64, PointId),
        newest: i64,
        (model, kind): (&str, PointKind),
        limit: usize,
    ) -> Result<Vec<EmbeddedPoint>> {
        self.read(|sql| {
            sql.prepare_cached(&format!(
                "SELECT changes.id, photos.id, vector, path, folder, taken_at, revision {}
                 AND (revision, changes.id) > (?2, ?3) AND revision <= ?4
                 ORDER BY revision, changes.id LIMIT ?5",
                points_of(kind)
            ))?
            .query_map((model, revision, point.0, newest, limit), |row| {
                Ok(EmbeddedPoint {
                    id: PointId(row.get(0)?),
                    photo: PhotoId(row.get(1)?),
                    vector: decode(row.get_ref(2)?.as_blob()?),
                    path: row.get(3)?,
                    folder: FolderId(row.get(4)?),
                    taken_at: row.get(5)?,
                    revision: row.get(6)?,
                })
            })?
            .collect()
        })
    }

    /// How many points [`Self::vectors_after`] returns for the revisions after `reached` up to `newest`.
    pub fn vectors_between(
        &self,
        reached: i64,
        newest: i64,
        (model, kind): (&str, PointKind),
    ) -> Result<usize> {
        self.read(|sql| {
            sql.prepare_cached(&format!(
                "SELECT count(*) {} AND revision > ?2 AND revision <= ?3",
                points_of(kind)
            ))?
            .query_row((model, reached, newest), |row| row.get(0))
        })
    }

    /// The models that some of the first photos of the library have vectors of: those that have answered so far are among
    /// them.
    pub fn models_of_first_photos(&self) -> Result<HashSet<String>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT DISTINCT model FROM embeddings WHERE region = 0 AND photo IN
                   (SELECT id FROM photos WHERE file IS NOT NULL ORDER BY id LIMIT 500)",
            )?
            .query_map([], |row| row.get(0))?
            .collect()
        })
    }

    /// How many vectors there are of photos that have a file.
    pub fn vector_count(&self, (model, kind): (&str, PointKind)) -> Result<usize> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT count(*) FROM embeddings JOIN photos ON photos.id = photo
                 WHERE model = ?1 AND (region != 0) = ?2 AND file IS NOT NULL",
            )?
            .query_row((model, kind == PointKind::Regions), |row| row.get(0))
        })
    }

    /// Up to `count` vectors of photos that have a file, picked at random.
    pub fn vector_sample(
        &self,
        (model, kind): (&str, PointKind),
        count: usize,
    ) -> Result<Vec<(PointId, Vec<f32>)>> {
        let of_regions = kind == PointKind::Regions;
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT iif(?2, region, photo), vector FROM embeddings WHERE model = ?1 AND (photo, region) IN
                   (SELECT photos.id, region FROM photos JOIN embeddings ON embeddings.photo = photos.id
                    WHERE model = ?1 AND (region != 0) = ?2 AND photos.file IS NOT NULL ORDER BY random() LIMIT ?3)",
            )?
            .query_map((model, of_regions, count), |row| {
                Ok((PointId(row.get(0)?), decode(row.get_ref(1)?.as_blob()?)))
            })?
            .collect()
        })
    }

    /// Up to `count` vectors of photos that have a file: the same ones as long as the photos are, and of any age.
    pub fn vectors_spread(&self, model: &str, count: usize) -> Result<Vec<Vec<f32>>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT vector FROM embeddings WHERE model = ?1 AND region = 0 AND photo IN
                   (SELECT photos.id FROM photos JOIN embeddings ON embeddings.photo = photos.id
                    WHERE model = ?1 AND region = 0 AND file IS NOT NULL
                    -- Knuth's multiplicative hash.
                    ORDER BY photos.id * 2654435761 % 4294967296, photos.id LIMIT ?2)
                 ORDER BY photo",
            )?
            .query_map((model, count), |row| Ok(decode(row.get_ref(0)?.as_blob()?)))?
            .collect()
        })
    }

    /// Points that a store must drop to follow from `revision` on: without a file, or not embedded (again) yet.
    pub fn dropped_since(&self, revision: i64, (model, kind): (&str, PointKind)) -> Result<Vec<PointId>> {
        let changed = match kind {
            PointKind::Photos => Changed::Photo,
            PointKind::Regions => Changed::Region,
        };
        self.read(|sql| {
            sql.prepare_cached(&format!(
                "SELECT id FROM changes WHERE kind = {} AND revision > ?2
                 EXCEPT SELECT changes.id {} AND revision > ?2",
                changed as i64,
                points_of(kind)
            ))?
            .query_map((model, revision), |row| Ok(PointId(row.get(0)?)))?
            .collect()
        })
    }

    /// Drops all that a model made of photos. It can be made again.
    pub fn forget_model(&self, model: &str) -> Result<()> {
        self.write(|change| {
            change.sql.execute("DELETE FROM embeddings WHERE model = ?1", [model])?;
            change.sql.execute("DELETE FROM pass_problems WHERE pass = ?1", [model]).map(drop)
        })
    }

    /// The vector of a whole photo.
    pub fn embedding(&self, photo: PhotoId, model: &str) -> Result<Option<Vec<f32>>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT vector FROM embeddings WHERE photo = ?1 AND region = 0 AND model = ?2",
            )?
            .query_row((photo.0, model), |row| Ok(decode(row.get_ref(0)?.as_blob()?)))
            .optional()
        })
    }
}

impl Change<'_> {
    /// Keeps the vector of a region; `None`: of the whole photo.
    pub(super) fn insert_embedding(
        &self,
        photo: i64,
        region: Option<RegionId>,
        model: &str,
        vector: &[f32],
    ) -> rusqlite::Result<()> {
        let region = region.map_or(0, |region| region.0);
        self.sql
            .prepare_cached(
                "INSERT OR REPLACE INTO embeddings (photo, region, model, vector) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((photo, region, model, encode(vector)))?;
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
