//! Everything of Fotonovela but the window: photos in, similar photos and comics out.
//!
//! Start at [`library::Library`], the one handle that the window and the command line keep.

pub mod cache;
pub mod catalog;
pub mod comic;
pub mod decoder;
pub mod effort;
pub mod embed;
pub mod error;
pub mod event;
pub mod follow;
pub mod image;
mod index;
mod indexer;
pub mod library;
mod look;
pub mod model;
mod pace;
pub mod photo;
mod pipeline;
pub mod pixels;
pub mod resources;
pub mod scan;
pub mod search;
pub mod secret;
pub mod settings;
mod status;
pub mod store;
pub mod studio;
pub mod task;
mod tls;
pub mod vectors;
mod watching;
mod work;
