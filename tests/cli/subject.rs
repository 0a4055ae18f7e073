//! `fotonovela subject` and `search --subject`: taught by paths, asked about paths.

use serde_json::{Value, json};

use crate::program::{Program, stderr};

const NAMES: [&str; 6] = ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "f.jpg"];

fn paths(answer: &Value) -> Vec<String> {
    let path = |photo: &Value| photo["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    answer.as_array().unwrap().iter().map(path).collect()
}

#[test]
fn a_subject_is_taught_asked_searched_renamed_forgotten_and_brought_back() {
    let program = Program::with(&NAMES);
    program.index();
    let taught =
        program.json(&["subject", "Cola", "--yes", "photos/a.jpg", "photos/b.jpg", "--no", "photos/c.jpg"]);
    assert_eq!((&taught["name"], &taught["yes"], &taught["no"]), (&json!("Cola"), &json!(2), &json!(1)));
    let asked = program.json(&["subject", "cola", "--ask", "2"]);
    assert_eq!(asked["ask"].as_array().unwrap().len(), 2, "{asked}");
    assert!(paths(&asked["ask"]).iter().all(|name| ["d.jpg", "e.jpg", "f.jpg"].contains(&name.as_str())));
    assert!(asked["ask"][0]["score"].is_number());

    let found = program.json(&["search", "--subject", "Cola", "-k", "10"]);
    let results = found["results"].as_array().unwrap();
    assert_eq!(results.len(), NAMES.len(), "{found}");
    assert_eq!((&results[0]["matches"], &results[1]["matches"]), (&json!(true), &json!(true)));
    assert_eq!(paths(&found["results"]).last().unwrap(), "c.jpg", "the answer wins");
    assert_eq!(results[5]["matches"], json!(false));
    // Words rank those that match.
    let both = program.json(&["search", "photo", "--subject", "Cola"]);
    let all_match = both["results"].as_array().unwrap().iter().all(|photo| photo["matches"] == json!(true));
    assert!(all_match && !paths(&both["results"]).contains(&"c.jpg".into()), "{both}");

    assert_eq!(program.json(&["subject", "Cola", "--rename", "Fanta"]), json!({ "name": "Fanta" }));
    assert_eq!(program.json(&["subject", "Fanta", "--forget"]), json!({ "forgotten": "Fanta" }));
    assert_eq!(program.json(&["subject"]), json!({ "subjects": [] }));
    program.json(&["undo"]);
    program.json(&["undo"]);
    let subjects = program.json(&["subject"]);
    assert_eq!(
        (&subjects["subjects"][0]["name"], &subjects["subjects"][0]["yes"]),
        (&json!("Cola"), &json!(2))
    );
    program.json(&["undo"]);
    assert_eq!(program.json(&["subject"]), json!({ "subjects": [] }), "one call was one edit");
}

#[test]
fn what_is_not_there_is_named_and_nothing_is_kept() {
    let program = Program::with(&NAMES[..2]);
    program.index();
    let output = program.run(&["subject", "Cola", "--yes", "photos/a.jpg", "photos/nothing.jpg"]);
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("photos/nothing.jpg") && told.contains("folder"), "{told}");
    assert_eq!(program.json(&["subject"]), json!({ "subjects": [] }));
    for arguments in
        [&["subject", "Cola"][..], &["search", "--subject", "Cola"], &["subject", "Cola", "--forget"]]
    {
        let output = program.run(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("--yes"), "{}", stderr(&output));
    }
    assert_eq!(program.run(&["search"]).status.code(), Some(2), "words or a subject");
}
