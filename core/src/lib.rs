//! Everything of Fotonovela but the window: photos in, similar photos and comics out.
//!
//! Start at [`library::Library`], the one handle that the window and the command line keep.

pub mod cache;
pub mod catalog;
pub mod comic;
pub mod decoder;
pub mod error;
pub mod image;
pub mod indexing;
pub mod inference;
pub mod library;
pub mod pixels;
pub mod platform;
pub mod scan;
pub mod search;
pub mod settings;
pub mod stores;
pub mod task;
pub mod types;
pub mod vectors;
