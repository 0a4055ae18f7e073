//! Indexes over the vectors of the catalogue: who is most alike. A store can always be rebuilt from the catalogue.

mod arithmetic;
pub mod embedded;
mod filter;
mod grouping;
#[cfg(feature = "milvus")]
pub mod milvus;
#[cfg(feature = "qdrant")]
pub mod qdrant;
#[cfg(any(feature = "milvus", feature = "qdrant"))]
pub mod server;
mod store;
mod uri;

pub(crate) use self::arithmetic::{add_scaled, dot, normalise};
pub use self::filter::Filter;
pub use self::store::{Collection, Hit, Point, VectorStore};
pub use self::uri::StoreUri;
pub use crate::types::PointKind;
