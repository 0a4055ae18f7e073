//! Indexes over the vectors of the catalogue: who is most alike. A store can always be rebuilt from the catalogue.

pub mod embedded;
#[cfg(feature = "milvus")]
pub mod milvus;
#[cfg(feature = "qdrant")]
pub mod qdrant;
#[cfg(any(feature = "milvus", feature = "qdrant"))]
pub mod server;
mod uri;

use std::ops::Range;

use async_trait::async_trait;

pub use self::uri::StoreUri;
use crate::error::Result;
use crate::types::{FolderId, PhotoId};

/// What a store holds: the vectors of one model. Each store is opened by a function of its own that makes the
/// collection or checks that it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Name and version of the model, such as `efficientnet-lite0@1`.
    pub model: String,
    /// Length of a vector.
    pub dimension: usize,
}

/// One row: the vector of a photo, and what a search can be restricted by.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The photo.
    pub id: PhotoId,
    /// Unit length, as long as the collection's dimension.
    pub vector: Vec<f32>,
    /// The shown file, absolute. Stores that others read keep it.
    pub path: String,
    /// The folder that the photo was found in.
    pub folder: FolderId,
    /// Wall clock in milliseconds, as if UTC.
    pub taken_at: i64,
}

/// Which rows may be answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Every row.
    #[default]
    All,
    /// Photos of a folder that the person added.
    Folder(FolderId),
    /// These photos.
    Ids(Vec<PhotoId>),
    /// Photos taken in this time, in milliseconds as if UTC; the end does not belong to it.
    Taken(Range<i64>),
    /// What all of these let pass; without any, every row.
    And(Vec<Filter>),
    /// What one of these lets pass; without any, no row.
    Or(Vec<Filter>),
    /// What this does not let pass.
    Not(Box<Filter>),
}

/// A photo that a store found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The photo.
    pub id: PhotoId,
    /// Cosine similarity, larger is more alike.
    pub score: f32,
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
    async fn delete(&self, ids: &[PhotoId]) -> Result<()>;

    /// The `limit` most alike rows that the filter lets pass, best first, equal scores by id. With `exact` none is
    /// missed, whatever that costs.
    ///
    /// # Errors
    /// [`crate::error::Error::Dimension`] for a query of another length.
    async fn search(&self, query: &[f32], limit: usize, filter: &Filter, exact: bool) -> Result<Vec<Hit>>;

    /// The vectors of those photos that are there, in no order. For checks; a few hundred at most.
    async fn get(&self, ids: &[PhotoId]) -> Result<Vec<(PhotoId, Vec<f32>)>>;

    /// How many rows there are.
    async fn count(&self) -> Result<usize>;

    /// The revision of the catalogue that the rows are known to have reached, also after a crash; 0: none.
    async fn revision(&self) -> Result<i64>;

    /// Tells that the rows have reached `revision` on the way to a newer one, so that a fill that is cut off goes on
    /// from there. Worth it only where rows are far away.
    async fn progress(&self, _revision: i64) -> Result<()> {
        Ok(())
    }

    /// Tells that all rows have reached `revision`, and has what is not kept yet kept. That may go on in the
    /// background; until it is done, [`Self::revision`] after a crash is an older one.
    async fn flush(&self, revision: i64) -> Result<()>;

    /// Removes all rows and goes back to revision 0.
    async fn clear(&self) -> Result<()>;

    /// Asks whether the store answers; its name and version.
    async fn health(&self) -> Result<String>;
}
