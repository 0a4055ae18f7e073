//! The system's clipboard, past the web view: WebKitGTK hands the page neither the files nor the pictures in it. GTK's own
//! clipboard, since that works on X11 and on Wayland, and gives pictures as bytes, undecoded.

use std::path::PathBuf;

use gtk::gdk::{Atom, SELECTION_CLIPBOARD};
use gtk::{Clipboard, SelectionData, TargetEntry, TargetFlags, glib};
use tauri::AppHandle;
use tokio::sync::oneshot::{Sender, channel};

/// Kinds of pictures, the first one that is there is taken; else any other.
const PREFERRED: [&str; 4] = ["image/png", "image/jpeg", "image/webp", "image/tiff"];

const URIS: &str = "text/uri-list";
/// The same for file managers, with what shall be done.
const COPIED_FILES: &str = "x-special/gnome-copied-files";
const TEXT: [&str; 2] = ["UTF8_STRING", "text/plain;charset=utf-8"];

/// A picture with its media type.
pub(crate) struct Picture {
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// The files in the clipboard.
pub(crate) async fn files(app: &AppHandle) -> Vec<PathBuf> {
    let uris = ask(app, |clipboard, answer| {
        clipboard.request_uris(move |_, uris| reply(answer, uris.iter().map(ToString::to_string).collect()));
    });
    let uris: Vec<String> = uris.await.unwrap_or_default();
    uris.iter().filter_map(|uri| glib::filename_from_uri(uri).ok()).map(|(path, _)| path).collect()
}

/// The picture in the clipboard, as its bytes.
pub(crate) async fn picture(app: &AppHandle) -> Option<Vec<u8>> {
    let bytes = ask(app, |clipboard, answer| {
        clipboard.request_contents(&Atom::intern("TARGETS"), move |clipboard, targets| {
            match best(&targets.targets().unwrap_or_default()) {
                Some(kind) => clipboard.request_contents(&kind, move |_, data| reply(answer, data.data())),
                None => reply(answer, Vec::new()),
            }
        });
    });
    bytes.await.filter(|bytes| !bytes.is_empty())
}

/// Puts files into the clipboard, and one of them as a picture too. Returns whether the system took them.
pub(crate) async fn put(app: &AppHandle, files: Vec<PathBuf>, picture: Option<Picture>) -> bool {
    let uris: Vec<_> = files.iter().filter_map(|file| glib::filename_to_uri(file, None).ok()).collect();
    let paths: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
    let mut offers = vec![
        (URIS, (uris.join("\r\n") + "\r\n").into_bytes()),
        (COPIED_FILES, format!("copy\n{}", uris.join("\n")).into_bytes()),
    ];
    offers.extend(TEXT.map(|kind| (kind, paths.join("\n").into_bytes())));
    offers.extend(picture.map(|picture| (picture.media_type, picture.bytes)));
    let put = ask(app, move |clipboard, answer| {
        let targets: Vec<_> = (0..)
            .zip(&offers)
            .map(|(number, (kind, _))| TargetEntry::new(kind, TargetFlags::empty(), number))
            .collect();
        let give = move |_: &Clipboard, data: &SelectionData, number: u32| {
            let offer = usize::try_from(number).ok().and_then(|number| offers.get(number));
            if let Some((_, bytes)) = offer {
                data.set(&data.target(), 8, bytes);
            }
        };
        reply(answer, clipboard.set_with_data(&targets, give));
    });
    put.await.unwrap_or(false)
}

/// Asks the clipboard something on the thread of the window. `None` where that has ended.
async fn ask<T: Send + 'static>(
    app: &AppHandle,
    question: impl FnOnce(&Clipboard, Sender<T>) + Send + 'static,
) -> Option<T> {
    let (answer, answered) = channel();
    app.run_on_main_thread(move || question(&Clipboard::get(&SELECTION_CLIPBOARD), answer)).ok()?;
    answered.await.ok()
}

fn reply<T>(answer: Sender<T>, value: T) {
    // Who asked may have gone.
    let _ = answer.send(value);
}

fn best(targets: &[Atom]) -> Option<Atom> {
    let is = |target: &&Atom, kind: &str| target.name() == kind;
    let preferred = PREFERRED.iter().find_map(|kind| targets.iter().find(|target| is(target, kind)));
    preferred.or_else(|| targets.iter().find(|target| target.name().starts_with("image/"))).copied()
}
