//! The key of the service: asked for where it is needed, kept where the person said, shown nowhere.

use serde_json::{Value, json};

use crate::fake_service::FakeService;
use crate::stage::Stage;
use crate::support::Window;

const KEY: &str = "sk-test-0123456789-never-to-be-seen";

#[test]
fn a_key_goes_into_the_keychain_and_is_seen_nowhere_else() {
    let service = FakeService::start("401");
    let stage = Stage::with_photos().drawing_at(&service);
    let window = stage.open_with_photos();
    ask_for_a_comic(&window, "The sun rises");
    window.click("comic-send");
    window.until("the service wants a key", || window.shows("drawing-failed"));
    assert_eq!(window.attributes("drawing-failed", "data-code"), ["key"]);
    window.await_text("drawing-failed", "wants a key");

    window.click("fix-key");
    window.until("the review asks for it", || window.shows("key-input"));
    window.shot("review-key");
    assert!(is_disabled(&window, "comic-send"), "nothing can be sent before");
    window.write("key-input", KEY);
    window.click("key-save");
    window.until("the key is taken", || !window.shows("key-input") && !is_disabled(&window, "comic-send"));
    window.await_text("review", "In the keychain");
    assert_hidden(&window, &stage);

    // From now on the service is content.
    let address = service.host();
    assert_eq!(service.requests().last().unwrap().header("authorization"), None, "there was no key");
    drop(service);
    let service = FakeService::start_at("ok", &address);
    window.click("comic-send");
    window.until("the comic is there", || window.has_pictures("comic-result", 1));
    assert_eq!(authorization(&service), format!("Bearer {KEY}"));
    assert_hidden(&window, &stage);
    window.close();

    let window = stage.open();
    assert_eq!(open_settings(&window), "In the keychain");
    assert_hidden(&window, &stage);
    window.click("key-delete");
    window.until("the key is forgotten", || window.text("key-state") == "No key needed");
    assert_eq!(window.invoke("key_state", &json!({})), Ok(json!("not_needed")));
}

#[test]
fn without_a_keychain_the_key_is_kept_for_the_session_if_the_person_wants() {
    let service = FakeService::start("ok");
    let stage = Stage::with_photos()
        .drawing_at(&service)
        .with_variable("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    let window = stage.open_with_photos();
    open_settings(&window);
    window.write("key-input", KEY);
    window.click("key-save");
    let told = window.await_text("key-error", "keychain");
    assert!(told.contains("install one") && told.contains("until Fotonovela closes"), "{told}");
    window.shot("no-keychain");
    assert!(is_disabled(&window, "key-remember"));
    assert!(is_checked(&window, "key-session"));
    window.click("key-save");
    window.until("the key is kept for now", || window.text("key-state") == "Until Fotonovela closes");
    assert_hidden(&window, &stage);

    window.click_css("[data-testid=settings] header button");
    ask_for_a_comic(&window, "The sun sets");
    window.click("comic-send");
    window.until("the comic is there", || window.has_pictures("comic-result", 1));
    assert_eq!(authorization(&service), format!("Bearer {KEY}"));
    window.close();

    let window = stage.open();
    assert_eq!(open_settings(&window), "No key needed", "the session is over");
    assert_hidden(&window, &stage);
}

#[test]
fn a_service_elsewhere_is_not_asked_without_a_key() {
    let stage = Stage::with_photos().with_settings(&json!({ "baseUrl": "https://comics.invalid/v1" }));
    let window = stage.open_with_photos();
    ask_for_a_comic(&window, "The sun rises");
    window.await_text("review", "comics.invalid needs a key");
    assert_eq!(window.text("plan-host"), "comics.invalid");
    assert!(window.shows("key-input") && is_disabled(&window, "comic-send"));
    window.click("key-session");
    window.write("key-input", KEY);
    window.click("key-save");
    window.until("it could be sent now", || !is_disabled(&window, "comic-send"));
    assert_hidden(&window, &stage);
}

fn ask_for_a_comic(window: &Window, story: &str) {
    window.click_photo(window.photo("sun.jpg"));
    window.press(&['c']);
    window.write("comic-prompt", story);
    window.click("comic-draw");
    window.until("the review is shown", || window.has_pictures("planned-picture", 1));
}

/// Opens the settings and answers what they say about the key.
fn open_settings(window: &Window) -> String {
    window.click("settings-open");
    window.until("the settings are open", || window.shows("key-state"));
    window.text("key-state")
}

fn is_disabled(window: &Window, testid: &str) -> bool {
    property(window, testid, "disabled")
}

fn is_checked(window: &Window, testid: &str) -> bool {
    property(window, testid, "checked")
}

fn property(window: &Window, testid: &str, name: &str) -> bool {
    window.js(
        "return document.querySelector(`[data-testid=\"${arguments[0]}\"]`)[arguments[1]]",
        json!([testid, name]),
    )
}

fn authorization(service: &FakeService) -> String {
    service.requests().last().unwrap().header("authorization").unwrap_or_default().to_owned()
}

/// The key is not in the page, in no field, in no store of the page, and in no file of the program.
fn assert_hidden(window: &Window, stage: &Stage) {
    let seen: Value = window.js(
        "return {
            page: document.documentElement.outerHTML,
            fields: [...document.querySelectorAll('input, textarea')].map((field) => field.value),
            local: { ...localStorage },
            session: { ...sessionStorage },
            cookies: document.cookie,
            globals: Object.keys(window).map((name) => { try { return JSON.stringify(window[name]); } catch { return name; } }),
        }",
        json!([]),
    );
    assert!(seen["page"].as_str().unwrap().contains("data-testid"), "the page was looked at");
    let text = seen.to_string();
    for part in [KEY, "never-to-be-seen"] {
        assert!(!text.contains(part), "the page holds the key");
        assert_eq!(stage.files_with(part), [] as [std::path::PathBuf; 0], "files hold the key");
    }
}
