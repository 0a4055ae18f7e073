//! Which vector store is in use, how another takes its place, and whether it holds what the catalogue holds.

mod active;
mod open;
mod state;
pub mod sync;
mod verify;
mod work;

pub use active::{ActiveStore, StoreHits};
pub use open::{Stores, TOKEN};
pub(crate) use state::state;
pub(crate) use verify::verify;
pub use work::Progress;
pub(crate) use work::StoreJobs;
