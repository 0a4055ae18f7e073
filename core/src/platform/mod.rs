//! What the system gives: keychain, encrypted connections, files that are written whole, priorities, the app's own files.

pub mod files;
pub mod keychain;
mod priority;
pub mod resources;
pub(crate) mod tls;
