//! Settings, and whether there is a key. The key itself only ever goes in.

use fotonovela_core::settings::Settings;
use fotonovela_core::types::KeyState;

use super::{Answer, Core, blocking};

#[tauri::command]
pub(crate) async fn settings_get(library: Core<'_>) -> Answer<Settings> {
    Ok(library.settings())
}

#[tauri::command]
pub(crate) async fn settings_save(library: Core<'_>, settings: Settings) -> Answer<()> {
    blocking(&library, move |library| library.save_settings(settings)).await
}

#[tauri::command]
pub(crate) async fn key_state(library: Core<'_>) -> Answer<KeyState> {
    blocking(&library, |library| library.key_state()).await
}

#[tauri::command]
pub(crate) async fn key_set(library: Core<'_>, key: String, remember: bool) -> Answer<KeyState> {
    blocking(&library, move |library| library.set_key(&key, remember)).await
}

#[tauri::command]
pub(crate) async fn key_delete(library: Core<'_>) -> Answer<KeyState> {
    blocking(&library, |library| library.delete_key()).await
}
