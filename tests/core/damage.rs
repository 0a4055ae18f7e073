//! A damaged catalogue is kept aside and rebuilt; its vectors are used again where they can be read.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use fotonovela_core::catalog::Catalog;
use fotonovela_core::error::Error;
use fotonovela_core::library::{Library, Options};
use fotonovela_core::platform::resources;
use fotonovela_core::types::{ErrorCode, FolderOptions, Mark};

use crate::home::{Home, Open, Shown};
use crate::support::wait_for;

const COUNT: u32 = 60;

fn names() -> Vec<String> {
    (0..COUNT).map(|number| format!("{number:02}.jpg")).collect()
}

fn has_all(open: &Open) -> BTreeMap<String, Shown> {
    open.has(&names().iter().map(String::as_str).collect::<Vec<_>>())
}

/// A home whose photos were indexed, closed, with nothing left in the write-ahead log.
fn indexed() -> (Home, BTreeMap<String, Shown>) {
    let home = Home::new();
    for (seed, name) in (1..).zip(names()) {
        home.put(&name, seed);
    }
    let open = home.open();
    open.library.add_folders(&[home.photos()]).unwrap();
    let exclude = FolderOptions { exclude: vec!["drafts/".into()], ..FolderOptions::default() };
    open.library.set_folder_options(open.folder().id, exclude.clone()).unwrap();
    let before = has_all(&open);
    open.library.set_mark(vec![before["07.jpg"].id], Mark::Favourite, true).unwrap();
    drop(open);
    assert!(!home.data().join("catalog.sqlite-wal").exists(), "closing folds the log into the file");
    (home, before)
}

fn kept_aside(home: &Home) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(home.data()).unwrap().map(|entry| entry.unwrap().path());
    let is_kept = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with("catalog.damaged-") && name.ends_with(".sqlite")
    };
    entries.filter(is_kept).collect()
}

#[test]
fn damage_that_is_found_after_the_start_is_mended_by_the_next() {
    let (home, _) = indexed();
    let path = home.data().join("catalog.sqlite");
    let whole = std::fs::read(&path).unwrap();
    let is_found = |part: i32| {
        std::fs::write(&path, &whole).unwrap();
        spoil(&path, f64::from(part) / 20.0, 4096);
        Catalog::open(&path).is_ok_and(|catalog| catalog.check_tables().is_err())
    };
    assert!((1..20).any(is_found), "some of the pages hold files and photos");
    assert!(home.data().join("catalog.suspect").exists(), "the next start looks closer");
    let open = home.open();
    has_all(&open);
    assert_eq!(kept_aside(&home).len(), 1);
}

/// Overwrites `length` bytes from `at` (0 to 1 of the file) on with noise.
fn spoil(path: &Path, at: f64, length: usize) {
    let mut file = std::fs::File::options().read(true).write(true).open(path).unwrap();
    let size = file.metadata().unwrap().len();
    let start = (size as f64 * at) as u64 / 4096 * 4096;
    file.seek(SeekFrom::Start(start)).unwrap();
    let noise: Vec<u8> = (0..length).map(|n| (n * 7919 % 251) as u8).collect();
    file.write_all(&noise).unwrap();
}

#[test]
fn a_file_that_is_no_catalogue_is_kept_aside_and_all_is_indexed_again() {
    let (home, before) = indexed();
    let noise = vec![0x5A; 300_000];
    std::fs::write(home.data().join("catalog.sqlite"), &noise).unwrap();
    let open = home.open();
    let kept = kept_aside(&home);
    assert_eq!(kept.len(), 1);
    let notice = open.library.notice().unwrap();
    assert_eq!(notice.to_string(), format!("catalog_rebuilt_in_part path={} photos=0", kept[0].display()));
    assert_eq!(std::fs::read(&kept[0]).unwrap(), noise, "nothing is written to it");
    // Nothing is known of the folders either: the person adds them again.
    open.library.add_folders(&[home.photos()]).unwrap();
    let after = has_all(&open);
    assert!(before.iter().all(|(name, shown)| after[name].vector == shown.vector));
    drop(open);
    assert_eq!(home.open().library.notice(), None, "it is told once");
}

#[test]
fn what_can_be_read_of_a_damaged_catalogue_is_used_again() {
    let (home, before) = indexed();
    // Pages in the middle, where vectors are.
    spoil(&home.data().join("catalog.sqlite"), 0.5, 3 * 4096);
    // As when the damage was met while the library was open.
    std::fs::write(home.data().join("catalog.suspect"), b"").unwrap();
    // Without the model no new vector can be made: those that there are were read.
    let bare = crate::faults::resources_without("models");
    let open = home.open_with(bare.path().to_owned());
    assert_eq!(kept_aside(&home).len(), 1);
    let notice = open.library.notice().unwrap().to_owned();
    assert_eq!(open.folder().options.exclude, ["drafts/"], "folders and their options are taken over");
    let model = open.library.model().id();
    let reused = wait_for("the photos are recognised", || {
        let shown = open.tiles();
        let same = |(name, id): &&(String, _)| before.get(name).is_some_and(|shown| shown.id == *id);
        let (count, thumbnails) = (shown.iter().filter(same).count(), open.library.index_status().thumbnails);
        let vector = |(name, id): &(String, _)| {
            let vector = open.library.catalog().embedding(*id, &model).unwrap()?;
            assert_eq!(vector, before[name].vector, "{name}");
            Some(())
        };
        let vectors = shown.iter().filter_map(vector).count();
        (shown.len() == COUNT as usize && thumbnails == COUNT && count >= vectors).then_some(vectors)
    });
    eprintln!("{reused} of {COUNT} vectors were used again; {notice}");
    assert!(reused >= COUNT as usize / 2, "most pages are sound");
    assert!(reused < COUNT as usize, "three pages are not");
    assert_eq!(notice.params["photos"].to_string(), reused.to_string(), "{notice}");
    drop(open);
    let open = home.open();
    let after = has_all(&open);
    assert!(before.iter().all(|(name, shown)| after[name].vector == shown.vector), "the rest is made again");
    assert_eq!(open.library.catalog().marked(Mark::Favourite).unwrap(), [after["07.jpg"].id]);
}

#[test]
fn damage_that_is_met_at_work_is_mended_by_the_next_start() {
    let (home, before) = indexed();
    let path = home.data().join("catalog.sqlite");
    // Among the vectors, which are not looked at when it is opened.
    let bytes = std::fs::read(&path).unwrap();
    let begins = |shown: &Shown| -> Vec<u8> {
        let values = shown.vector.iter().take(8);
        values.flat_map(|value| half::f16::from_f32(*value).to_le_bytes()).collect()
    };
    let place = |shown: &Shown| memchr::memmem::find(&bytes, &begins(shown));
    let mut places: Vec<usize> = before.values().filter_map(place).collect();
    places.sort_unstable();
    spoil(&path, places[places.len() / 2] as f64 / bytes.len() as f64, 4096);
    let library = Library::open(Options::new(home.data(), resources::folder())).unwrap();
    assert_eq!(library.notice(), None, "the small tables are sound");
    let model = library.model().id();
    let met = before.values().filter_map(|shown| library.catalog().embedding(shown.id, &model).err()).next();
    let report = met.expect("some vector cannot be read").report();
    assert_eq!(report.code, ErrorCode::Catalog);
    assert_eq!(report.reason.code, "catalog_damaged", "{report:?}");
    drop(library);
    let open = home.open();
    assert!(open.library.notice().is_some());
    assert_eq!(has_all(&open).len(), COUNT as usize);
    assert!(!home.data().join("catalog.suspect").exists());
}

#[test]
fn a_damaged_catalogue_that_another_program_uses_is_left_alone() {
    let (home, _) = indexed();
    let open = home.open();
    // Another program opens it, after a sector went bad.
    let path = home.data().join("catalog.sqlite");
    let mut whole = Vec::new();
    std::fs::File::open(&path).unwrap().read_to_end(&mut whole).unwrap();
    spoil(&path, 0.0, 4096);
    let Err(refused) = Library::open(Options::new(home.data(), resources::folder())) else {
        panic!("it was opened");
    };
    assert!(matches!(refused, Error::Locked(_)), "{refused}");
    assert!(kept_aside(&home).is_empty());
    std::fs::write(&path, whole).unwrap();
    drop(open);
}

/// What a person did, and the vectors, over the rows of the damaged catalogue.
fn assert_all_came_over(home: &Home, before: &BTreeMap<String, Shown>, when: &str) {
    let open = home.open();
    let notice = open.library.notice().unwrap_or_else(|| panic!("{when}: nothing is said"));
    assert_eq!(notice.params["photos"].to_string(), COUNT.to_string(), "{when}: {notice}");
    assert_eq!(notice.code, "catalog_rebuilt", "{when}");
    assert_eq!(open.folder().options.exclude, ["drafts/"], "{when}");
    let after = has_all(&open);
    assert_eq!(open.library.catalog().marked(Mark::Favourite).unwrap(), [after["07.jpg"].id], "{when}");
    assert!(before.iter().all(|(name, shown)| after[name].id == shown.id), "{when}");
}

fn catalogue(home: &Home) -> Vec<u8> {
    std::fs::read(home.data().join("catalog.sqlite")).unwrap()
}

#[test]
fn a_catalogue_that_lost_its_header_or_its_end_or_a_statement_is_read_all_the_same() {
    let (home, before) = indexed();
    let whole = catalogue(&home);
    let statement = b"CREATE TABLE comic_photos (";
    let at =
        whole.windows(statement.len()).rposition(|bytes| bytes == statement).expect("the table is there");
    let with = |place: std::ops::Range<usize>, bits: u8| {
        let mut bytes = whole.clone();
        bytes[place].iter_mut().for_each(|byte| *byte ^= bits);
        bytes
    };
    let header: Vec<u8> = [&[0; 100], &whole[100..]].concat();
    for (name, damaged) in [
        ("the header is zeros", header),
        ("the magic is wrong", with(3..4, 1)),
        ("a bit of a statement", with(at + statement.len()..at + statement.len() + 1, 2)),
        ("a bit of a table's name", with(at + 15..at + 16, 2)),
    ] {
        std::fs::write(home.data().join("catalog.sqlite"), damaged).unwrap();
        assert_all_came_over(&home, &before, name);
    }
    let mut short = whole.clone();
    short.truncate(whole.len() - 4096 - 10);
    std::fs::write(home.data().join("catalog.sqlite"), short).unwrap();
    let open = home.open();
    assert!(open.library.notice().unwrap().code.starts_with("catalog_rebuilt"));
    let shown = has_all(&open);
    let same = before.iter().filter(|(name, shown_before)| shown[*name].id == shown_before.id).count();
    assert!(same >= COUNT as usize * 9 / 10, "{same}");
}

#[test]
fn a_rebuild_that_was_broken_off_begins_again_or_is_finished() {
    let (home, before) = indexed();
    let (path, place) = (home.data().join("catalog.sqlite"), |name: &str| home.data().join(name));
    let whole = catalogue(&home);
    let mut damaged = whole.clone();
    damaged[..100].fill(0);
    // While it was built: what is half done is thrown away.
    std::fs::write(&path, &damaged).unwrap();
    for name in ["catalog.rebuilding.sqlite", "catalog.rebuilding.sqlite-wal", "catalog.repaired.sqlite"] {
        std::fs::write(place(name), b"half").unwrap();
    }
    assert_all_came_over(&home, &before, "while it was built");
    // When it was ready, before or after the damaged one was renamed.
    for is_renamed in [false, true] {
        std::fs::write(place("catalog.rebuilt.sqlite"), &whole).unwrap();
        if is_renamed {
            std::fs::rename(&path, place("catalog.damaged-2099-01-01-000000.sqlite")).unwrap();
        } else {
            std::fs::write(&path, &damaged).unwrap();
        }
        assert_all_came_over(&home, &before, "when it was ready");
    }
    let left: Vec<_> =
        std::fs::read_dir(home.data()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    let is_left = |name: &&std::ffi::OsString| name.to_string_lossy().contains(".re");
    assert_eq!(left.iter().filter(is_left).count(), 0, "{left:?}");
}

#[test]
fn a_library_without_its_catalogue_is_not_taken_for_a_new_one() {
    let (home, _) = indexed();
    let path = home.data().join("catalog.sqlite");
    for remove in [false, true] {
        if remove {
            std::fs::remove_file(&path).unwrap();
        } else {
            std::fs::write(&path, b"").unwrap();
        }
        let open = home.open();
        assert_eq!(open.library.notice().map(|notice| notice.code.as_str()), Some("catalog_lost"));
        drop(open);
        assert_eq!(home.open().library.notice(), None, "it is told once");
    }
    assert_eq!(Home::new().open().library.notice(), None, "a new one is one");
}

#[test]
fn a_mark_on_a_photo_that_was_never_read_outlives_a_rebuild() {
    let home = Home::new();
    home.put("a.jpg", 1);
    let open = home.open();
    open.library.add_folders(&[home.photos()]).unwrap();
    let photo = open.has(&["a.jpg"])["a.jpg"].id;
    open.library.set_mark(vec![photo], Mark::Favourite, true).unwrap();
    drop(open);
    // As it was before anything of it was read.
    let path = home.data().join("catalog.sqlite");
    let sql = rusqlite::Connection::open(&path).unwrap();
    sql.execute_batch(
        "UPDATE photos SET content = NULL; UPDATE files SET content = NULL; DELETE FROM embeddings",
    )
    .unwrap();
    sql.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE").unwrap();
    drop(sql);
    let mut bytes = catalogue(&home);
    bytes[..100].fill(0);
    std::fs::write(&path, bytes).unwrap();
    let open = home.open();
    assert!(open.library.notice().is_some());
    let photo = open.has(&["a.jpg"])["a.jpg"].id;
    assert_eq!(open.library.catalog().marked(Mark::Favourite).unwrap(), [photo]);
}

#[test]
fn programs_that_make_a_library_at_the_same_moment_wait_for_each_other() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("library");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    Library::open(Options::new(data.clone(), resources::folder())).map(drop).unwrap()
                });
            }
        });
    }
}
