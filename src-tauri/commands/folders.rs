//! Folders of the library.

use std::path::PathBuf;

use fotonovela_core::types::{DropKind, Folder, FolderId, FolderOptions};
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;

use super::{Answer, Core, blocking};

/// Answers the folder dialog instead of a person, for tests.
const SCRIPTED_FOLDER: &str = "FOTONOVELA_PICK_FOLDER";

#[tauri::command]
pub(crate) async fn folders_list(library: Core<'_>) -> Answer<Vec<Folder>> {
    blocking(&library, |library| library.folders()).await
}

#[tauri::command]
pub(crate) async fn folder_pick(app: AppHandle) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(SCRIPTED_FOLDER) {
        return Some(folder.into());
    }
    let (answer, picked) = tokio::sync::oneshot::channel();
    app.dialog().file().pick_folder(move |folder| {
        // The page may have been closed meanwhile.
        let _ = answer.send(folder);
    });
    picked.await.ok().flatten().and_then(|folder| folder.into_path().ok())
}

#[tauri::command]
pub(crate) async fn folders_add(library: Core<'_>, paths: Vec<PathBuf>) -> Answer<Vec<Folder>> {
    blocking(&library, move |library| library.add_folders(&paths)).await
}

#[tauri::command]
pub(crate) async fn folder_remove(library: Core<'_>, id: FolderId) -> Answer<()> {
    blocking(&library, move |library| library.remove_folder(id)).await
}

#[tauri::command]
pub(crate) async fn set_folder_options(
    library: Core<'_>,
    id: FolderId,
    options: FolderOptions,
) -> Answer<()> {
    blocking(&library, move |library| library.set_folder_options(id, &options)).await
}

#[tauri::command]
pub(crate) async fn answer_missing(library: Core<'_>, id: FolderId, forget: bool) -> Answer<()> {
    blocking(&library, move |library| library.answer_missing(id, forget)).await
}

#[tauri::command]
pub(crate) async fn drop_kind(library: Core<'_>, paths: Vec<PathBuf>) -> Answer<DropKind> {
    blocking(&library, move |_| Ok(fotonovela_core::library::drop_kind(&paths))).await
}
