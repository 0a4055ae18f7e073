//! Comics.

use std::path::PathBuf;

use fotonovela_core::types::{Comic, ComicId, ComicPlan, ComicRequest, TaskId, VersionId};
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;

use super::{Answer, Core, blocking};

/// Answers the dialog for saving instead of a person, for tests.
const SCRIPTED_FILE: &str = "FOTONOVELA_PICK_FILE";

#[tauri::command]
pub(crate) async fn comic_plan(library: Core<'_>, request: ComicRequest) -> Answer<ComicPlan> {
    blocking(&library, move |library| library.plan_comic(&request)).await
}

#[tauri::command]
pub(crate) async fn comic_draw(library: Core<'_>, plan: u32) -> Answer<TaskId> {
    Ok(library.draw_comic(plan))
}

#[tauri::command]
pub(crate) async fn comic_cancel(library: Core<'_>, task: TaskId) -> Answer<()> {
    library.cancel_comic(task);
    Ok(())
}

#[tauri::command]
pub(crate) async fn comics_list(library: Core<'_>) -> Answer<Vec<Comic>> {
    blocking(&library, |library| library.comics()).await
}

#[tauri::command]
pub(crate) async fn comic_delete(library: Core<'_>, id: ComicId) -> Answer<()> {
    blocking(&library, move |library| library.set_comic_deleted(id, true)).await
}

#[tauri::command]
pub(crate) async fn comic_restore(library: Core<'_>, id: ComicId) -> Answer<()> {
    blocking(&library, move |library| library.set_comic_deleted(id, false)).await
}

#[tauri::command]
pub(crate) async fn comic_save(
    app: AppHandle,
    library: Core<'_>,
    version: VersionId,
) -> Answer<Option<PathBuf>> {
    let title = blocking(&library, move |library| Ok(library.comic_of(version)?.title)).await?;
    let Some(path) = pick_file(&app, &file_name(&title)).await else { return Ok(None) };
    let path = if path.extension().is_none() { path.with_extension("png") } else { path };
    let out = path.clone();
    blocking(&library, move |library| library.export_comic(version, &out)).await?;
    Ok(Some(path))
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
