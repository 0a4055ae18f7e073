//! A collection on a Qdrant server (1.16 or newer), over gRPC. Points have the photo's id, its vector (Cosine) and a payload of `filename`,
//! `folder`, `taken_at` and `model`; those of regions also `photo`, by which they are grouped. Searches ask for exact answers; Qdrant makes its graph when there are many points.

mod store;
mod wire;

pub use self::store::QdrantStore;
