//! `fotonovela undo`: what a person did on the command line is taken back, made again and listed, over restarts.

use serde_json::{Value, json};

use crate::program::{Program, stderr};

/// Code and whether it is undone, of each edit that is kept, the newest first.
fn edits(program: &Program) -> Vec<(Value, Value)> {
    let listed = program.json(&["undo", "--list"]);
    let edits = listed["edits"].as_array().unwrap().iter();
    edits.map(|edit| (edit["code"].clone(), edit["undone"].clone())).collect()
}

/// How many favourites there are among the photos that are like `a.jpg`.
fn favourites(program: &Program) -> usize {
    program.json(&["similar", "photos/a.jpg", "--favourites"])["results"].as_array().unwrap().len()
}

#[test]
fn a_mark_is_taken_back_and_made_again() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    program.index();
    program.json(&["favourite", "photos/a.jpg", "photos/b.jpg"]);
    let (marked, added) = ("mark_set", "folder_added");
    assert_eq!(edits(&program), [(json!(marked), json!(false)), (json!(added), json!(false))]);
    assert!(program.run(&["undo"]).status.success());
    assert_eq!(favourites(&program), 0);
    assert_eq!(edits(&program)[0], (json!(marked), json!(true)));
    assert!(program.run(&["undo", "--redo"]).status.success());
    assert_eq!(favourites(&program), 2);
    assert_eq!(edits(&program)[0], (json!(marked), json!(false)));
}

#[test]
fn an_edit_that_is_not_kept_is_named_and_changes_nothing() {
    let program = Program::with(&["a.jpg"]);
    program.index();
    let output = program.run(&["undo", "99"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("The edit was not found"), "{}", stderr(&output));
    assert_eq!(edits(&program), [(json!("folder_added"), json!(false))]);
}

#[test]
fn hidden_photos_leave_answers_and_return_by_undo() {
    let program = Program::with(&["a.jpg", "b.jpg", "c.jpg"]);
    program.index();
    let alike = || program.json(&["similar", "photos/a.jpg"])["results"].as_array().unwrap().len();
    assert_eq!(program.json(&["hide", "photos/b.jpg", "photos/c.jpg"]), json!({ "photos": 2, "hidden": 2 }));
    assert_eq!(alike(), 1);
    assert_eq!(program.json(&["hide", "photos/c.jpg", "--remove"]), json!({ "photos": 1, "hidden": 1 }));
    assert_eq!(alike(), 2);
    program.json(&["undo"]);
    program.json(&["undo"]);
    assert_eq!(alike(), 3);
}
