//! What a folder takes, and that a pause lasts, asked and answered in the real window.

use serde_json::json;

use crate::photos;
use crate::stage::Stage;

#[test]
fn what_the_options_leave_out_goes_at_once_and_comes_back() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    window.until_indexed();
    let has = |name: &str| window.names().iter().any(|one| one == name);
    let open = || {
        window.click("folder-menu");
        window.click_css("[role=menuitem]");
        window.until("the options are open", || window.shows("folder-options"));
    };

    open();
    window.write("options-exclude", "sun.*");
    window.shot("folder-options");
    window.click("options-save");
    window.until("the dialog is closed", || !window.shows("folder-options"));
    window.until("the photo is left out", || !has("sun.jpg"));
    assert_eq!(window.count("photo"), photos::COUNT - 1);
    assert!(stage.photos().join("sun.jpg").exists(), "the file stays");

    open();
    let kept: String =
        window.js("return document.querySelector('[data-testid=options-exclude]').value", json!([]));
    assert_eq!(kept, "sun.*");
    window.click("options-jpeg");
    window.click("options-save");
    window.until("no photo of another kind is left", || window.count("photo") == 0);

    open();
    window.click("options-jpeg");
    window.click("options-save");
    window.until("the photos are back", || window.has_pictures("photo", photos::COUNT - 1));
}

#[test]
fn a_pause_lasts_until_it_is_ended() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    window.until_indexed();
    window.invoke("cancel_index", &json!({})).unwrap();
    window.await_text("status", "Paused");
    window.close();

    let window = stage.open();
    window.await_text("status", "Paused");
    std::fs::write(stage.photos().join("new.jpg"), photos::outsider()).unwrap();
    window.click("index-resume");
    window.until("the new photo is shown", || window.has_pictures("photo", photos::COUNT + 1));
    window.until("the status line is gone", || !window.shows("status"));
}
