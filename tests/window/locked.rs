//! A library belongs to one window at a time.

use std::process::{Command, Stdio};

use crate::screen::Screen;
use crate::stage::{PROGRAM, Stage};
use crate::support::await_value;

#[test]
fn a_library_in_use_is_refused_with_words() {
    let stage = Stage::with_photos();
    let _first = stage.open();

    let mut command = Command::new(PROGRAM);
    command.arg("--library").arg(stage.library()).stderr(Stdio::piped());
    let second = stage.prepare(&mut command).spawn().unwrap();
    let screen = Screen::open();
    let message = await_value("the second one says why it cannot start", || {
        screen.windows().into_iter().find(|window| window.process == second.id())
    });
    assert_eq!(message.title, "Fotonovela cannot start");

    screen.close(&message);
    let ended = second.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains("is in use by another Fotonovela"), "{said}");
    assert!(said.contains(stage.library().canonicalize().unwrap().to_str().unwrap()), "{said}");
    assert!(said.contains("--library"), "it says what to do: {said}");
    assert_eq!(ended.status.code(), Some(1), "it ends by itself: {}", ended.status);
}
