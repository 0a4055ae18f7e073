//! A collection on a Milvus server, in Zilliz Cloud or in Milvus Lite, through the official SDK over gRPC.
//!
//! The collection has the form of the well-known image search tutorial of Milvus, so that its Python code reads it: the
//! key `id`, `vector` (COSINE), dynamic fields with `filename`, and the alias `image_embeddings` where nobody has taken
//! it. Beside these are `folder` and `taken_at`, which filters ask for. The index is FLAT: exact, also with filters.
//! Regions lie in a collection of their own, which has `photo` too; Milvus before 2.4 cannot group by it, so rows are asked
//! for until they are of enough photos.
//!
//! What is avoided, each met on real servers (Milvus 2.3.5, Milvus Lite 3.2): retries without end and calls without
//! deadline, reports of use, answers above 4 MiB, deletion by a list of ids, filter templates, waiting for an index by
//! timestamp, row helpers, listing of rows.

mod connect;
mod expression;
mod lite;
mod store;

pub use self::connect::MilvusAddress;
pub use self::store::MilvusStore;
