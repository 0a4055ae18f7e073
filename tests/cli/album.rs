//! `fotonovela album`: made of paths or of a search, listed, changed and taken back.

use serde_json::{Value, json};

use crate::program::{Program, stderr};

/// The names of an album's files, in its order.
fn names(answer: &Value) -> Vec<String> {
    let name = |photo: &Value| photo["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    answer["photos"].as_array().unwrap().iter().map(name).collect()
}

/// Name, number of photos and whether it is smart, of each album.
fn listed(program: &Program) -> Vec<(Value, Value, Value)> {
    let listed = program.json(&["album"]);
    let albums = listed["albums"].as_array().unwrap().iter();
    albums.map(|album| (album["name"].clone(), album["photos"].clone(), album["smart"].clone())).collect()
}

#[test]
fn an_album_is_made_shown_changed_deleted_and_brought_back() {
    let program = Program::with(&["a.jpg", "b.jpg", "c.jpg"]);
    program.index();
    assert_eq!(program.json(&["album"]), json!({ "albums": [] }));
    let made = program.json(&["album", "Walks", "--add", "photos/c.jpg", "photos/a.jpg"]);
    assert_eq!((&made["album"], names(&made)), (&json!("Walks"), vec!["c.jpg".into(), "a.jpg".into()]));
    assert!(made["photos"][0]["id"].is_number(), "{made}");
    let changed =
        ["album", "walks", "--add", "photos/b.jpg", "--remove", "photos/c.jpg", "--rename", "Strolls"];
    assert_eq!(names(&program.json(&changed)), ["a.jpg", "b.jpg"]);
    assert_eq!(listed(&program), [(json!("Strolls"), json!(2), json!(false))]);
    let text = program.run(&["album"]);
    assert_eq!(String::from_utf8_lossy(&text.stdout), "Strolls: 2 photos\n");
    assert_eq!(program.json(&["album", "Strolls", "--delete"]), json!({ "deleted": "Strolls" }));
    assert_eq!(listed(&program), []);
    program.json(&["undo"]);
    assert_eq!(names(&program.json(&["album", "Strolls"])), ["a.jpg", "b.jpg"]);
    let history = program.run(&["undo", "--list"]);
    let history = String::from_utf8_lossy(&history.stdout).into_owned();
    assert!(history.contains("put into album “Walks”: 1 photo\n"), "{history}");
}

#[test]
fn a_search_is_kept_as_a_smart_album() {
    let program = Program::with(&["beach-1.jpg", "town.jpg"]);
    program.index();
    assert_eq!(names(&program.json(&["album", "Beach", "--save", "folder:beach"])), ["beach-1.jpg"]);
    std::fs::copy(program.photos().join("town.jpg"), program.photos().join("beach-2.jpg")).unwrap();
    std::fs::remove_file(program.photos().join("town.jpg")).unwrap();
    program.index();
    assert_eq!(listed(&program), [(json!("Beach"), json!(2), json!(true))]);
    let like = program.json(&["album", "Like it", "--like", "photos/beach-1.jpg"]);
    assert_eq!(names(&like)[0], "beach-1.jpg");
    let refused = program.run(&["album", "Beach", "--add", "photos/beach-1.jpg"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("is a search"), "{}", stderr(&refused));
}

#[test]
fn what_is_not_there_is_named_and_nothing_is_changed() {
    let program = Program::with(&["a.jpg"]);
    program.index();
    for arguments in [
        &["album", "Walks", "--add", "photos/a.jpg", "photos/nothing.jpg"][..],
        &["album", "Walks", "--like", "photos/nothing.jpg"],
    ] {
        let output = program.run(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("photos/nothing.jpg"), "{}", stderr(&output));
    }
    for arguments in [&["album", "Walks"][..], &["album", "Walks", "--delete"]] {
        let output = program.run(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("Walks"), "{}", stderr(&output));
    }
    assert_eq!(listed(&program), []);
    assert_eq!(program.run(&["album", "--delete"]).status.code(), Some(2), "which one?");
}
