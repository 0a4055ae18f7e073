//! Everything of Fotonovela but the window: photos in, similar photos and comics out.
//!
//! Start at [`library::Library`], the one handle that the window and the command line keep.

pub mod cache;
pub mod catalog;
pub mod comic;
pub mod decoder;
pub mod embed;
pub mod error;
pub mod event;
pub mod follow;
pub mod image;
mod index;
mod indexer;
pub mod library;
pub mod model;
pub mod photo;
mod pipeline;
pub mod pixels;
pub mod resources;
pub mod scan;
pub mod search;
pub mod secret;
pub mod settings;
mod status;
pub mod studio;
pub mod task;
pub mod vectors;
mod work;
