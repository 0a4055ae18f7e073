//! What the system gives: keychain, addresses of services, encrypted connections, files that are written whole, priorities, the app's own files.

pub mod address;
pub mod files;
pub mod keychain;
mod priority;
pub mod reading;
pub mod resources;
pub(crate) mod tls;
