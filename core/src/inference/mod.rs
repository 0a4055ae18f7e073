//! From pixels to the vector that says what a photo looks like. Knows no catalogue and no store.

mod model;
pub mod onnx;
pub mod pack;
mod registry;

pub use model::Model;
pub use onnx::{Embedder, Embedding, Runtime};
pub use pack::ModelPack;
pub use registry::Registry;
