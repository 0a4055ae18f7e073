//! Events and the indexer.

use std::path::PathBuf;

use fotonovela_core::types::{Event, IndexStatus, Problem};
use tauri::State;
use tauri::ipc::Channel;

use super::{Answer, Core, blocking};
use crate::events::Outlet;

#[tauri::command]
pub(crate) async fn events_subscribe(outlet: State<'_, Outlet>, channel: Channel<Event>) -> Answer<()> {
    outlet.subscribe(channel);
    Ok(())
}

#[tauri::command]
pub(crate) async fn library_notice(library: Core<'_>) -> Answer<Option<String>> {
    Ok(library.notice().map(str::to_owned))
}

#[tauri::command]
pub(crate) async fn index_status(library: Core<'_>) -> Answer<IndexStatus> {
    Ok(library.index_status())
}

#[tauri::command]
pub(crate) async fn index_cancel(library: Core<'_>) -> Answer<()> {
    blocking(&library, |library| library.pause_indexing()).await
}

#[tauri::command]
pub(crate) async fn index_resume(library: Core<'_>) -> Answer<()> {
    blocking(&library, |library| library.resume_indexing()).await
}

/// Without `paths` all files with a problem are tried again. Others than those are left alone.
#[tauri::command]
pub(crate) async fn problems_retry(library: Core<'_>, paths: Option<Vec<PathBuf>>) -> Answer<()> {
    blocking(&library, move |library| library.retry_problems(paths.as_deref())).await
}

#[tauri::command]
pub(crate) async fn problems_list(library: Core<'_>) -> Answer<Vec<Problem>> {
    blocking(&library, |library| library.problems(None)).await
}
