//! The program's own decoders, seen from outside: processes that come, go, and do no harm.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::program::{Program, keys, stderr, text};
use crate::support::{self, wait_for, write};

/// Processes whose parent this is.
fn children(process: u32) -> Vec<u32> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else { return Vec::new() };
    let lists = threads.flatten().map(|thread| std::fs::read_to_string(thread.path().join("children")));
    lists
        .flatten()
        .flat_map(|list| list.split_whitespace().map(|id| id.parse().unwrap()).collect::<Vec<_>>())
        .collect()
}

/// Its decoders: those of its children that the argument tells.
fn decoders(process: u32) -> Vec<u32> {
    children(process).into_iter().filter(|child| is_decoder(*child)).collect()
}

fn is_decoder(process: u32) -> bool {
    std::fs::read(format!("/proc/{process}/cmdline")).is_ok_and(|line| line.ends_with(b"\0decode-worker\0"))
}

/// Whether it is in its sandbox: one that is killed before it runs says nothing about files.
fn is_at_work(decoder: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{decoder}/status"))
        .is_ok_and(|status| status.lines().any(|line| line.split_whitespace().eq(["NoNewPrivs:", "1"])))
}

fn signal(name: &str, process: u32) {
    // It may be gone already.
    let _ = Command::new("kill").args([name, &process.to_string()]).stderr(Stdio::null()).status();
}

fn index(program: &Program) -> Child {
    program
        .command(&["index", "photos", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// A program with this many photos that take a moment each.
fn with_photos(count: u32) -> Program {
    let program = Program::with(&[]);
    for seed in 0..count {
        let photo = support::jpeg(&support::scene(seed, 640, 480));
        write(&program.photos().join(format!("{seed:03}.jpg")), &photo);
    }
    program
}

#[test]
fn decoders_that_are_killed_again_and_again_cost_no_photo() {
    let program = with_photos(120);
    let mut running = index(&program);
    let id = running.id();
    let mut killed = Vec::new();
    // Each kill hits another worker, until the work is done all the same.
    while running.try_wait().unwrap().is_none() && killed.len() < 6 {
        let is_next = |worker: &u32| !killed.contains(worker) && is_at_work(*worker);
        if let Some(worker) = decoders(id).into_iter().find(is_next) {
            signal("-KILL", worker);
            killed.push(worker);
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(killed.len() >= 2, "{killed:?}: the program ended too soon to show anything");
    let output = running.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let report = crate::program::one_object(&output);
    let failed = report["failed"].as_array().unwrap();
    assert_eq!(report["found"], json!(120));
    // A file that was in the hands of two that were killed says so, and is tried again when asked.
    assert!(failed.len() <= killed.len() / 2, "{failed:?}");
    assert!(
        failed.iter().all(|one| one["params"]["detail"].as_str().unwrap().contains("signal 9")),
        "{failed:?}"
    );
    let again = program.json(&["index", text(&program.photos()), "--retry"]);
    assert_eq!((&again["failed"], &again["indexed"]), (&json!([]), &json!(failed.len())));
}

#[test]
fn no_decoder_outlives_a_killed_program() {
    let program = with_photos(80);
    let mut running = index(&program);
    let workers = wait_for("decoders", || Some(decoders(running.id())).filter(|found| !found.is_empty()));
    running.kill().unwrap();
    running.wait().unwrap();
    wait_for("the end of all decoders", || workers.iter().all(|worker| !is_decoder(*worker)).then_some(()));
}

#[test]
fn corpus_tells_how_each_file_went() {
    let program = Program::with(&["a.jpg", "sub/b.jpg"]);
    write(&program.photos().join("cut.jpg"), &support::photo(3)[..4000]);
    write(&program.photos().join("notes.txt"), b"no picture");
    write(&program.photos().join("sub/empty.png"), b"");
    let report = program.json(&["corpus", text(&program.photos())]);
    let fields =
        ["crashed", "decoded", "entries", "failed", "files", "out_of_memory", "refused", "timed_out"];
    assert_eq!(keys(&report), fields);
    assert_eq!((&report["files"], &report["decoded"], &report["refused"]), (&json!(5), &json!(2), &json!(3)));
    let entries = report["entries"].as_array().unwrap();
    let names: Vec<_> = entries.iter().map(|entry| Path::new(entry["path"].as_str().unwrap())).collect();
    assert_eq!(names, ["cut.jpg", "notes.txt", "sub/empty.png"].map(|name| program.photos().join(name)));
    assert!(entries[0]["reason"].as_str().unwrap().contains("cut off"), "{entries:?}");
    assert_eq!((&entries[0]["code"], &entries[0]["params"]), (&json!("truncated"), &json!({})));
    assert_eq!(entries[0]["fate"], json!("refused"));
    let table = program.run(&["corpus", text(&program.photos())]);
    let table = String::from_utf8(table.stdout).unwrap();
    for line in
        ["5 files", "      2  decoded", "      3  refused with a reason", "      0  crashed the worker"]
    {
        assert!(table.lines().any(|one| one == line), "{line}: {table}");
    }
    assert!(!program.library().exists(), "it needs no library");
    let missing = program.run(&["corpus", "nowhere"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("error: nowhere could not be read"), "{}", stderr(&missing));
}

#[test]
fn reasons_are_in_the_readers_language_and_their_codes_in_none() {
    let program = Program::with(&["a.jpg"]);
    write(&program.photos().join("cut.jpg"), &support::photo(3)[..4000]);
    let photos = program.photos();
    let run = |variables: &[(&str, &str)]| {
        let mut command = program.command(&["index", text(&photos), "--json"]);
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(name);
        }
        let output = command.envs(variables.iter().copied()).output().unwrap();
        crate::program::one_object(&output)["failed"][0].clone()
    };
    let spanish = run(&[("LANG", "C"), ("LC_ALL", "es_ES.UTF-8")]);
    assert_eq!(keys(&spanish), ["code", "params", "path", "reason"]);
    assert_eq!((&spanish["code"], &spanish["params"]), (&json!("truncated"), &json!({})));
    assert!(spanish["reason"].as_str().unwrap().starts_with("el archivo está cortado"), "{spanish}");
    let english = run(&[("LANG", "es_ES.UTF-8"), ("LC_MESSAGES", "C")]);
    assert_eq!((&english["code"], &english["path"]), (&spanish["code"], &spanish["path"]));
    assert!(english["reason"].as_str().unwrap().starts_with("the file is cut off"), "{english}");
    assert_eq!(run(&[("LANG", "es_ES.UTF-8")]), spanish);
}
