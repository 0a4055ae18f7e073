//! Which vector store is in use, how another takes its place, and whether it holds what the catalogue holds.

mod active;
mod check;
mod open;
pub mod sync;
mod work;

pub use active::{ActiveStore, StoreHits};
pub(crate) use check::{state, verify};
pub use open::{Stores, TOKEN};
pub use work::Progress;
pub(crate) use work::StoreJobs;
