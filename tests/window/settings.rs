//! The settings apply at once and outlast the window.

use serde_json::json;

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
