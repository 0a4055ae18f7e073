//! The screen itself: the windows on it, their close buttons, and files that are dragged in from another program.

use std::path::Path;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, MapState, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window as WindowId, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::support::await_value;

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
        // Waits for the screen's answer: what a connection that closes at once has sent may never be read.
        self.connection.send_event(false, to, EventMask::NO_EVENT, event).unwrap().check().unwrap();
    }

    fn atom(&self, name: &str) -> Atom {
        self.connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }
}

const LIST: &str = "text/uri-list";
/// The version of the protocol of dragging between programs.
const XDND: u32 = 5;

/// A file or folder that another program holds over a window.
pub struct FileDrag {
    screen: Screen,
    source: WindowId,
    target: WindowId,
    list: String,
}

impl FileDrag {
    /// Takes hold of a file and enters the window.
    pub fn enter(target: &Seen, file: &Path) -> Self {
        let screen = Screen::open();
        let source = screen.connection.generate_id().unwrap();
        let attributes = CreateWindowAux::new();
        screen
            .connection
            .create_window(0, source, screen.root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, 0, &attributes)
            .unwrap();
        screen
            .connection
            .set_selection_owner(source, screen.atom("XdndSelection"), x11rb::CURRENT_TIME)
            .unwrap();
        let drag = Self { source, target: target.id, list: format!("file://{}\r\n", file.display()), screen };
        drag.tell("XdndEnter", [XDND << 24, drag.screen.atom(LIST), 0, 0]);
        drag
    }

    /// Moves over a point of the window and waits until the window took note.
    pub fn over(&self, x: i16, y: i16) {
        let connection = &self.screen.connection;
        let at =
            connection.translate_coordinates(self.target, self.screen.root, x, y).unwrap().reply().unwrap();
        let place = u32::from_ne_bytes(i32::from(at.dst_x).to_ne_bytes()) << 16
            | (u32::from_ne_bytes(i32::from(at.dst_y).to_ne_bytes()) & 0xffff);
        let copy = self.screen.atom("XdndActionCopy");
        self.tell("XdndPosition", [0, place, x11rb::CURRENT_TIME, copy]);
        self.serve_until("XdndStatus");
    }

    /// Lets go and waits until the window took it.
    pub fn drop(self) {
        self.tell("XdndDrop", [0, x11rb::CURRENT_TIME, 0, 0]);
        self.serve_until("XdndFinished");
    }

    /// Leaves the window without letting go. Whoever drags has to live until the window took note.
    pub fn leave(&self) {
        self.tell("XdndLeave", [0; 4]);
    }

    fn tell(&self, kind: &str, [one, two, three, four]: [u32; 4]) {
        self.screen.send(self.target, self.screen.atom(kind), [self.source, one, two, three, four]);
    }

    /// Answers what the window asks for until it sends `reply`.
    fn serve_until(&self, reply: &str) {
        let wanted = self.screen.atom(reply);
        await_value(reply, || {
            while let Some(event) = self.screen.connection.poll_for_event().unwrap() {
                match event {
                    Event::SelectionRequest(request) => self.answer(&request),
                    Event::ClientMessage(message) if message.type_ == wanted => return Some(()),
                    _ => {}
                }
            }
            None
        });
    }

    fn answer(&self, request: &SelectionRequestEvent) {
        let connection = &self.screen.connection;
        let is_list = request.target == self.screen.atom(LIST);
        if is_list {
            let (window, property) = (request.requestor, request.property);
            connection
                .change_property8(PropMode::REPLACE, window, property, request.target, self.list.as_bytes())
                .unwrap();
        }
        let notify = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: if is_list { request.property } else { x11rb::NONE },
        };
        connection.send_event(false, request.requestor, EventMask::NO_EVENT, notify).unwrap();
        connection.flush().unwrap();
    }
}

#[test]
fn the_screen_stays_when_its_last_client_leaves() {
    for _ in 0..300 {
        Screen::open();
    }
}
