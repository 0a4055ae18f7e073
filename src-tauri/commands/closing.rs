//! The answer to the question whether the window may close.

use std::sync::Arc;

use fotonovela_core::library::Library;
use tauri::AppHandle;

use super::CommandResult;
use crate::window;

pub(super) async fn answer(app: AppHandle, _library: Arc<Library>, close: bool) -> CommandResult<()> {
    window::answer_close(&app, close);
    Ok(())
}
