//! Pictures from outside: pasted ones search, and are not added.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::photos;
use crate::stage::Stage;

#[test]
fn a_pasted_picture_finds_photos_like_it_and_stays_outside() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    let (sun, brighter) = (window.photo("sun.jpg"), window.photo("sun-brighter.jpg"));
    let before = window.invoke("photos_since", &json!({ "revision": 0 })).unwrap();

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
    let after = window.invoke("photos_since", &json!({ "revision": 0 })).unwrap();
    assert_eq!(before["tiles"], after["tiles"], "nothing was added");
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
