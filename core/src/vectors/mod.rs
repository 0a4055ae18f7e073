//! Indexes over the vectors of the catalogue: who is most alike. A store can always be rebuilt from the catalogue.

pub mod embedded;

use async_trait::async_trait;

use crate::error::Result;
use crate::photo::PhotoId;

/// One vector of a photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The photo.
    pub id: PhotoId,
    /// Unit length, as long as the collection's dimension.
    pub vector: Vec<f32>,
}

/// A photo that a store found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The photo.
    pub id: PhotoId,
    /// Cosine similarity, larger is more alike.
    pub score: f32,
}

/// A vector index that answers by cosine similarity. Each operation may be repeated without harm.
#[async_trait]
pub trait VectorStore: Send + Sync {
    /// Inserts or overwrites whole rows.
    ///
    /// # Errors
    /// [`crate::error::Error::Dimension`] for a vector of another length; nothing is written then.
    async fn upsert(&self, points: &[Point]) -> Result<()>;

    /// Removes rows; ids that are not there are fine.
    async fn delete(&self, ids: &[PhotoId]) -> Result<()>;

    /// The `limit` most alike rows, best first, equal scores by id.
    ///
    /// # Errors
    /// [`crate::error::Error::Dimension`] for a query of another length.
    async fn search(&self, query: &[f32], limit: usize) -> Result<Vec<Hit>>;

    /// How many rows there are.
    async fn count(&self) -> Result<usize>;
}
