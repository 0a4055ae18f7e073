//! What outlives the window: the tray always, a drawing that is under way if the person says so.

use serde_json::json;

use crate::fake_service::FakeService;
use crate::stage::Stage;
use crate::support::Window;

const STORY: &str = "The sun falls into the sea";

#[test]
fn closing_while_a_comic_is_drawn_asks_and_the_tray_is_kept() {
    let service = FakeService::start("stall");
    let stage = Stage::with_photos().drawing_at(&service);
    let window = stage.open_with_photos();
    for name in ["sun.jpg", "sea.jpg"] {
        window.click_photo(window.photo(name));
        window.press(&['c']);
    }
    window.write("comic-prompt", STORY);
    let chosen = window.attributes("tray-photo", "data-tray-photo");
    window.click("comic-draw");
    window.click("comic-send");
    window.until("a preview is there", || window.has_pictures("comic-partial", 1));

    window.press_close();
    window.await_text("closing", "may still bill");
    window.shot("closing");
    window.click("closing-stay");
    window.until("it stays", || !window.shows("closing") && window.shows("drawing"));
    window.press_close();
    window.until("it is asked again", || window.shows("closing-close"));
    window.click_to_end("closing-close");

    let window = stage.open();
    window.until("the tray is there again", || window.has_pictures("tray-photo", 2));
    assert_eq!(window.attributes("tray-photo", "data-tray-photo"), chosen);
    assert_eq!(story(&window), STORY);
    window.click("nav-comics");
    window.until("the preview was kept", || window.has_pictures("comic-card", 3));
    assert_eq!(service.posts(), 1);
    window.close();
}

fn story(window: &Window) -> String {
    window.js("return document.querySelector('[data-testid=comic-prompt]')?.value ?? ''", json!([]))
}
