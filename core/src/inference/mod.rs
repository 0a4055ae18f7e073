//! From pixels to the vector that says what a photo looks like. Knows no catalogue and no store.

mod classes;
mod model;
pub mod onnx;
pub mod pack;
mod registry;
mod text;
mod words;

pub use classes::{ClassHead, ClassSketch};
pub use model::Model;
pub use onnx::{Embedder, Embedding, Runtime};
pub use pack::ModelPack;
pub use registry::Registry;
pub use text::TextEncoder;
pub use words::{ClassScores, WordPack};
