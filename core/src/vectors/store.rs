//! What a vector store is: rows of a collection, and what can be asked of them.

use std::time::Duration;

use async_trait::async_trait;

use super::Filter;
use crate::error::{Error, Result};
use crate::types::{FolderId, PhotoId, PointId, PointKind, RegionId};

/// What a store holds: the vectors of one model. Each store is opened by a function of its own that makes the
/// collection or checks that it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Name and version of the model, such as `efficientnet-lite0@1`.
    pub model: String,
    /// Length of a vector.
    pub dimension: usize,
    /// What a row stands for.
    pub kind: PointKind,
}

impl Collection {
    /// A row for each photo.
    pub fn of_photos(model: String, dimension: usize) -> Self {
        Self { model, dimension, kind: PointKind::Photos }
    }

    /// A row for each region.
    pub fn of_regions(model: String, dimension: usize) -> Self {
        Self { model, dimension, kind: PointKind::Regions }
    }

    /// # Errors
    /// [`Error::Dimension`] for a vector of another length.
    pub(super) fn check(&self, vector: &[f32]) -> Result<()> {
        let expected = self.dimension;
        if vector.len() == expected { Ok(()) } else { Err(Error::Dimension { expected, got: vector.len() }) }
    }

    /// The hit of a row that a server found.
    #[cfg(any(feature = "milvus", feature = "qdrant"))]
    pub(super) fn hit(&self, point: PointId, photo: PhotoId, score: f32) -> Hit {
        let region = (self.kind == PointKind::Regions).then_some(RegionId(point.0));
        Hit { photo, region, score }
    }
}

/// One row: the vector of a photo or of a region, and what a search can be restricted by.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The row.
    pub id: PointId,
    /// The photo that it is of.
    pub photo: PhotoId,
    /// Unit length, as long as the collection's dimension.
    pub vector: Vec<f32>,
    /// The shown file, absolute. Stores that others read keep it.
    pub path: String,
    /// The folder that the photo was found in.
    pub folder: FolderId,
    /// Wall clock in milliseconds, as if UTC.
    pub taken_at: i64,
}

/// A photo that a store found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The photo.
    pub photo: PhotoId,
    /// Its region that is most alike, where rows are of regions.
    pub region: Option<RegionId>,
    /// Cosine similarity, larger is more alike.
    pub score: f32,
}

impl Hit {
    /// Best first, equal scores by photo and region.
    pub(super) fn rank(&self, other: &Self) -> std::cmp::Ordering {
        let key = |hit: &Self| (hit.photo, hit.region);
        other.score.total_cmp(&self.score).then_with(|| key(self).cmp(&key(other)))
    }
}

/// A vector index that answers by cosine similarity. Each operation may be repeated without harm. Rows cannot be
/// listed: servers do that badly, and the catalogue knows what is there.
#[async_trait]
pub trait VectorStore: Send + Sync {
    /// Inserts or overwrites whole rows.
    ///
    /// # Errors
    /// [`crate::error::Error::Dimension`] for a vector of another length; nothing is written then.
    async fn upsert(&self, points: &[Point]) -> Result<()>;

    /// Removes rows; ids that are not there are fine.
    async fn delete(&self, ids: &[PointId]) -> Result<()>;

    /// For each query the `limit` most alike photos that the filter lets pass, each with its best row only; best first,
    /// equal scores by id. With `exact` none is missed, whatever that costs.
    ///
    /// # Errors
    /// [`crate::error::Error::Dimension`] for a query of another length.
    async fn search_many(
        &self,
        queries: &[Vec<f32>],
        limit: usize,
        filter: &Filter,
        exact: bool,
    ) -> Result<Vec<Vec<Hit>>>;

    /// [`Self::search_many`] for one query.
    async fn search(&self, query: &[f32], limit: usize, filter: &Filter, exact: bool) -> Result<Vec<Hit>> {
        let found = self.search_many(&[query.to_vec()], limit, filter, exact).await?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    /// The vectors of those rows that are there, in no order. For checks; a few hundred at most.
    async fn get(&self, ids: &[PointId]) -> Result<Vec<(PointId, Vec<f32>)>>;

    /// How many rows there are.
    async fn count(&self) -> Result<usize>;

    /// The revision of the catalogue that the rows are known to have reached, also after a crash; 0: none.
    async fn revision(&self) -> Result<i64>;

    /// Tells that the rows have reached `revision` on the way to a newer one, so that a fill that is cut off goes on
    /// from there.
    async fn progress(&self, _revision: i64) -> Result<()> {
        Ok(())
    }

    /// Tells that all rows have reached `revision`, and has what is not kept yet kept. That may go on in the
    /// background; until it is done, [`Self::revision`] after a crash is an older one.
    async fn flush(&self, revision: i64) -> Result<()>;

    /// Removes all rows and goes back to revision 0.
    async fn clear(&self) -> Result<()>;

    /// Whether what the store keeps on this machine is as it was written. Reads all of it, with pauses in between.
    /// Servers see to that themselves.
    async fn is_intact(&self, _pause: Duration) -> Result<bool> {
        Ok(true)
    }

    /// Asks whether the store answers; its name and version.
    async fn health(&self) -> Result<String>;
}
