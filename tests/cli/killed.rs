//! `kill -9` while indexing: nothing that was done is lost, and the rest is done by the next run.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use fotonovela_core::library::{Library, Options};
use fotonovela_core::resources;
use serde_json::json;

use crate::program::{Program, stderr};
use crate::support;

const PHOTOS: u32 = 240;

/// What the catalogue holds about one photo, but for its id.
#[derive(Debug, PartialEq)]
struct Entry {
    content: Option<String>,
    size: (u32, u32),
    taken_at: i64,
    thumbnail: Option<Vec<u8>>,
    vector: Option<Vec<f32>>,
}

/// The whole catalogue, by the file's path relative to the program's root.
fn catalogue(program: &Program) -> BTreeMap<PathBuf, Entry> {
    let library = Library::open(Options::new(program.library(), resources::folder())).unwrap();
    let (catalog, model) = (library.catalog(), library.model().id());
    let tiles = catalog.photos_since(0).unwrap().tiles;
    let each = |tile: fotonovela_core::photo::PhotoTile| {
        let path = catalog.photo_path(tile.id).unwrap();
        let entry = Entry {
            content: catalog.photo_content(tile.id).unwrap().map(fotonovela_core::photo::ContentHash::to_hex),
            size: (tile.width, tile.height),
            taken_at: tile.taken_at,
            thumbnail: tile.thumbnail.map(|_| library.thumbnail(tile.id).unwrap()),
            vector: catalog.embedding(tile.id, &model).unwrap(),
        };
        (path.strip_prefix(program.root()).unwrap().to_owned(), entry)
    };
    let count = tiles.len();
    let entries: BTreeMap<_, _> = tiles.into_iter().map(each).collect();
    assert_eq!(entries.len(), count, "a photo is listed twice");
    entries
}

/// How many photos are done so far, asked from outside while the program works.
fn done_so_far(program: &Program) -> u32 {
    let library = Library::open(Options::new(program.library(), resources::folder())).unwrap();
    library.catalog().counts(&library.model().id()).unwrap().embedded
}

fn done(entries: &BTreeMap<PathBuf, Entry>) -> Vec<&Path> {
    let is_done = |(_, entry): &(&PathBuf, &Entry)| entry.thumbnail.is_some() && entry.vector.is_some();
    entries.iter().filter(is_done).map(|(path, _)| path.as_path()).collect()
}

#[test]
fn five_kills_lose_nothing_and_the_result_is_that_of_an_undisturbed_run() {
    let undisturbed = Program::with(&[]);
    for seed in 0..PHOTOS {
        let date = format!("20{:02}:03:04 05:06:07", seed % 24);
        let exif = support::Exif { taken: Some(&date), ..support::Exif::default() };
        let path = undisturbed.photos().join(format!("{}/{seed:03}.jpg", seed % 7));
        support::write(&path, &exif.in_jpeg(&support::photo(seed)));
    }
    let killed = Program::with(&[]);
    let copied =
        std::process::Command::new("cp").arg("-rp").args([undisturbed.photos(), killed.root()]).status();
    assert!(copied.unwrap().success());
    let begun = Instant::now();
    assert_eq!(undisturbed.index()["indexed"], json!(PHOTOS));
    let whole = begun.elapsed();
    let expected = catalogue(&undisturbed);

    let mut interrupted = 0;
    let mut before = Vec::new();
    for round in 0..5_u64 {
        // Anywhere in the first part of a whole run, another place each time.
        let part = RandomState::new().hash_one(round) % 1000;
        let moment = whole.mul_f64(0.3 * part as f64 / 1000.0);
        let mut child = killed
            .command(&["index", "photos", "--json"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        if round < 3 {
            std::thread::sleep(moment);
        } else {
            // In the middle of its work for certain.
            support::wait_for("progress", || {
                let is_over = child.try_wait().unwrap().is_some();
                (is_over || done_so_far(&killed) as usize > before.len()).then_some(())
            });
        }
        interrupted += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let after = catalogue(&killed);
        let now = done(&after);
        eprintln!("kill {round} of a run of {whole:?}: {} photos listed, {} done", after.len(), now.len());
        for path in &before {
            assert!(now.contains(&Path::new(path)), "{path:?} was done before the kill");
            assert_eq!(after[path], expected[path]);
        }
        before = now.into_iter().map(Path::to_owned).collect();
    }
    assert!(interrupted > 0, "no run was caught at work");
    assert!(!before.is_empty(), "all kills came too early to show anything");

    let last = killed.index();
    assert_eq!((&last["found"], &last["failed"]), (&json!(PHOTOS), &json!([])));
    assert_eq!(last["indexed"], json!(PHOTOS as usize - before.len()), "what was done is not done again");
    assert_eq!(catalogue(&killed), expected);
    assert_eq!(killed.index()["indexed"], json!(0));
}

#[test]
fn a_killed_program_leaves_the_library_free() {
    let program = Program::with(&["a.jpg"]);
    let mut child =
        program.command(&["index", "photos", "--watch", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut lines, &mut first).unwrap();
    assert!(first.contains("\"indexed\":1"), "{first}");
    let second = program.run(&["index", "photos"]);
    assert_eq!(second.status.code(), Some(1), "another one indexes");
    assert!(stderr(&second).contains("in use by another Fotonovela"), "{}", stderr(&second));
    assert!(program.run(&["similar", "photos/a.jpg"]).status.success(), "reading needs no lock");
    child.kill().unwrap();
    child.wait().unwrap();
    support::wait_within(Duration::from_secs(10), "the lock is free", || {
        program.run(&["index", "photos"]).status.success().then_some(())
    });
}
