//! What is in folders and what changes there. The walk is the truth; the watcher is a hurry-up that says where to
//! look. Knows no catalogue and no pixels.

pub mod filter;
mod stat;
pub mod walk;
pub mod watch;
pub(crate) mod watching;

pub use stat::{Stat, YOUNG};
