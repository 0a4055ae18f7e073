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
        let stage = Stage::with_photos();
        let folder = stage.photos().canonicalize().unwrap();
        eprintln!("scenario {name}");
        stage.open().promise::<()>(
            &format!("{script}\nawait scenarios.play(...arguments)"),
            json!([name, folder, photos::COUNT]),
        );
    }
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
