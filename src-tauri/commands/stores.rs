//! Where similar photos are searched. A token only ever goes in.

use std::sync::Arc;

use fotonovela_core::stores::Stores;
use fotonovela_core::types::{KeyState, StoreJob, StoreKind, StoreState, StoreWork, TaskId};

use super::{Answer, Core, blocking};

#[tauri::command]
pub(crate) async fn store_kinds() -> Answer<Vec<StoreKind>> {
    Ok(Stores::kinds())
}

#[tauri::command]
pub(crate) async fn store_in_use(library: Core<'_>) -> Answer<String> {
    Ok(library.store_in_use().to_string())
}

#[tauri::command]
pub(crate) async fn store_state(library: Core<'_>) -> Answer<StoreState> {
    blocking(&library, |library| library.store_state()).await
}

#[tauri::command]
pub(crate) async fn store_test(library: Core<'_>, address: String) -> Answer<StoreState> {
    blocking(&library, move |library| library.test_store(&address.parse()?)).await
}

#[tauri::command]
pub(crate) async fn store_work_start(library: Core<'_>, job: StoreJob) -> Answer<TaskId> {
    Ok(Arc::clone(&library).start_store_work(job)?)
}

#[tauri::command]
pub(crate) async fn store_work_cancel(library: Core<'_>) -> Answer<()> {
    library.cancel_store_work();
    Ok(())
}

#[tauri::command]
pub(crate) async fn store_work(library: Core<'_>) -> Answer<Option<StoreWork>> {
    Ok(library.store_work())
}

#[tauri::command]
pub(crate) async fn store_token_state(library: Core<'_>, address: String) -> Answer<KeyState> {
    blocking(&library, move |library| library.store_token_state(&address.parse()?)).await
}

#[tauri::command]
pub(crate) async fn store_token_set(
    library: Core<'_>,
    address: String,
    token: String,
    remember: bool,
) -> Answer<KeyState> {
    blocking(&library, move |library| library.set_store_token(&address.parse()?, &token, remember)).await
}

#[tauri::command]
pub(crate) async fn store_token_delete(library: Core<'_>, address: String) -> Answer<KeyState> {
    blocking(&library, move |library| library.delete_store_token(&address.parse()?)).await
}
