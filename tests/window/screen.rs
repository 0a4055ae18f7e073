//! The screen itself: the windows on it, their close buttons, and files that are dragged in from another program.

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState, Window as WindowId,
};
use x11rb::rust_connection::RustConnection;

/// A connection to the screen.
pub struct Screen {
    connection: RustConnection,
    root: WindowId,
}

/// A window on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub id: WindowId,
    pub title: String,
    pub process: u32,
}

impl Screen {
    pub fn open() -> Self {
        let (connection, number) = RustConnection::connect(None).expect("there is a screen");
        let root = connection.setup().roots[number].root;
        Self { connection, root }
    }

    /// All windows with a title that can be seen.
    pub fn windows(&self) -> Vec<Seen> {
        let children = self.connection.query_tree(self.root).unwrap().reply().unwrap().children;
        // Windows may vanish while they are looked at.
        children.into_iter().filter_map(|id| self.look_at(id)).collect()
    }

    fn look_at(&self, id: WindowId) -> Option<Seen> {
        let attributes = self.connection.get_window_attributes(id).ok()?.reply().ok()?;
        let title = self.connection.get_property(false, id, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 200);
        let title = String::from_utf8(title.ok()?.reply().ok()?.value).ok()?;
        let pid = self.atom("_NET_WM_PID");
        let pid =
            self.connection.get_property(false, id, pid, AtomEnum::CARDINAL, 0, 1).ok()?.reply().ok()?;
        let process = pid.value32()?.next()?;
        (attributes.map_state == MapState::VIEWABLE && !title.is_empty()).then_some(Seen {
            id,
            title,
            process,
        })
    }

    /// What the close button of a window does.
    pub fn close(&self, window: &Seen) {
        let message = [self.atom("WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
        self.send(window.id, self.atom("WM_PROTOCOLS"), message);
    }

    fn send(&self, to: WindowId, kind: Atom, data: [u32; 5]) {
        let event = ClientMessageEvent::new(32, to, kind, data);
        self.connection.send_event(false, to, EventMask::NO_EVENT, event).unwrap();
        self.connection.flush().unwrap();
    }

    fn atom(&self, name: &str) -> Atom {
        self.connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }
}
