//! Photos of the library.

use std::path::PathBuf;

use fotonovela_core::error::Error;
use fotonovela_core::types::{PhotoChanges, PhotoDetail, PhotoId};
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

use super::{Answer, Core, blocking};

#[tauri::command]
pub(crate) async fn photos_since(library: Core<'_>, revision: i64) -> Answer<PhotoChanges> {
    blocking(&library, move |library| library.photos_since(revision)).await
}

#[tauri::command]
pub(crate) async fn photo_get(library: Core<'_>, id: PhotoId) -> Answer<PhotoDetail> {
    blocking(&library, move |library| library.photo(id)).await
}

#[tauri::command]
pub(crate) async fn photos_visible(library: Core<'_>, ids: Vec<PhotoId>) -> Answer<()> {
    blocking(&library, move |library| library.set_visible(&ids)).await
}

#[tauri::command]
pub(crate) async fn photos_mark(library: Core<'_>, ids: Vec<PhotoId>, favourite: bool) -> Answer<()> {
    blocking(&library, move |library| library.set_favourites(&ids, favourite)).await
}

#[tauri::command]
pub(crate) async fn photos_by_path(library: Core<'_>, paths: Vec<PathBuf>) -> Answer<Vec<PhotoId>> {
    blocking(&library, move |library| library.photos_at(&paths)).await
}

#[tauri::command]
pub(crate) async fn photo_reveal(app: AppHandle, library: Core<'_>, id: PhotoId) -> Answer<()> {
    let path = blocking(&library, move |library| library.photo_path(id)).await?;
    app.opener().reveal_item_in_dir(path).map_err(|error| {
        Error::Invalid(format!("the file manager could not be opened: {error}. Open the folder by hand"))
            .into()
    })
}
