//! Drawings that end badly: what happened, what to do, and what is kept.

use fantoccini::key::Key;
use serde_json::json;

use crate::fake_service::FakeService;
use crate::stage::Stage;
use crate::support::Window;

#[test]
fn a_refused_key_a_refused_story_and_a_cut_drawing_each_have_their_way_out() {
    let service = FakeService::start("ok");
    let stage =
        Stage::with_photos().with_settings(&json!({ "baseUrl": service.url(), "route": "responses" }));
    let window = stage.open_with_photos();
    window.click_photo(window.photo("sun.jpg"));
    window.press(&['c']);

    draw(&window, "The sun rises [401]");
    assert_eq!(failure(&window), "key");
    window.await_text("drawing-failed", &service.host());
    window.await_text("drawing-failed", "wants a key");
    assert!(window.shows("fix-key"));
    window.shot("failed-key");

    window.click("nav-all");
    draw(&window, "The sun falls [400-moderation]");
    assert_eq!(failure(&window), "refused");
    window.await_text("drawing-failed", "safety rules");
    window.await_text("drawing-failed", "Change the prompt");
    window.shot("failed-refused");
    window.click("fix-prompt");
    window.until("the story can be changed", || prompt(&window) == "The sun falls [400-moderation]");
    window.until("it has the focus", || {
        window.js("return document.activeElement?.dataset.testid === 'comic-prompt'", json!([]))
    });

    draw(&window, "The sun hides [break]");
    assert_eq!(failure(&window), "cut");
    window.await_text("drawing-failed", "billed");
    assert!(window.shows("fix-again"));
    window.until("the last preview was kept", || window.has_pictures("comic-version", 1));
    window.shot("failed-cut");
    window.click("fix-dismiss");
    window.until("the preview is the page", || window.has_pictures("comic-result", 1));
    window.await_text("main", "Only a preview");

    assert_eq!(service.posts(), 3, "nothing was asked for twice");
    window.click("nav-comics");
    window.until("the comic is listed", || window.has_pictures("comic-card", 2));
    assert_eq!(window.count("comic-card"), 1, "only where something was drawn");
}

#[test]
fn a_service_that_is_not_there_is_told_and_can_be_tried_again() {
    let service = FakeService::start("ok");
    let stage = Stage::with_photos().drawing_at(&service);
    let address = service.host();
    drop(service);
    let window = stage.open_with_photos();
    window.click_photo(window.photo("sun.jpg"));
    window.press(&['c']);
    draw(&window, "The sun rises");
    assert_eq!(failure(&window), "offline");
    window.await_text("drawing-failed", &address);

    let service = FakeService::start_at("ok", &address);
    window.click("fix-again");
    window.until("the review is shown once more", || window.has_pictures("planned-picture", 1));
    window.click("comic-send");
    window.until("the comic is there", || window.has_pictures("comic-result", 1));
    assert_eq!(service.posts(), 1);
}

/// Writes the story into the tray, looks at the review, and sends.
fn draw(window: &Window, story: &str) {
    window.until("the tray is there", || window.shows("comic-prompt"));
    window.click("comic-prompt");
    window.press(&[Key::Control.into(), 'a']);
    window.press(&[Key::Delete.into()]);
    window.write("comic-prompt", story);
    window.until("the story is written", || prompt(window) == story);
    window.click("comic-draw");
    window.until("the review is shown", || window.has_pictures("planned-picture", 1));
    window.click("comic-send");
}

fn prompt(window: &Window) -> String {
    window.js("return document.querySelector('[data-testid=comic-prompt]')?.value ?? ''", json!([]))
}

fn failure(window: &Window) -> String {
    window.until("the drawing failed", || window.shows("drawing-failed"));
    window.attributes("drawing-failed", "data-code").remove(0)
}
