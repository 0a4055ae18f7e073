//! The one door of the core: a library that is open, with a file for each noun that a person has to do with.

mod albums;
mod comics;
mod edits;
mod folders;
mod indexing;
mod info;
mod look_alikes;
mod model;
mod open;
mod options;
mod parts;
mod photos;
mod pictures;
mod problems;
mod search;
mod settings;
mod stores;
mod subjects;

pub use crate::indexing::intake::ScanTally;
pub use crate::types::EventSink;
pub use info::FileInfo;
pub use open::Library;
pub use options::{Options, default_data_folder};
pub use pictures::drop_kind;
