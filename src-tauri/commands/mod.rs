//! What the page may ask. Reading order: [`list`], the one list of commands; [`clipboard`], [`closing`], [`dialogs`],
//! [`layout`], [`pictures`] and [`tasks`] for those that are more than a call of the core; [`macros`] and `typescript`
//! make of the list what Tauri and the page need.

mod clipboard;
mod closing;
mod dialogs;
mod layout;
mod list;
mod macros;
mod pictures;
mod tasks;
#[cfg(test)]
mod typescript;

use std::sync::Arc;

use fotonovela_core::error::{Error, Result};
use fotonovela_core::library::Library;
use fotonovela_core::types::{FaultCode, ReasonCode};

use crate::error::CommandError;

pub(crate) use list::handler;

pub(crate) type CommandResult<T> = std::result::Result<T, CommandError>;

/// Calls the core on a thread that may block; a command itself must not.
pub(crate) async fn blocking<T: Send + 'static>(
    library: &Arc<Library>,
    call: impl FnOnce(&Arc<Library>) -> Result<T> + Send + 'static,
) -> CommandResult<T> {
    let library = Arc::clone(library);
    let called = tauri::async_runtime::spawn_blocking(move || call(&library)).await;
    match called {
        Ok(result) => Ok(result?),
        Err(panic) => Err(Error::Invalid(FaultCode::FailedInternally.because(panic)).into()),
    }
}
