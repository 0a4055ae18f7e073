//! `fotonovela duplicates`.

use serde_json::{Value, json};

use crate::program::{Program, keys, text};
use crate::support;

/// A picture, the same file again, a smaller one of it, and another one.
fn program() -> Program {
    let program = Program::with(&[]);
    let picture = support::scene(1, 640, 480);
    let small = image::imageops::thumbnail(&picture, 320, 240);
    let put = |name: &str, jpeg: &[u8]| support::write(&program.photos().join(name), jpeg);
    put("large.jpg", &support::jpeg(&picture));
    put("same.jpg", &support::jpeg(&picture));
    put("small.jpg", &support::jpeg(&small));
    put("other.jpg", &support::photo(5));
    program.index();
    program
}

fn kinds(answer: &Value) -> Vec<&str> {
    answer["groups"].as_array().unwrap().iter().map(|group| group["kind"].as_str().unwrap()).collect()
}

#[test]
fn groups_are_told_by_kind_with_the_best_first() {
    let program = program();
    let answer = program.json(&["duplicates"]);
    assert_eq!(kinds(&answer), ["exact", "near"]);
    let near = &answer["groups"][1];
    assert_eq!(keys(near), ["best", "kind", "photos", "spare_bytes"]);
    let photos: Vec<_> =
        near["photos"].as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    assert_eq!(photos.len(), 3, "all files: {photos:?}");
    assert_eq!(
        (near["best"].as_str(), photos[2]),
        (Some(photos[0]), text(&program.photos().join("small.jpg")))
    );
    assert_eq!(kinds(&program.json(&["duplicates", "--kind", "exact"])), ["exact"]);
    assert_eq!(program.json(&["duplicates", "--kind", "series"]), json!({ "groups": [] }));
    assert_eq!(program.json(&["duplicates", "--to", "1990-01-01"]), json!({ "groups": [] }));
    assert!(!program.run(&["duplicates", "--kind", "twin"]).status.success());
}

#[test]
fn copies_are_hidden_after_a_look_and_return_by_undo() {
    let program = program();
    let alike = || program.json(&["similar", "photos/other.jpg"])["results"].as_array().unwrap().len();
    let preview = program.json(&["duplicates", "--hide-copies", "--dry-run"]);
    assert_eq!((&preview["hidden"], alike()), (&json!(1), 3), "the same bytes are one photo");
    assert_eq!(program.json(&["duplicates", "--hide-copies"])["hidden"], 1);
    assert_eq!(alike(), 2);
    assert_eq!(program.json(&["duplicates", "--kind", "near"]), json!({ "groups": [] }));
    program.json(&["undo"]);
    assert_eq!(alike(), 3);
    assert!(!program.run(&["duplicates", "--dry-run"]).status.success(), "of what?");
}

#[test]
fn groups_are_told_in_both_languages() {
    let program = program();
    let told = |locale: &str| {
        let output = program.command(&["duplicates"]).env("LC_ALL", locale).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let english = told("C.UTF-8");
    assert!(english.contains("the same picture; ") && english.contains("2 groups; "), "{english}");
    let best: Vec<_> = english.lines().filter(|line| line.starts_with("  * 640 x 480")).collect();
    assert_eq!(best.len(), 2, "{english}");
    let spanish = told("es_ES.UTF-8");
    assert!(spanish.contains("la misma imagen; ") && spanish.contains("2 grupos; "), "{spanish}");
}
