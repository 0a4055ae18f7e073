//! Files that harm, and files and folders that the user may not read.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use fotonovela_core::library::{Library, Options};
use fotonovela_core::platform::resources;
use serde_json::{Value, json};

use crate::harm::{png_by_hand, scan_bomb};
use crate::program::{Program, one_object, stderr, text};
use crate::support;

#[test]
fn bombs_cost_their_own_files_only_and_little_memory() {
    let program = Program::with(&["good.jpg"]);
    let photos = program.photos();
    support::write(&photos.join("huge.png"), &png_by_hand((50_000, 50_000), (8, 2), &[], &[vec![0; 64]]));
    support::write(&photos.join("large.png"), &png_by_hand((14_000, 14_000), (16, 6), &[], &[vec![0; 64]]));
    support::write(&photos.join("scans.jpg"), &scan_bomb(882));
    let mut command = Command::new("sh");
    // The first alone would take 7 GB.
    command.args(["-c", "ulimit -v 2500000; exec \"$@\"", "sh"]);
    let plain = program.command(&["index", "photos", "--json"]);
    command.arg(plain.get_program()).args(plain.get_args()).current_dir(program.root());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let answer = one_object(&output);
    assert_eq!((&answer["found"], &answer["indexed"]), (&json!(4), &json!(1)), "{answer}");
    let failed = answer["failed"].as_array().unwrap();
    let paths: Vec<_> = failed.iter().map(|problem| problem["path"].as_str().unwrap()).collect();
    let expected = ["huge.png", "large.png", "scans.jpg"].map(|name| photos.join(name));
    assert_eq!(paths, expected.each_ref().map(|path| text(path)));
    assert!(failed[0]["reason"].as_str().unwrap().contains("50000 x 50000"), "{answer}");
}

#[test]
fn folders_in_folders_and_twice_are_counted_once() {
    let program = Program::with(&["a.jpg", "sub/b.jpg"]);
    let answer = program.json(&["index", "photos", "photos/sub", "photos"]);
    let counts = (&answer["found"], &answer["indexed"], &answer["unchanged"]);
    assert_eq!(counts, (&json!(2), &json!(2), &json!(0)));
    let again = program.json(&["index", "photos/sub", "photos"]);
    assert_eq!((&again["found"], &again["indexed"], &again["unchanged"]), (&json!(2), &json!(0), &json!(2)));
}

#[test]
fn a_damaged_model_is_an_error_and_not_an_index_without_vectors() {
    let program = Program::with(&["a.jpg"]);
    let spoilt = program.root().join("resources");
    copy_tree(&resources::folder(), &spoilt);
    let model = spoilt.join("models/efficientnet-lite0-lite2/lite02_int8.onnx");
    let bytes = std::fs::read(&model).unwrap();
    std::fs::write(&model, &bytes[..bytes.len() - 1]).unwrap();
    let with_spoilt = |arguments: &[&str]| {
        program.command(arguments).env("FOTONOVELA_RESOURCES", &spoilt).output().unwrap()
    };
    let output = with_spoilt(&["index", "photos"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("checksum") && stderr(&output).contains("make build"),
        "{}",
        stderr(&output)
    );
    let doctor = with_spoilt(&["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("checksum"));

    std::fs::write(&model, bytes).unwrap();
    let library = spoilt.join("onnxruntime");
    for entry in std::fs::read_dir(&library).unwrap() {
        let path = entry.unwrap().path();
        if text(&path).contains("libonnxruntime") {
            std::fs::write(path, "no library").unwrap();
        }
    }
    let output = with_spoilt(&["index", "photos"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("ONNX Runtime"), "{}", stderr(&output));
    // What was spoilt is whole again: nothing is lost.
    assert_eq!(program.index()["found"], json!(1));
    let found = program.json(&["similar", "photos/a.jpg"]);
    assert_eq!(found["results"].as_array().unwrap().len(), 1);
}

#[test]
fn what_may_not_be_read_is_listed_kept_and_tried_again() {
    let user = Ordinary::with(&["open.jpg", "locked/inside.jpg", "closed.jpg"]);
    user.allow("closed.jpg", 0o000);
    let first = user.index();
    assert_eq!((&first["found"], &first["indexed"]), (&json!(3), &json!(2)), "{first}");
    let reason = first["failed"][0]["reason"].as_str().unwrap();
    assert_eq!(first["failed"][0]["path"], text(&user.path("closed.jpg")));
    assert!(reason.contains("Allow your user to read it"), "{reason}");

    user.allow("closed.jpg", 0o644);
    user.allow("locked", 0o000);
    let second = user.index();
    assert_eq!(second["indexed"], json!(1), "the file that may be read now: {second}");
    let failed = second["failed"].as_array().unwrap();
    assert_eq!((failed.len(), &failed[0]["path"]), (1, &json!(text(&user.path("locked")))), "{second}");
    assert!(failed[0]["reason"].as_str().unwrap().contains("Allow"), "{second}");
    assert_eq!(user.shown(), 3, "nothing is known about what lies there, so it is kept");

    user.allow("locked", 0o755);
    let third = user.index();
    assert_eq!((&third["indexed"], &third["failed"]), (&json!(0), &json!([])), "{third}");
    assert_eq!(user.shown(), 3);

    user.allow("", 0o000);
    let refused = user.run();
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("Allow your user"), "{}", stderr(&refused));
    user.allow("", 0o755);
    assert_eq!(user.shown(), 3);
}

/// A program that runs as somebody without special rights: root may read everything.
struct Ordinary {
    program: Program,
    /// Copies of the program and its files where that user may read them.
    copies: Option<PathBuf>,
}

const NOBODY: u32 = 65_534;

impl Ordinary {
    fn with(names: &[&str]) -> Self {
        let program = Program::with(names);
        let is_root = std::fs::metadata(program.root()).unwrap().uid() == 0;
        let copies = is_root.then(|| {
            let copies = program.root().join("copies");
            copy_tree(&resources::folder(), &copies.join("resources"));
            std::fs::copy(env!("CARGO_BIN_EXE_fotonovela"), copies.join("fotonovela")).unwrap();
            give(&program.root());
            copies
        });
        Self { program, copies }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.program.photos().join(name)
    }

    fn allow(&self, name: &str, mode: u32) {
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
    }

    fn run(&self) -> std::process::Output {
        let plain = self.program.command(&["index", "photos", "--json"]);
        let Some(copies) = &self.copies else { return { plain }.output().unwrap() };
        Command::new(copies.join("fotonovela"))
            .args(plain.get_args())
            .current_dir(self.program.root())
            .env("FOTONOVELA_RESOURCES", copies.join("resources"))
            .uid(NOBODY)
            .gid(NOBODY)
            .output()
            .unwrap()
    }

    fn index(&self) -> Value {
        let output = self.run();
        assert!(output.status.success(), "{}", stderr(&output));
        one_object(&output)
    }

    /// How many photos the library shows.
    fn shown(&self) -> usize {
        let library = Library::open(Options::new(self.program.library(), resources::folder())).unwrap();
        let shown = support::all_tiles(library.catalog()).len();
        drop(library);
        if self.copies.is_some() {
            give(&self.program.library());
        }
        shown
    }
}

/// Gives a folder and all in it to the user without rights.
fn give(path: &Path) {
    chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path());
        }
    }
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_tree(&path, &target);
        } else {
            std::fs::copy(&path, target).unwrap();
        }
    }
}
