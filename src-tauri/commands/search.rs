//! Similar photos.

use std::path::PathBuf;

use fotonovela_core::error::Error;
use fotonovela_core::types::{QueryImage, Scope, Similar, SimilarQuery};
use tauri::ipc::{InvokeBody, Request};

use super::{Answer, Core, blocking};

/// Header with the percent-encoded name of a picture whose bytes are the body.
const NAME: &str = "x-name";

#[tauri::command]
pub(crate) async fn similar_find(
    library: Core<'_>,
    query: SimilarQuery,
    scope: Scope,
    limit: usize,
) -> Answer<Similar> {
    blocking(&library, move |library| library.similar(&query, &scope, limit)).await
}

#[tauri::command]
pub(crate) async fn query_image_open(library: Core<'_>, path: PathBuf) -> Answer<QueryImage> {
    blocking(&library, move |library| library.add_query_file(&path)).await
}

#[tauri::command]
pub(crate) async fn query_image_add(library: Core<'_>, request: Request<'_>) -> Answer<QueryImage> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(Error::Invalid("the picture came without its bytes".into()).into());
    };
    let bytes = bytes.clone();
    let header = request.headers().get(NAME).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let name = percent_encoding::percent_decode_str(header).decode_utf8_lossy().into_owned();
    blocking(&library, move |library| library.add_query_image(&bytes, &name)).await
}
