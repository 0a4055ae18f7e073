//! The house rules that can be checked: sizes of files, and lists that must agree. Which module knows which: modules.rs.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn text(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Paths of files below a folder, relative to the root, with one of these endings.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{folder}/{name}");
        if entry.file_type().unwrap().is_dir() {
            if !["node_modules", "dist", "dist-fake"].contains(&name.as_str()) {
                found.extend(files(&path, endings));
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path.into());
        }
    }
    found
}

fn rust_files() -> Vec<PathBuf> {
    ["core/src", "src-tauri", "tests", "benches"].iter().flat_map(|folder| files(folder, &[".rs"])).collect()
}

/// The words that follow `start`, up to what is no part of a name.
fn names_after<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

#[test]
fn the_core_knows_no_window() {
    let lock = text("Cargo.lock");
    let mut dependencies: HashMap<&str, Vec<&str>> = HashMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let name = package.split('"').nth(1).unwrap();
        let list =
            package.split_once("dependencies = [").map_or("", |(_, rest)| rest.split(']').next().unwrap());
        let names = list.split('"').skip(1).step_by(2).map(|entry| entry.split(' ').next().unwrap());
        dependencies.entry(name).or_default().extend(names);
    }
    let (mut seen, mut open) = (HashSet::new(), vec!["fotonovela-core"]);
    while let Some(name) = open.pop() {
        if seen.insert(name) {
            open.extend(&dependencies[name]);
        }
    }
    assert!(seen.contains("rusqlite") && seen.len() > 50, "the lock file was read wrongly: {seen:?}");
    let windows: Vec<_> = seen
        .iter()
        .filter(|name| ["tauri", "wry", "tao", "webkit", "gtk"].iter().any(|start| name.starts_with(start)))
        .collect();
    assert!(windows.is_empty(), "the core depends on {windows:?}");
}

#[test]
fn each_source_says_what_it_is() {
    let all = rust_files();
    assert!(all.len() > 60);
    for source in all {
        assert!(text(&source).starts_with("//! "), "{} does not start with //!", source.display());
    }
}

#[test]
fn files_stay_short() {
    let interface = files("ui/src", &[".ts", ".svelte", ".css"]);
    assert!(interface.len() > 20);
    for source in rust_files().into_iter().chain(interface).chain(files("ui/tests", &[".ts"])) {
        let is_test = source.iter().any(|part| part == "tests");
        let is_generated = source.ends_with("bindings.ts") || source.ends_with("commands.ts");
        let (lines, most) = (text(&source).lines().count(), if is_test { 700 } else { 400 });
        assert!(lines <= most || is_generated, "{} has {lines} lines; at most {most}", source.display());
    }
}

#[test]
fn the_shell_comes_in_by_one_door() {
    let parts = text("core/src/library/parts.rs");
    let parts: Vec<_> = names_after(&parts, "pub fn ").map(|part| format!(".{part}()")).collect();
    assert!(parts.contains(&".catalog()".to_owned()), "{parts:?}");
    let rooms =
        ["catalog", "indexing", "inference", "search", "vectors"].map(|room| format!("_core::{room}"));
    for source in files("src-tauri", &[".rs"]) {
        let text = text(&source);
        for way in parts.iter().chain(&rooms) {
            assert!(!text.contains(way), "{}: {way} goes past the library", source.display());
        }
    }
}

#[test]
fn one_file_of_the_interface_knows_tauri() {
    let sources = files("ui/src", &[".ts", ".svelte"]);
    let knowing: Vec<_> = sources.into_iter().filter(|source| text(source).contains("@tauri-apps")).collect();
    assert_eq!(knowing, [Path::new("ui/src/api/tauri.ts")]);
}

#[test]
fn migrations_are_numbered_without_gaps_and_all_run() {
    let mut names: Vec<_> = files("core/migrations", &[".sql"])
        .into_iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort_unstable();
    for (number, name) in (1..).zip(&names) {
        assert!(name.starts_with(&format!("{number:04}_")), "{name} should have number {number}");
    }
    let catalog = text("core/src/catalog/open.rs");
    let run: Vec<_> =
        catalog.split("/migrations/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(run, names, "run in this order by core/src/catalog/open.rs");
}

#[test]
fn changes_are_written_down() {
    let log = text("CHANGELOG.md");
    let news = log.split_once("## Unreleased").expect("CHANGELOG.md has a part `## Unreleased`").1;
    assert!(news.split("\n## ").next().unwrap().contains("\n- "), "Unreleased says nothing");
}

#[test]
fn no_file_holds_a_path_of_one_machine() {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().unwrap();
    assert!(listed.status.success(), "git lists the files of the checkout for this test");
    let names = String::from_utf8(listed.stdout).unwrap();
    // Put together here, so that this file does not hold them.
    let [work, home, temporary] = ["work", "root", "tmp"].map(|name| format!("/{name}/"));
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let Ok(text) = std::fs::read_to_string(root().join(name)) else { continue };
        let is_test = name.split('/').any(|part| part == "tests");
        for path in [&work, &home].into_iter().chain((!is_test).then_some(&temporary)) {
            let is_path = |(at, _): (usize, &str)| {
                let before = text[..at].chars().next_back();
                !before.is_some_and(|c| c.is_ascii_alphanumeric() || "._-/}$".contains(c))
            };
            assert!(!text.match_indices(path.as_str()).any(is_path), "{name} holds a path below {path}");
        }
    }
}
