//! What comes from outside: pasted pictures, and files and folders that another program drags in.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::photos;
use crate::screen::FileDrag;
use crate::stage::Stage;
use crate::support::Window;

#[test]
fn a_pasted_picture_finds_photos_like_it_and_stays_outside() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    let (sun, brighter) = (window.photo("sun.jpg"), window.photo("sun-brighter.jpg"));
    let before = window.layout(&json!({}));

    window.js::<()>(
        "const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));
         const clipboard = new DataTransfer();
         clipboard.items.add(new File([bytes], 'outside.jpg', { type: 'image/jpeg' }));
         const paste = new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true });
         document.body.dispatchEvent(paste);",
        json!([STANDARD.encode(photos::outsider())]),
    );
    window.until("the picture is shown", || window.has_pictures("query-image", 1));
    window.await_text("query-image", "not added");
    window.until("photos like it are the grid", || window.grid().len() == photos::COUNT);
    window.until("they are shown", || window.has_pictures("photo", photos::COUNT));
    let grid = window.grid();
    assert!(grid[..2].contains(&sun) && grid[..2].contains(&brighter), "the suns come first: {grid:?}");
    window.shot("pasted");

    window.click("chip-close");
    window.until("all photos are back", || !window.shows("chip") && window.count("photo") == photos::COUNT);
    let after = window.layout(&json!({}));
    assert_eq!(before, after, "nothing was added");
    assert_eq!(std::fs::read_dir(stage.photos()).unwrap().count(), photos::COUNT);
}

#[test]
fn a_pasted_file_that_is_no_picture_is_refused_with_words() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    window.js::<()>(
        "const clipboard = new DataTransfer();
         clipboard.items.add(new File(['no picture'], 'fake.png', { type: 'image/png' }));
         const paste = new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true });
         document.body.dispatchEvent(paste);",
        json!([]),
    );
    window.until("the reason is told", || window.shows("toast"));
    assert!(!window.shows("chip"));
    assert_eq!(window.count("photo"), photos::COUNT);
}

#[test]
fn a_dropped_folder_is_added() {
    let stage = Stage::with_photos();
    let window = stage.open();
    let drag = hold(&window, &stage.photos(), "main", "Add this folder");
    window.shot("drop-folder");
    drag.leave();
    window.until("nothing is announced any more", || !window.shows("drop-overlay"));
    drop(drag);
    assert!(window.shows("welcome"), "nothing was added");

    hold(&window, &stage.photos(), "main", "Add this folder").drop();
    window.until("its photos are there", || window.has_pictures("photo", photos::COUNT));
    assert_eq!(window.texts("folder").len(), 1);
}

#[test]
fn a_dropped_picture_searches_and_over_the_tray_goes_into_the_comic() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    let outsider = stage.path("a picture, from outside.jpg");
    std::fs::write(&outsider, photos::outsider()).unwrap();

    hold(&window, &outsider, "grid", "Find photos like this").drop();
    window.until("the picture is shown", || window.has_pictures("query-image", 1));
    window.await_text("query-image", "a picture, from outside.jpg");
    window.until("photos like it are the grid", || window.has_pictures("photo", photos::COUNT));
    assert!(window.grid()[..2].contains(&window.photo("sun.jpg")));
    window.click("chip-close");
    window.until("all photos are back", || !window.shows("chip"));

    hold(&window, &stage.photos().join("sea.jpg"), "grid", "Find photos like this").drop();
    window.await_text("chip", "sea.jpg");
    assert!(!window.shows("query-image"), "a file of the library is that photo");
    window.click("chip-close");
    window.until("all photos are back once more", || !window.shows("chip"));

    hold(&window, &stage.photos().join("sea.jpg"), "tray", "Use in the comic").drop();
    window.until("the photo is in the tray", || window.has_pictures("tray-photo", 1));
    assert_eq!(window.attributes("tray-photo", "data-tray-photo"), [window.photo("sea.jpg").to_string()]);

    hold(&window, &outsider, "tray", "Use in the comic").drop();
    window.await_text("toast", "not in the library");
    assert_eq!(window.count("tray-photo"), 1);

    let text = stage.path("notes.txt");
    std::fs::write(&text, "Remember the cake").unwrap();
    hold(&window, &text, "grid", "Only folders and pictures").drop();
    window
        .until("it is said that it is of no use", || window.texts("toast").concat().contains("Only folders"));
    assert_eq!(window.count("photo"), photos::COUNT);
}

/// Holds a file over the middle of an element until the window announces what a drop will do.
fn hold(window: &Window, file: &Path, testid: &str, announced: &str) -> FileDrag {
    let (x, y) = window.middle(&format!("[data-testid={testid}]"));
    let drag = FileDrag::enter(&window.seen(), &file.canonicalize().unwrap());
    window.until(&format!("\"{announced}\" is announced"), || {
        drag.over(x, y);
        window.text("drop-overlay").contains(announced)
    });
    drag
}
