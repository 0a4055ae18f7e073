//! The JSON of each command as a whole: whoever changes it sees what scripts will see.

use serde_json::{Value, json};

use crate::fake_service::FakeService;
use crate::program::{Program, one_object, stderr};
use crate::support;

/// What differs from run to run.
const VARYING: [&str; 7] = ["seconds", "photos_per_second", "score", "at", "sent_at", "ended_at", "host"];

/// The object with paths below `ROOT`, and without what differs from run to run.
fn steady(program: &Program, answer: &Value) -> Value {
    let root = program.root();
    let text = answer.to_string().replace(root.to_str().unwrap(), "ROOT");
    let mut answer = serde_json::from_str(&text).unwrap();
    settle(&mut answer);
    answer
}

fn settle(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if VARYING.contains(&name.as_str()) && !value.is_null() {
                    *value = json!("...");
                }
                settle(value);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(settle),
        _ => {}
    }
}

#[test]
fn of_a_library() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    support::write(&program.photos().join("broken.jpg"), b"no picture");
    let run = |arguments: &[&str]| steady(&program, &program.json(arguments));
    insta::assert_json_snapshot!("index", steady(&program, &program.index()));
    insta::assert_json_snapshot!("favourite", run(&["favourite", "photos/a.jpg"]));
    insta::assert_json_snapshot!("similar", run(&["similar", "photos/a.jpg", "-k", "2"]));
    insta::assert_json_snapshot!("undo_list", run(&["undo", "--list"]));
    insta::assert_json_snapshot!("undo", run(&["undo"]));
}

#[test]
fn of_comics() {
    let program = Program::with(&["a.jpg"]);
    let service = FakeService::start("ok");
    let url = service.url();
    let comic = ["comic", "photos/a.jpg", "--out", "comic.png", "--base-url", &url, "--prompt", "Cola"];
    let run = |arguments: &[&str]| steady(&program, &program.json(arguments));
    insta::assert_json_snapshot!("comic_dry_run", run(&[&comic[..], &["--dry-run"]].concat()));
    insta::assert_json_snapshot!("comic", run(&comic));
    insta::assert_json_snapshot!("ledger", run(&["ledger"]));
}

#[test]
fn of_an_error() {
    let program = Program::with(&[]);
    let output = program.run(&["similar", "photos/nothing.jpg", "--json"]);
    assert!(!output.status.success(), "{}", stderr(&output));
    insta::assert_json_snapshot!("error", steady(&program, &one_object(&output)));
}
