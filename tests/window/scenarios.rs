//! The scenarios that the fake core passes in the interface's unit tests, in the real window over the real core: so the
//! fake cannot drift from what it stands for.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::photos;
use crate::stage::Stage;

#[test]
fn the_real_core_does_as_the_fake_one() {
    let script = script();
    let names: Vec<String> =
        Stage::empty().open().js(&format!("{script}\nreturn scenarios.names"), json!([]));
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert_eq!(play(&script, &name), None, "{name}");
    }
}

/// Plays a scenario; returns what went wrong. The driver gives up on scripts that wait for long, so the page is asked
/// again and again.
fn play(script: &str, name: &str) -> Option<String> {
    let stage = Stage::with_photos();
    let folder = stage.photos().canonicalize().unwrap();
    let window = stage.open();
    window.js::<()>(
        &format!(
            "{script}
             const end = (wrong) => (window.played = {{ wrong }});
             scenarios.play(...arguments).then(() => end(null), (error) => end(String(error?.message ?? error)));"
        ),
        json!([name, folder, photos::COUNT]),
    );
    window.until(name, || window.js("return window.played !== undefined", json!([])));
    window.js("return window.played.wrong", json!([]))
}

/// The scenarios as one script, made anew of their sources.
fn script() -> String {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut make = Command::new("npm");
    make.arg("--prefix").arg(&ui).args(["run", "--silent", "build:scenarios"]);
    let made = make.output().expect("npm is installed");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::read_to_string(ui.join("dist-scenarios/scenarios.js")).unwrap()
}
