//! Pictures that come as bytes.

use std::sync::Arc;

use fotonovela_core::error::Error;
use fotonovela_core::library::Library;
use fotonovela_core::types::{FaultCode, QueryImage, ReasonCode};
use tauri::State;
use tauri::ipc::{InvokeBody, Request};

use super::{CommandResult, blocking};

/// Header with the percent-encoded name of a picture whose bytes are the body.
const NAME: &str = "x-name";

#[tauri::command]
pub(crate) async fn add_query_image(
    library: State<'_, Arc<Library>>,
    request: Request<'_>,
) -> CommandResult<QueryImage> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(Error::Invalid(FaultCode::PictureWithoutBytes.reason()).into());
    };
    let bytes = bytes.clone();
    let header = request.headers().get(NAME).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let name = percent_encoding::percent_decode_str(header).decode_utf8_lossy().into_owned();
    blocking(&library, move |library| library.add_query_image(&bytes, &name)).await
}
