//! Services that draw.

pub mod openai;

use std::sync::Arc;

use crate::comic::provider::ImageProvider;
use crate::error::Result;
use crate::platform::keychain::Secret;

/// Names of the ways in which a service can be asked.
pub const ROUTES: [&str; 2] = ["responses", "edits"];

/// The service at an address. Nothing is sent yet.
///
/// # Errors
/// [`crate::error::Error::Invalid`] if the address is not valid, or plain http beyond this machine, or the key holds
/// characters that no key has.
pub fn open(base_url: &str, key: Option<Secret>) -> Result<Arc<dyn ImageProvider>> {
    Ok(Arc::new(openai::OpenAi::new(base_url, key)?))
}
