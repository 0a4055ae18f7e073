//! What is pasted from other programs and copied for them. Where the web view's own clipboard serves, there is nothing to
//! do here.

use std::path::PathBuf;
use std::sync::Arc;

use fotonovela_core::error::Error;
use fotonovela_core::library::Library;
use fotonovela_core::types::{FaultCode, PhotoId, QueryImage, ReasonCode};
use tauri::AppHandle;

use super::{CommandResult, blocking};
use crate::clipboard::{self, Picture};
use crate::protocol::media_type;

pub(super) async fn files(app: AppHandle, _library: Arc<Library>) -> CommandResult<Vec<PathBuf>> {
    Ok(clipboard::files(&app).await)
}

pub(super) async fn query_image(app: AppHandle, library: Arc<Library>) -> CommandResult<Option<QueryImage>> {
    let Some(bytes) = clipboard::picture(&app).await else { return Ok(None) };
    blocking(&library, move |library| library.add_query_image(&bytes, "").map(Some)).await
}

pub(super) async fn copy(app: AppHandle, library: Arc<Library>, ids: Vec<PhotoId>) -> CommandResult<()> {
    let (files, picture) = blocking(&library, move |library| {
        let files = ids.iter().map(|id| library.photo_path(*id)).collect::<Result<Vec<_>, _>>()?;
        let picture = match ids.as_slice() {
            [id] => library.copied(*id).ok(),
            _ => None,
        };
        Ok((files, picture.map(|bytes| Picture { media_type: media_type(&bytes), bytes })))
    })
    .await?;
    if clipboard::put(&app, files, picture).await {
        Ok(())
    } else {
        Err(Error::Invalid(FaultCode::Clipboard.reason()).into())
    }
}
