//! Long work: its cancellation, its pace and the time left.

mod cancel;
pub(crate) mod pace;

pub use cancel::CancelToken;
