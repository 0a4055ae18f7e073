//! The channel of events.

use fotonovela_core::types::Event;
use tauri::State;
use tauri::ipc::Channel;

use super::CommandResult;
use crate::events::Outlet;

#[tauri::command]
pub(crate) async fn subscribe_events(
    outlet: State<'_, Outlet>,
    channel: Channel<Event>,
) -> CommandResult<()> {
    outlet.subscribe(channel);
    Ok(())
}
