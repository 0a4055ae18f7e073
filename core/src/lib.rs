//! Everything of Fotonovela but the window: photos in, similar photos and comics out.
//!
//! Start at [`library::Library`], the one handle that the window and the command line keep.

pub mod comic;
pub mod error;
pub mod event;
pub mod image;
pub mod photo;
pub mod secret;
pub mod settings;
pub mod task;
