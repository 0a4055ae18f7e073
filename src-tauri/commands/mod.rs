//! What the page may ask: one file per noun, each command one call of the core.

mod comics;
mod folders;
mod photos;
mod search;
mod settings;
mod stores;
mod tasks;

use std::sync::Arc;

use fotonovela_core::error::{Error, Result};
use fotonovela_core::library::Library;
use tauri::ipc::Invoke;
use tauri::{State, Wry};

use crate::error::CommandError;

pub(crate) type Answer<T> = std::result::Result<T, CommandError>;
pub(crate) type Core<'a> = State<'a, Arc<Library>>;

/// All commands.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        comics::comic_cancel,
        comics::comic_delete,
        comics::comic_draw,
        comics::comic_plan,
        comics::comic_restore,
        comics::comic_save,
        comics::comics_list,
        folders::answer_missing,
        folders::drop_kind,
        folders::folder_pick,
        folders::folder_remove,
        folders::folders_add,
        folders::folders_list,
        folders::set_folder_options,
        photos::photo_get,
        photos::photo_reveal,
        photos::photos_by_path,
        photos::photos_mark,
        photos::photos_since,
        photos::photos_visible,
        search::query_image_add,
        search::query_image_open,
        search::similar_find,
        settings::key_delete,
        settings::key_set,
        settings::key_state,
        settings::settings_get,
        settings::settings_save,
        stores::store_in_use,
        stores::store_kinds,
        stores::store_state,
        stores::store_test,
        stores::store_token_delete,
        stores::store_token_set,
        stores::store_token_state,
        stores::store_work,
        stores::store_work_cancel,
        stores::store_work_start,
        tasks::events_subscribe,
        tasks::index_cancel,
        tasks::index_resume,
        tasks::index_status,
        tasks::library_notice,
        tasks::problems_list,
        tasks::problems_retry,
    ]
}

/// Calls the core on a thread that may block; a command itself must not.
pub(crate) async fn blocking<T: Send + 'static>(
    library: &Core<'_>,
    call: impl FnOnce(&Library) -> Result<T> + Send + 'static,
) -> Answer<T> {
    let library = Arc::clone(library);
    let called = tauri::async_runtime::spawn_blocking(move || call(&library)).await;
    match called {
        Ok(answer) => Ok(answer?),
        Err(panic) => Err(Error::Invalid(format!("this failed inside Fotonovela: {panic}")).into()),
    }
}
