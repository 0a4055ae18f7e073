//! The way through the window by keys alone.

use fantoccini::key::Key;
use serde_json::json;

use crate::stage::Stage;
use crate::support::Window;

#[test]
fn everything_is_reached_by_keys() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    let grid = window.grid();
    let press = |key: Key| window.press(&[key.into()]);

    let mut steps = 0;
    while !focus_is(&window, "photo") {
        steps += 1;
        assert!(steps < 30, "Tab never reaches a photo; it is on {}", focused(&window));
        press(Key::Tab);
    }
    press(Key::Right);
    window.until("the first photo is selected", || selected(&window) == grid[..1]);
    press(Key::Right);
    window.until("the second photo is selected", || selected(&window) == grid[1..2]);
    window.until("its similar photos show", || window.count("similar-result") > 0);

    press(Key::Enter);
    window.until("the photo is large", || window.has_pictures("viewer-photo", 1));
    assert_eq!(in_viewer(&window), grid[1]);
    window.shot("viewer");
    press(Key::Right);
    window.until("the next photo is large", || in_viewer(&window) == grid[2]);
    press(Key::Left);
    press(Key::Left);
    window.until("the photo before is large", || in_viewer(&window) == grid[0]);
    press(Key::Escape);
    window.until("the large photo is closed", || !window.shows("viewer"));
    window.until("the grid followed", || selected(&window) == grid[..1]);

    window.press(&['s']);
    window.until("the similar photos are the grid", || window.shows("chip"));
    window.until("the photo itself comes first", || window.grid().first() == Some(&grid[0]));
    window.press(&[Key::Alt.into(), Key::Left.into()]);
    window.until("the way back leads to all photos", || !window.shows("chip") && window.grid() == grid);
    window.press(&[Key::Alt.into(), Key::Right.into()]);
    window.until("and forward again", || window.shows("chip"));
    window.press(&[Key::Alt.into(), Key::Left.into()]);
    window.until("back", || window.grid() == grid);

    window.press(&['c']);
    window.until("the photo is in the tray", || window.count("tray-photo") == 1);
    window.press(&['?']);
    window.until("the keys are shown", || window.shows("shortcuts"));
    window.shot("shortcuts");
    press(Key::Escape);
    window.until("the keys are closed", || window.count("shortcuts") == 0);

    // Letters in a field are letters.
    window.write("comic-prompt", "sc?");
    assert_eq!(window.count("tray-photo"), 1);
    assert!(!window.shows("chip") && window.count("shortcuts") == 0);
}

fn focus_is(window: &Window, testid: &str) -> bool {
    window.js("return document.activeElement?.dataset.testid === arguments[0]", json!([testid]))
}

fn focused(window: &Window) -> String {
    window.js("return document.activeElement?.outerHTML.slice(0, 200) ?? 'nothing'", json!([]))
}

fn selected(window: &Window) -> Vec<i64> {
    window.js(
        "return [...document.querySelectorAll('[data-photo][aria-selected=true]')].map((one) => Number(one.dataset.photo))",
        json!([]),
    )
}

/// The photo whose original is shown large.
fn in_viewer(window: &Window) -> i64 {
    window.js(
        "const address = document.querySelector('[data-testid=viewer-photo]')?.src ?? 'x:/0';
         return Number(new URL(address).pathname.slice(1))",
        json!([]),
    )
}
