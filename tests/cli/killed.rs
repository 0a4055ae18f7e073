//! `kill -9` while indexing: nothing that was done is lost, and the rest is done by the next run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use fotonovela_core::library::{Library, Options};
use fotonovela_core::platform::resources;
use serde_json::json;

use crate::program::{Program, stderr};
use crate::support;

const PHOTOS: u32 = 1000;
const KILLS: u32 = 50;
/// Lines that the program logs about before it begins to embed.
const OPENING: f64 = 4.0;

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
    let tiles = support::all_tiles(catalog);
    let each = |tile: fotonovela_core::types::PhotoTile| {
        let path = catalog.photo_path(tile.id).unwrap();
        let entry = Entry {
            content: catalog.photo_content(tile.id).unwrap().map(fotonovela_core::types::ContentHash::to_hex),
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

/// The files that are done, relative to the program's root: with a thumbnail and a vector.
fn done(entries: &BTreeMap<PathBuf, Entry>) -> BTreeSet<PathBuf> {
    let is_done = |(_, entry): &(&PathBuf, &Entry)| entry.thumbnail.is_some() && entry.vector.is_some();
    entries.iter().filter(is_done).map(|(path, _)| path.clone()).collect()
}

/// The files that a run embedded, out of its log.
fn embedded(program: &Program, log: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(log).unwrap();
    let path = |line: &str| {
        // The last line may be cut off where the program was killed.
        let (_, path) = line.split_once("embedding path=")?;
        path.ends_with(".jpg").then(|| Path::new(path).strip_prefix(program.root()).unwrap().to_owned())
    };
    text.lines().filter_map(path).collect()
}

/// Starts to index, with what it embeds in `log`.
fn start(program: &Program, log: &Path) -> Child {
    program
        .command(&["index", "photos", "--json"])
        .env("FOTONOVELA_LOG", "fotonovela_core=debug")
        .env("NO_COLOR", "1")
        .stdout(Stdio::null())
        .stderr(File::create(log).unwrap())
        .spawn()
        .unwrap()
}

/// Small photos, so that the run is short: what is tested is where it stops, not what it decodes.
fn put_photos(program: &Program) {
    for seed in 0..PHOTOS {
        let date = format!("20{:02}:03:04 05:06:07", seed % 24);
        let exif = support::Exif { taken: Some(&date), ..support::Exif::default() };
        let jpeg = support::jpeg(&support::scene(seed, 64, 48));
        support::write(&program.photos().join(format!("{}/{seed:04}.jpg", seed % 7)), &exif.in_jpeg(&jpeg));
    }
}

#[test]
fn fifty_kills_lose_nothing_and_the_result_is_that_of_an_undisturbed_run() {
    let undisturbed = Program::with(&[]);
    put_photos(&undisturbed);
    let killed = Program::with(&[]);
    let copied =
        std::process::Command::new("cp").arg("-rp").args([undisturbed.photos(), killed.root()]).status();
    assert!(copied.unwrap().success());
    assert_eq!(undisturbed.index()["indexed"], json!(PHOTOS));
    let expected = catalogue(&undisturbed);

    let seed = std::env::var("FOTONOVELA_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = seed.unwrap_or(20_261_126);
    eprintln!("FOTONOVELA_TEST_SEED={seed} repeats the moments");
    let log = killed.root().join("log");
    let (mut interrupted, mut midway, mut before) = (0, 0, BTreeSet::new());
    for round in 0..KILLS {
        let mut child = start(&killed, &log);
        if moment(seed, round, 0) < 0.3 {
            // While it opens, walks and loads the model.
            wait_for_lines(&mut child, &log, "", OPENING * moment(seed, round, 1));
        } else {
            // The kills are spread over the whole work.
            let most = 2.0 * f64::from(PHOTOS) / f64::from(KILLS);
            wait_for_lines(&mut child, &log, "embedding", 1.0 + most * moment(seed, round, 1));
        }
        interrupted += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let again: Vec<_> =
            embedded(&killed, &log).into_iter().filter(|path| before.contains(path)).collect();
        assert!(again.is_empty(), "round {round}: embedded again though it was done: {again:?}");
        let after = catalogue(&killed);
        let now = done(&after);
        let lost: Vec<_> = before.difference(&now).collect();
        assert!(lost.is_empty(), "round {round}: was done before the kill: {lost:?}");
        assert!(now.iter().all(|path| after[path] == expected[path]), "round {round}: a product differs");
        midway += u32::from(now.len() > before.len() && now.len() < PHOTOS as usize);
        before = now;
    }
    eprintln!(
        "{interrupted} of {KILLS} runs were caught, {midway} of them midway; {} photos were done",
        before.len()
    );
    assert!(interrupted * 2 > KILLS, "most runs were over before their kill came");
    assert!(midway >= 5, "the kills came too early or too late to show anything");

    let last = killed.index();
    assert_eq!((&last["found"], &last["failed"]), (&json!(PHOTOS), &json!([])));
    assert_eq!(last["indexed"], json!(PHOTOS as usize - before.len()), "what was done is not done again");
    assert_eq!(catalogue(&killed), expected);
    assert_eq!(killed.index()["indexed"], json!(0));
}

/// Waits until a run has logged so many lines that hold `text`, or is over.
fn wait_for_lines(child: &mut Child, log: &Path, text: &str, lines: f64) {
    support::wait_for("a run that gets on", || {
        let is_over = child.try_wait().unwrap().is_some();
        let logged = std::fs::read_to_string(log).unwrap();
        (is_over || logged.lines().filter(|line| line.contains(text)).count() as f64 >= lines.floor())
            .then_some(())
    });
}

/// 0 to 1, the same for the same seed and round.
fn moment(seed: u64, round: u32, draw: u32) -> f64 {
    let mut hasher = DefaultHasher::new();
    (seed, round, draw).hash(&mut hasher);
    (hasher.finish() % 10_000) as f64 / 10_000.0
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
