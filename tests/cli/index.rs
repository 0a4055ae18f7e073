//! `fotonovela index`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::program::{Program, keys, one_object, stderr, text};
use crate::support;

#[test]
fn answers_what_it_found_and_did() {
    let program = Program::with(&["a.jpg", "b.jpg", "sub/c.jpg"]);
    support::write(&program.photos().join("drawing.psd"), b"layers");
    support::write(&program.photos().join("broken.jpg"), b"no picture");
    support::write(&program.photos().join(".hidden.jpg"), b"left out");

    let first = program.index();
    assert_eq!(
        keys(&first),
        [
            "dimension",
            "failed",
            "found",
            "gone",
            "indexed",
            "model",
            "other",
            "passes",
            "photos_per_second",
            "seconds",
            "unchanged"
        ]
    );
    let pass = json!({ "done": 3, "failed": 2 });
    assert_eq!(first["passes"], json!({ "thumbnail": pass, "photo": pass }));
    assert_eq!((&first["found"], &first["indexed"], &first["unchanged"]), (&json!(5), &json!(3), &json!(0)));
    assert_eq!(first["dimension"], 2560);
    assert!(first["photos_per_second"].as_f64().unwrap() > 0.0);
    let failed = first["failed"].as_array().unwrap();
    assert_eq!(failed.len(), 2);
    assert_eq!(failed[0]["path"], text(&program.photos().join("broken.jpg")));
    assert_eq!(failed[1]["path"], text(&program.photos().join("drawing.psd")));
    assert!(failed.iter().all(|problem| problem["reason"].as_str().unwrap().len() > 10), "{failed:?}");

    let second = program.index();
    assert_eq!(
        (&second["found"], &second["indexed"], &second["unchanged"]),
        (&json!(5), &json!(0), &json!(3))
    );
    assert_eq!(second["failed"], first["failed"], "they are listed again");
}

#[test]
fn it_stops_after_the_pass_that_was_asked_for() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    let photos = program.photos();
    let photos = text(&photos);
    let first = program.json(&["index", photos, "--passes", "thumbnail"]);
    assert_eq!(first["passes"], json!({ "thumbnail": { "done": 2, "failed": 0 } }));
    let second = program.json(&["index", photos, "--passes", "photo"]);
    assert_eq!(second["passes"]["photo"], json!({ "done": 2, "failed": 0 }));
    let refused = program.run(&["index", photos, "--passes", "phto"]);
    assert!(
        !refused.status.success() && stderr(&refused).contains("thumbnail, photo"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn second_files_of_photos_are_found_and_neither_indexed_nor_failed() {
    let program = Program::with(&["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg"]);
    for second in ["IMG_1.MOV", "img_2.cr2", "IMG_3.xmp", "IMG_3.jpg.xmp", "lone.xmp"] {
        support::write(&program.photos().join(second), b"something else");
    }
    let first = program.index();
    // Of the second files the raw picture is a photo, which is not read by itself.
    assert_eq!((&first["found"], &first["indexed"], &first["unchanged"]), (&json!(4), &json!(3), &json!(1)));
    assert_eq!(first["failed"], json!([]));
    assert_eq!(first["other"], json!({ "motion": 1, "sidecar": 3 }));
    let second = program.index();
    assert_eq!(
        (&second["found"], &second["indexed"], &second["unchanged"]),
        (&json!(4), &json!(0), &json!(4))
    );
}

#[test]
fn relative_folders_get_absolute_paths() {
    let program = Program::with(&["a.jpg"]);
    support::write(&program.photos().join("b.psd"), b"layers");
    let answer = program.json(&["index", "photos"]);
    assert_eq!(answer["failed"][0]["path"], text(&program.photos().join("b.psd")));
}

#[test]
fn a_folder_that_is_not_there_is_an_error_that_says_what_to_do() {
    let program = Program::with(&[]);
    let output = program.run(&["index", "nowhere", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("nowhere"), "{}", stderr(&output));
    let answer = one_object(&output);
    assert!(answer["error"]["message"].as_str().unwrap().contains("Check its name"), "{answer}");
}

#[test]
fn no_folder_is_a_wrong_use() {
    let output = Program::with(&[]).run(&["index"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn without_a_model_it_fails_and_says_what_is_missing() {
    let program = Program::with(&["a.jpg"]);
    let empty = program.root().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let output = program.command(&["index", "photos"]).env("FOTONOVELA_RESOURCES", &empty).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("model.toml"), "{}", stderr(&output));
}

#[test]
fn watching_answers_one_object_a_line() {
    let program = Program::with(&["a.jpg"]);
    let mut child = program
        .command(&["index", "photos", "--watch", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    let first = next();
    assert_eq!((&first["found"], &first["indexed"]), (&json!(1), &json!(1)));
    support::write(&program.photos().join("b.jpg"), &support::photo(50));
    // The look at the new file and its work may be told in two lines.
    let mut indexed = 0;
    while indexed == 0 {
        indexed = next()["indexed"].as_u64().unwrap();
    }
    assert_eq!(indexed, 1);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn folders_take_what_the_arguments_say_and_remember_it() {
    let program = Program::with(&["a.jpg", "b.jpeg", "drafts/c.jpg", "sub/d.jpg"]);
    support::write(&program.photos().join("drawing.psd"), b"layers");
    let names = |answer: &Value| (answer["found"].clone(), answer["failed"].as_array().unwrap().len());
    let some =
        program.json(&["index", "photos", "--exclude", "drafts/", "--exclude", "*.jpeg", "--kinds", "jpeg"]);
    assert_eq!(names(&some), (json!(2), 0));
    assert_eq!(some["indexed"], 2);
    let same = program.json(&["index", "photos"]);
    assert_eq!((names(&same), &same["indexed"]), ((json!(2), 0), &json!(0)), "it is remembered");
    let flat = program.json(&["index", "photos", "--exclude", "", "--no-subfolders"]);
    assert_eq!((names(&flat), &flat["indexed"]), ((json!(2), 0), &json!(1)));
    let all = program.json(&["index", "photos", "--subfolders", "--kinds", "all"]);
    assert_eq!(
        (names(&all), &all["indexed"]),
        ((json!(5), 1), &json!(1)),
        "what was known is not read again"
    );
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn damaged_thumbnails_are_made_again() {
    let program = Program::with(&["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
    program.index();
    let thumbnails = || {
        let mut files = files_below(&program.library().join("thumbnails"));
        files.sort();
        files.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect::<Vec<_>>()
    };
    let whole = thumbnails();
    assert_eq!(whole.len(), 4);
    for ((path, bytes), damaged) in whole.iter().zip([0, 1, 2]) {
        let half = &bytes[..bytes.len() / 2];
        let damage = [Vec::new(), vec![0; bytes.len()], half.to_vec()];
        std::fs::write(path, &damage[damaged]).unwrap();
    }
    let answer = program.json(&["index", "photos", "--retry"]);
    assert_eq!((&answer["indexed"], &answer["failed"]), (&json!(3), &json!([])));
    assert!(thumbnails() == whole, "the same files with the same bytes");
    let again = program.json(&["index", "photos", "--retry"]);
    assert_eq!(again["indexed"], 0);
}

#[test]
fn patterns_and_kinds_that_are_none_are_refused() {
    let program = Program::with(&["a.jpg"]);
    let output = program.run(&["index", "photos", "--kinds", "jpeg,psd"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("psd") && stderr(&output).contains("heic"), "{}", stderr(&output));
    let output = program.run(&["index", "photos", "--exclude", "a["]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains(".gitignore"), "{}", stderr(&output));
}

#[test]
fn photos_that_vanished_together_are_kept_unless_it_is_told_to_forget_them() {
    let names: Vec<_> = (0..12).map(|number| format!("{number:02}.jpg")).collect();
    let program = Program::with(&names.iter().map(String::as_str).collect::<Vec<_>>());
    program.index();
    names[..11].iter().for_each(|name| std::fs::remove_file(program.photos().join(name)).unwrap());
    let output = program.run(&["index", "photos"]);
    assert!(output.status.success());
    assert!(stderr(&output).contains("11 of 12 photos"), "{}", stderr(&output));
    assert!(stderr(&output).contains("--forget-missing"), "{}", stderr(&output));
    let similar = |program: &Program| {
        let answer = program.json(&["similar", "photos/11.jpg", "-k", "20"]);
        answer["results"].as_array().unwrap().len()
    };
    assert_eq!(similar(&program), 12, "they are kept");
    let output = program.run(&["index", "photos", "--forget-missing"]);
    assert_eq!((output.status.code(), stderr(&output).contains("missing")), (Some(0), false));
    assert_eq!(similar(&program), 1);
}

/// The files that an answer accounts for.
fn accounted(answer: &Value) -> u64 {
    let count = |field: &str| answer[field].as_u64().unwrap();
    count("indexed") + count("unchanged") + count("gone") + answer["failed"].as_array().unwrap().len() as u64
}

#[test]
fn what_is_no_photo_is_counted_by_its_kind_and_is_no_problem() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    let film = b"\0\0\0\x14ftypqt  \0\0\0\0qt  ";
    for (name, bytes) in [
        ("film.mp4", &film[..]),
        ("FILM.AVI", b"RIFF"),
        ("song.mp3", b"ID3"),
        ("notes.pdf", b"%PDF"),
        ("empty.txt", b""),
        ("b.jpg.json", b"{}"),
        ("b.AAE", b"<plist/>"),
        ("lone.xmp", b"<x/>"),
        ("photos.zip", b"PK"),
        ("strange.xyz", b"?"),
        ("a.mov", film),
        ("drawing.psd", b"layers"),
    ] {
        support::write(&program.photos().join(name), bytes);
    }
    let first = program.index();
    let kinds =
        json!({ "video": 2, "motion": 1, "sidecar": 3, "audio": 1, "document": 2, "archive": 1, "other": 1 });
    assert_eq!(first["other"], kinds);
    let failed = first["failed"].as_array().unwrap();
    assert_eq!(
        (failed.len(), &failed[0]["params"]["format"]),
        (1, &json!(".psd")),
        "a picture that is not shown"
    );
    assert_eq!((&first["found"], accounted(&first)), (&json!(3), 3));
    let second = program.index();
    assert_eq!((&second["other"], &second["found"], accounted(&second)), (&kinds, &json!(3), 3));
}

#[test]
fn trying_again_counts_each_file_once() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    let broken = program.photos().join("broken.jpg");
    support::write(&broken, b"no picture");
    let first = program.index();
    assert_eq!((&first["found"], accounted(&first)), (&json!(3), 3));
    let again = program.json(&["index", "photos", "--retry"]);
    assert_eq!((&again["found"], &again["indexed"], &again["unchanged"]), (&json!(3), &json!(0), &json!(2)));
    assert_eq!(accounted(&again), 3);
}

#[cfg(unix)]
#[test]
fn names_that_differ_in_bytes_that_are_no_text_are_two_files() {
    use std::os::unix::ffi::OsStrExt;

    let program = Program::with(&["good.jpg"]);
    for (seed, name) in [(2, &b"a\xff.jpg"[..]), (3, b"a\xfe.jpg")] {
        support::write(&program.photos().join(std::ffi::OsStr::from_bytes(name)), &support::photo(seed));
    }
    for _ in 0..2 {
        let answer = program.index();
        assert_eq!((answer["failed"].as_array().unwrap().len(), accounted(&answer)), (2, 3));
        assert_eq!(answer["found"], 3);
    }
}

#[test]
fn photos_that_go_while_they_are_read_are_accounted_for() {
    let names: Vec<String> = (0..60).map(|number| format!("{number:02}.jpg")).collect();
    let program = Program::with(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut child = program.command(&["index", "photos", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let thumbnails = program.library().join("thumbnails");
    support::wait_for("the first thumbnail", || thumbnails.read_dir().ok()?.next().map(drop));
    std::fs::remove_dir_all(program.photos()).unwrap();
    let mut stdout = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut stdout).unwrap();
    child.wait().unwrap();
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(answer["found"].as_u64().unwrap(), accounted(&answer), "{answer}");
}
