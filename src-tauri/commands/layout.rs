//! The layout of the grid, which comes as bytes: a million photos as JSON would take seconds.

use std::sync::Arc;

use fotonovela_core::error::Error;
use fotonovela_core::library::Library;
use fotonovela_core::types::{FaultCode, PhotoQuery, ReasonCode};
use tauri::State;
use tauri::ipc::Response;

use super::{CommandResult, blocking};

#[tauri::command]
pub(crate) async fn photo_layout(
    library: State<'_, Arc<Library>>,
    query: PhotoQuery,
) -> CommandResult<Response> {
    let bytes = blocking(&library, move |library| {
        let too_large =
            |id| Error::Invalid(FaultCode::FailedInternally.because(format!("{id:?} has more than 32 bits")));
        library.layout(&query)?.to_bytes().map_err(too_large)
    });
    Ok(Response::new(bytes.await?))
}
