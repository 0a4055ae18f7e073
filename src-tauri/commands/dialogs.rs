//! What needs the system's dialogs or its file manager.

use std::path::PathBuf;
use std::sync::Arc;

use fotonovela_core::error::Error;
use fotonovela_core::library::Library;
use fotonovela_core::types::{FaultCode, PhotoId, ReasonCode, VersionId};
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

use super::{CommandResult, blocking};

/// Takes the place of a person in the folder dialog, for tests.
const SCRIPTED_FOLDER: &str = "FOTONOVELA_PICK_FOLDER";
/// Takes the place of a person in the dialog for saving, for tests.
const SCRIPTED_FILE: &str = "FOTONOVELA_PICK_FILE";

pub(super) async fn pick_folder(app: AppHandle, _library: Arc<Library>) -> CommandResult<Option<PathBuf>> {
    if let Some(folder) = std::env::var_os(SCRIPTED_FOLDER) {
        return Ok(Some(folder.into()));
    }
    let (answer, picked) = tokio::sync::oneshot::channel();
    app.dialog().file().pick_folder(move |folder| {
        // The page may have been closed meanwhile.
        let _ = answer.send(folder);
    });
    Ok(picked.await.ok().flatten().and_then(|folder| folder.into_path().ok()))
}

pub(super) async fn save_comic(
    app: AppHandle,
    library: Arc<Library>,
    version: VersionId,
) -> CommandResult<Option<PathBuf>> {
    let title = blocking(&library, move |library| Ok(library.comic_of(version)?.title)).await?;
    let Some(path) = pick_file(&app, &file_name(&title)).await else { return Ok(None) };
    let path = if path.extension().is_none() { path.with_extension("png") } else { path };
    let out = path.clone();
    blocking(&library, move |library| library.export_comic(version, &out)).await?;
    Ok(Some(path))
}

pub(super) async fn reveal_photo(app: AppHandle, library: Arc<Library>, id: PhotoId) -> CommandResult<()> {
    let path = blocking(&library, move |library| library.photo_path(id)).await?;
    app.opener()
        .reveal_item_in_dir(path)
        .map_err(|error| Error::Invalid(FaultCode::FileManager.because(error)).into())
}

async fn pick_file(app: &AppHandle, name: &str) -> Option<PathBuf> {
    if let Some(file) = std::env::var_os(SCRIPTED_FILE) {
        return Some(file.into());
    }
    let (answer, picked) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(name).add_filter("PNG", &["png"]).save_file(move |file| {
        // The page may have been closed meanwhile.
        let _ = answer.send(file);
    });
    picked.await.ok().flatten().and_then(|file| file.into_path().ok())
}

/// A title as a file name that every system takes.
fn file_name(title: &str) -> String {
    let safe: String =
        title.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).take(60).collect();
    let words: Vec<&str> = safe.split_whitespace().collect();
    format!("{}.png", if words.is_empty() { "comic".into() } else { words.join("-") })
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn titles_become_file_names_that_every_system_takes() {
        assert_eq!(file_name("Draw a comic: Cola/Hogwarts?"), "Draw-a-comic-Cola-Hogwarts.png");
        assert_eq!(file_name("../../"), "comic.png");
        assert_eq!(file_name("¡Qué travesura!"), "Qué-travesura.png");
    }
}
