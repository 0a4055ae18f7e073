//! A real clipboard and real keys: what other programs copied is pasted, and what is copied here they can paste.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::photos;
use crate::stage::Stage;
use crate::support::{Window, await_value};

#[test]
fn a_picture_or_a_file_that_another_program_copied_is_pasted() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    let sun = window.photo("sun.jpg");

    copied("image/jpeg", &photos::outsider());
    window.type_keys("ctrl+v");
    window.until("the picture is shown", || window.has_pictures("query-image", 1));
    window.until("photos like it are the grid", || window.grid().len() == photos::COUNT);
    assert!(window.grid()[..2].contains(&sun), "the suns come first");
    leave(&window);

    let outsider = stage.path("copied from outside.jpg");
    std::fs::write(&outsider, photos::outsider()).unwrap();
    copied("text/uri-list", uri(&outsider).as_bytes());
    window.type_keys("ctrl+v");
    window.await_text("query-image", "copied from outside.jpg");
    leave(&window);

    copied("text/plain;charset=utf-8", b"only words");
    window.type_keys("ctrl+v");
    window.await_text("toast", "no picture on the clipboard");
    assert!(!window.shows("chip"));
}

#[test]
fn while_the_story_is_written_words_go_into_it_and_a_picture_searches() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    window.click_photo(window.photo("sun.jpg"));
    window.press(&['c']);
    window.until("the tray is there", || window.shows("comic-prompt"));
    window.write("comic-prompt", "The sun ");
    let story = || -> String {
        window.js("return document.querySelector('[data-testid=comic-prompt]')?.value ?? ''", json!([]))
    };

    copied("UTF8_STRING", b"rises");
    window.type_keys("ctrl+v");
    window.until("the words are in the story", || story() == "The sun rises");
    assert!(!window.shows("chip") && window.count("toast") == 0);

    copied("image/jpeg", &photos::outsider());
    window.type_keys("ctrl+v");
    window.until("the picture is shown", || window.has_pictures("query-image", 1));
    assert_eq!(story(), "The sun rises");
}

#[test]
fn a_copied_photo_is_a_file_and_a_picture_for_other_programs() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    let file = stage.photos().canonicalize().unwrap().join("sun.jpg");
    window.click_photo(window.photo("sun.jpg"));
    window.type_keys("ctrl+c");
    window.await_text("toast", "1 photo copied");
    await_value("the file is in the clipboard", || {
        (String::from_utf8(pasted("text/uri-list")).unwrap() == uri(&file)).then_some(())
    });
    assert_eq!(pasted("image/jpeg"), std::fs::read(&file).unwrap());
    assert_eq!(pasted("x-special/gnome-copied-files"), format!("copy\n{}", uri(&file).trim()).into_bytes());
    assert_eq!(pasted("UTF8_STRING"), file.to_str().unwrap().as_bytes());
}

fn leave(window: &Window) {
    window.click("chip-close");
    window.until("all photos are back", || !window.shows("chip") && window.count("photo") == photos::COUNT);
}

fn uri(file: &Path) -> String {
    format!("file://{}\r\n", file.to_str().unwrap().replace(' ', "%20"))
}

/// Another program has this in the clipboard from now on.
fn copied(kind: &str, bytes: &[u8]) {
    let mut program = Command::new("xclip")
        .args(["-selection", "clipboard", "-target", kind, "-in"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("xclip is installed");
    program.stdin.take().unwrap().write_all(bytes).unwrap();
    assert!(program.wait().unwrap().success());
    // It goes on in the background, and may not own the clipboard yet.
    await_value("the clipboard has it", || (pasted(kind) == bytes).then_some(()));
}

/// What another program gets from the clipboard.
fn pasted(kind: &str) -> Vec<u8> {
    let program = Command::new("xclip").args(["-selection", "clipboard", "-target", kind, "-out"]).output();
    program.unwrap().stdout
}
