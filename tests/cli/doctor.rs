//! `fotonovela doctor`.

use serde_json::json;

use crate::program::{Program, one_object};

#[test]
fn a_whole_installation_works() {
    let program = Program::with(&[]);
    let answer = program.json(&["doctor"]);
    assert_eq!(answer["works"], true, "{answer}");
    let names: Vec<&str> =
        answer["checks"].as_array().unwrap().iter().map(|check| check["name"].as_str().unwrap()).collect();
    for name in ["version", "library", "ONNX Runtime", "model", "store", "decoders", "keychain", "watcher"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

#[test]
fn it_says_what_confines_the_decoders() {
    let program = Program::with(&[]);
    let answer = program.json(&["doctor"]);
    let checks = answer["checks"].as_array().unwrap();
    let decoders = checks.iter().find(|check| check["name"] == "decoders").unwrap();
    assert_eq!((&decoders["ok"], &decoders["confinement"]["missing"]), (&json!(true), &json!([])));
    let holds = json!(["files", "network", "scopes", "calls", "memory", "processor"]);
    assert_eq!(decoders["confinement"]["holds"], holds);
    let detail = decoders["detail"].as_str().unwrap();
    let landlock = format!("Landlock (version {})", decoders["confinement"]["landlock"]);
    assert!(detail.contains(&landlock) && detail.contains("seccomp"), "{detail}");
}

#[test]
fn missing_files_of_the_app_are_named_with_what_to_do() {
    let program = Program::with(&[]);
    let empty = program.root().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let output = program.command(&["doctor", "--json"]).env("FOTONOVELA_RESOURCES", &empty).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let answer = one_object(&output);
    assert_eq!(answer["works"], false);
    let model = answer["checks"].as_array().unwrap().iter().find(|check| check["name"] == "model").unwrap();
    assert!(model["detail"].as_str().unwrap().contains("make build"), "{model}");
}

#[test]
fn without_a_keychain_the_rest_still_works() {
    let program = Program::with(&[]);
    let answer = program.json(&["doctor"]);
    let keychain =
        answer["checks"].as_array().unwrap().iter().find(|check| check["name"] == "keychain").unwrap();
    assert_eq!((keychain["ok"].as_bool(), keychain["needed"].as_bool()), (Some(false), Some(false)));
    assert!(keychain["detail"].as_str().unwrap().contains("session"), "{keychain}");
}
