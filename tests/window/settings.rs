//! The settings apply at once and outlast the window.

use serde_json::json;

use crate::photos;
use crate::python::python;
use crate::stage::Stage;
use crate::support::Window;

#[test]
fn theme_and_language_apply_at_once_and_are_kept() {
    let stage = Stage::empty();
    let window = stage.open();
    assert_eq!(language(&window), "en");
    let light = background(&window);
    window.click("settings-open");
    window.until("the settings are open", || window.shows("settings"));
    window.await_text("settings-safety", "seccomp");
    choose(&window, "dark");
    choose(&window, "es");
    window.until("the window is dark", || background(&window) != light);
    window.await_text("settings", "Ajustes");
    window.shot("settings-spanish");
    let dark = background(&window);
    window.until("the choice is kept", || {
        let settings = stage.settings();
        settings["theme"] == "dark" && settings["language"] == "es"
    });
    window.close();

    let window = stage.open();
    window.await_text("welcome", "fotos");
    assert_eq!(language(&window), "es");
    assert_eq!(background(&window), dark);
    assert!(luminance(&dark) < 60.0 && luminance(&light) > 200.0, "{light} became {dark}");
}

#[test]
fn similar_photos_are_searched_in_another_store_and_again_in_the_app() {
    let program = python("milvus-lite");
    let stage = Stage::with_photos().with_variable("FOTONOVELA_MILVUS_LITE", program.to_str().unwrap());
    let window = stage.open_with_photos();
    let before = alike(&window, "sun.jpg");
    window.click("settings-open");
    window.await_text("store-state", "In this app");
    choose(&window, "milvus");
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    window.write("store-address", &format!("http://{gone}"));
    window.click("store-test");
    window.await_text("store-test-error", "does not answer");
    window.shot("store-away");

    choose(&window, "milvus_lite");
    window.write("store-address", stage.path("lite").to_str().unwrap());
    window.click("store-test");
    window.await_text("store-test-result", "milvus");
    window.click("store-move");
    window.await_text("store-done", "Everything is right");
    window.await_text("store-state", "Milvus Lite");
    window.shot("store-moved");
    window.until("the choice is kept", || {
        stage.settings()["store"].as_str().is_some_and(|store| store.starts_with("milvus-lite:"))
    });
    window.press(&['\u{e00c}']);
    window.until("the settings are closed", || !window.shows("settings"));
    alike(&window, "sea.jpg");
    assert_eq!(alike(&window, "sun.jpg"), before, "the same photos from there");
    assert_eq!(window.count("store-notice"), 0);
    window.click("settings-open");
    window.click("store-back");
    window.await_text("store-state", "In this app");
    window.until("this too", || stage.settings()["store"] == "embedded");
    window.close();
}

/// The photos that are shown as most like this one.
fn alike(window: &Window, name: &str) -> Vec<String> {
    window.click_photo(window.photo(name));
    window.await_text("similar-panel", name);
    window.until("its similar photos show", || window.has_pictures("similar-result", photos::COUNT - 1));
    window.attributes("similar-result", "data-id").into_iter().take(3).collect()
}

fn choose(window: &Window, value: &str) {
    window.click_css(&format!("[data-testid=settings] label:has(input[value={value}])"));
}

fn language(window: &Window) -> String {
    window.js("return document.documentElement.lang", json!([]))
}

fn background(window: &Window) -> String {
    window.js("return getComputedStyle(document.body).backgroundColor", json!([]))
}

/// Of `rgb(r, g, b)`, from 0 to 255.
fn luminance(colour: &str) -> f64 {
    let numbers: Vec<f64> = colour
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    numbers.iter().take(3).sum::<f64>() / 3.0
}
