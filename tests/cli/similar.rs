//! `fotonovela similar`.

use serde_json::Value;

use crate::program::{Program, keys, stderr, text};
use crate::support;

fn paths(answer: &Value) -> Vec<&str> {
    answer["results"].as_array().unwrap().iter().map(|result| result["path"].as_str().unwrap()).collect()
}

fn scores(answer: &Value) -> Vec<f64> {
    answer["results"].as_array().unwrap().iter().map(|result| result["score"].as_f64().unwrap()).collect()
}

#[test]
fn a_photo_of_the_library_comes_first_itself() {
    let program = Program::with(&["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
    program.index();
    let answer = program.json(&["similar", "photos/c.jpg", "-k", "3"]);
    assert_eq!(answer["query"], text(&program.photos().join("c.jpg")));
    assert_eq!(paths(&answer)[0], text(&program.photos().join("c.jpg")));
    assert_eq!(answer["results"].as_array().unwrap().len(), 3);
    assert_eq!(keys(&answer["results"][0]), ["id", "path", "score"]);
    let scores = scores(&answer);
    assert!((scores[0] - 1.0).abs() < 1e-3, "{scores:?}");
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
}

#[test]
fn a_picture_from_outside_is_compared_and_not_added() {
    let program = Program::with(&["a.jpg", "b.jpg", "c.jpg"]);
    program.index();
    let copy = support::png(&support::scene(2, 320, 240));
    support::write(&program.root().join("outside.png"), &copy);
    let answer = program.json(&["similar", "outside.png"]);
    assert_eq!(answer["results"].as_array().unwrap().len(), 3, "all there are");
    assert!(!paths(&answer).iter().any(|path| path.ends_with("outside.png")));
    assert_eq!(program.index()["found"], 3);
}

#[test]
fn an_empty_library_has_no_answers() {
    let program = Program::with(&["a.jpg"]);
    let answer = program.json(&["similar", "photos/a.jpg"]);
    assert_eq!(answer["results"].as_array().unwrap().len(), 0);
}

#[test]
fn what_is_no_picture_is_refused() {
    let program = Program::with(&[]);
    let missing = program.run(&["similar", "nowhere.jpg"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("nowhere.jpg"));
    support::write(&program.root().join("text.txt"), b"a text");
    let no_picture = program.run(&["similar", "text.txt"]);
    assert_eq!(no_picture.status.code(), Some(1));
    assert!(stderr(&no_picture).contains(".txt"), "{}", stderr(&no_picture));
}
