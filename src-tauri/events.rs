//! The one channel from the core to the window.

use std::sync::{Arc, Mutex};

use fotonovela_core::types::{Event, EventSink};
use tauri::ipc::Channel;

/// Hands events to the page that subscribed last. Until one does, events are dropped: the page asks for the whole
/// state when it starts.
#[derive(Clone, Default)]
pub(crate) struct Outlet(Arc<Mutex<Option<Channel<Event>>>>);

impl Outlet {
    pub(crate) fn subscribe(&self, channel: Channel<Event>) {
        *self.0.lock().expect("no thread panics while it sends") = Some(channel);
    }

    pub(crate) fn sink(&self) -> EventSink {
        let outlet = self.clone();
        Arc::new(move |event| {
            let channel = outlet.0.lock().expect("no thread panics while it sends");
            if let Some(channel) = channel.as_ref()
                && let Err(error) = channel.send(event)
            {
                tracing::debug!(%error, "the page is gone");
            }
        })
    }
}
