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
    assert_eq!(keys(&answer["results"][0]), ["id", "path", "score", "weak", "why"]);
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

#[test]
fn photos_are_looked_for_among_a_folder_favourites_and_days() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    let other = program.root().join("other");
    for (seed, name, taken) in [
        (3, "c.jpg", "2019:04:30 23:59:59"),
        (4, "d.jpg", "2019:05:01 23:59:59"),
        (5, "e.jpg", "2019:05:02 00:00:00"),
    ] {
        let exif = support::Exif { taken: Some(taken), ..support::Exif::default() };
        support::write(&other.join(name), &exif.in_jpeg(&support::photo(seed)));
    }
    program.index();
    program.json(&["index", "other"]);
    let found = |arguments: &[&str]| {
        let answer = program.json(&[&["similar", "photos/a.jpg"], arguments].concat());
        let mut names: Vec<_> = paths(&answer).iter().map(|path| path[path.len() - 5..].to_owned()).collect();
        // The photo itself comes first where it belongs to what was asked for.
        if names.contains(&"a.jpg".to_owned()) {
            assert_eq!(names[0], "a.jpg");
        }
        names.sort_unstable();
        names
    };
    assert_eq!(found(&[]), ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"]);
    assert_eq!(found(&["--folder", "other"]), ["c.jpg", "d.jpg", "e.jpg"]);
    assert_eq!(found(&["--from", "2019-05-01", "--to", "2019-05-01"]), ["d.jpg"]);
    assert_eq!(found(&["--to", "2019-05-01"]), ["c.jpg", "d.jpg"]);
    assert_eq!(found(&["--folder", "other", "--from", "2019-05-02"]), ["e.jpg"]);
    assert_eq!(found(&["--favourites"]), [""; 0]);
    assert_eq!(program.json(&["favourite", "photos/a.jpg", "photos/b.jpg", "other/d.jpg"])["favourites"], 3);
    assert_eq!(program.json(&["favourite", "--remove", "photos/b.jpg"])["favourites"], 2);
    assert_eq!(found(&["--favourites"]), ["a.jpg", "d.jpg"]);
    assert_eq!(found(&["--favourites", "--folder", "photos"]), ["a.jpg"]);

    let nowhere = program.run(&["similar", "photos/a.jpg", "--folder", "nowhere"]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(stderr(&nowhere).contains(text(&other)), "{}", stderr(&nowhere));
    let unknown = program.run(&["favourite", "photos/z.jpg"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("z.jpg"), "{}", stderr(&unknown));
    assert_eq!(program.run(&["similar", "photos/a.jpg", "--from", "yesterday"]).status.code(), Some(2));
}

#[test]
fn a_part_of_a_picture_is_looked_for_in_parts_of_photos() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    let indexed = program.json(&["index", program.photos().to_str().unwrap()]);
    assert_eq!(indexed["passes"]["regions"]["done"], 2);
    let found = program.json(&["similar", "photos/a.jpg", "--box", "0.25,0.25,0.5,0.5"]);
    assert_eq!(
        found["results"][0]["region"],
        serde_json::json!({ "x": 0.25, "y": 0.25, "width": 0.5, "height": 0.5 })
    );
    assert_eq!(keys(&found["results"][1]["region"]), ["height", "width", "x", "y"]);
    assert_eq!(
        (&found["results"][0]["why"], &found["results"][1]["why"]),
        (&"itself".into(), &"part".into())
    );
    for wrong in ["0.5,0.5,0.6,0.1", "0,0,0,1", "1,2,3", "a,b,c,d", "0,0,nan,1"] {
        let refused = program.run(&["similar", "photos/a.jpg", "--box", wrong]);
        assert_eq!(refused.status.code(), Some(2), "{wrong}");
    }
    assert_eq!(program.run(&["similar", "photos/a.jpg", "--kind", "2"]).status.code(), Some(2));
    assert_eq!(program.json(&["similar", "photos/a.jpg", "--kind", "1"])["results"][1]["why"], "kind");
}
