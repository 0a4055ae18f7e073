//! Many photos vanish at once: it is asked before anything is forgotten.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use fotonovela_core::types::{Event, Folder, FolderState};

use crate::home::{Home, Open, Shown};
use crate::support::{all_tiles, holds_for, wait_for};

fn numbered(folder: &str, count: u32) -> Vec<String> {
    (0..count).map(|number| format!("{folder}{number:03}.jpg")).collect()
}

/// A home with these photos, indexed and watched.
fn indexed(names: &[String]) -> (Home, Open, BTreeMap<String, Shown>) {
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let home = Home::with(&names);
    let (open, before) = home.index(&names);
    (home, open, before)
}

fn has(open: &Open, names: &[String]) -> BTreeMap<String, Shown> {
    open.has(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn asking(open: &Open) -> Folder {
    wait_for("a question", || Some(open.folder()).filter(|folder| folder.state == FolderState::Asking))
}

/// Names of the photos that are marked as missing.
fn missing(open: &Open) -> Vec<String> {
    let tiles = all_tiles(open.library.catalog());
    let mut names: Vec<_> = tiles.into_iter().filter(|tile| tile.missing).map(|tile| tile.name).collect();
    names.sort_unstable();
    names
}

fn remove_all(home: &Home, names: &[String]) {
    names.iter().for_each(|name| home.remove(name));
}

fn never_asked(open: &Open) -> bool {
    open.folder().state == FolderState::Online && open.folder().missing == 0
}

#[test]
fn more_than_a_fifth_gone_at_once_is_asked_about_while_watching() {
    let names = numbered("", 40);
    let (home, open, before) = indexed(&names);
    remove_all(&home, &names[..20]);
    let folder = asking(&open);
    wait_for("all twenty are asked about", || (open.folder().missing == 20).then_some(()));
    assert_eq!(folder.message.unwrap().code, "folder_asking");
    assert_eq!(missing(&open), names[..20]);
    assert_eq!(has(&open, &names), before, "they stay, with thumbnail and vector");
    let told = |event: &Event| matches!(event, Event::Folders);
    assert!(open.events.lock().unwrap().iter().any(told));

    open.library.answer_missing(open.folder().id, true).unwrap();
    assert_eq!(has(&open, &names[20..]).len(), 20);
    assert!(never_asked(&open));
    // Forgotten is not lost: content that returns is the same photo.
    home.put("back.jpg", 1);
    assert_eq!(
        has(&open, &[vec!["back.jpg".into()], names[20..].to_vec()].concat())["back.jpg"],
        before["000.jpg"]
    );
    assert_eq!(open.finished(), 40);
}

#[test]
fn photos_that_are_kept_stay_marked_without_a_further_question() {
    let names = numbered("", 30);
    let (home, open, before) = indexed(&names);
    remove_all(&home, &names[..15]);
    wait_for("the question is about all", || (asking(&open).missing == 15).then_some(()));
    open.library.answer_missing(open.folder().id, false).unwrap();
    assert_eq!((open.folder().state, open.folder().missing), (FolderState::Online, 15));
    drop(open);
    let open = home.open();
    assert_eq!(has(&open, &names), before);
    assert_eq!(
        (open.folder().state, missing(&open).len()),
        (FolderState::Online, 15),
        "also after a restart"
    );
    // They come back by themselves.
    home.put(&names[3], 4);
    wait_for("one is back", || (missing(&open).len() == 14).then_some(()));
    assert_eq!(open.finished(), 0);
    // Few more that go are simply gone.
    home.remove(&names[20]);
    wait_for("it leaves", || (!open.names().contains(&names[20])).then_some(()));
    assert_eq!(open.folder().state, FolderState::Online);
}

#[test]
fn a_folder_that_is_emptied_while_it_is_watched_asks() {
    let names = numbered("", 25);
    let (home, open, before) = indexed(&names);
    let trash = home.root().join("trash");
    std::fs::create_dir(&trash).unwrap();
    names.iter().for_each(|name| std::fs::rename(home.path(name), trash.join(name)).unwrap());
    wait_for("all are asked about", || (asking(&open).missing == 25).then_some(()));
    assert_eq!(has(&open, &names), before);
    // It was a slip of the hand, and the files come back from the trash.
    names.iter().for_each(|name| std::fs::rename(trash.join(name), home.path(name)).unwrap());
    wait_for("no question is left", || never_asked(&open).then_some(()));
    assert_eq!(has(&open, &names), before);
    assert_eq!(open.finished(), 25);
}

#[test]
fn few_that_do_not_return_with_the_others_are_gone_without_a_question() {
    let names = numbered("", 30);
    let (home, open, before) = indexed(&names);
    let away = home.root().join("away");
    std::fs::create_dir(&away).unwrap();
    names.iter().for_each(|name| std::fs::rename(home.path(name), away.join(name)).unwrap());
    wait_for("all are asked about", || (asking(&open).missing == 30).then_some(()));
    drop(open);
    // The disk is back, but for what was deleted on it elsewhere.
    names[2..].iter().for_each(|name| std::fs::rename(away.join(name), home.path(name)).unwrap());
    let open = home.open();
    open.idle();
    wait_for("no question is left", || never_asked(&open).then_some(()));
    assert_eq!(open.names(), names[2..]);
    assert_eq!(open.folder().photos, 28);
    // Gone is not lost.
    std::fs::rename(away.join(&names[0]), home.path(&names[0])).unwrap();
    assert_eq!(has(&open, &[&names[..1], &names[2..]].concat())[&names[0]], before[&names[0]]);
    assert_eq!(open.finished(), 0);
}

#[test]
fn few_photos_are_taken_at_their_word() {
    let names = numbered("", 5);
    let (home, open, _) = indexed(&names);
    remove_all(&home, &names[..3]);
    wait_for("they leave", || {
        assert!(never_asked(&open));
        (open.names() == names[3..]).then_some(())
    });
}

#[test]
fn a_small_part_of_a_large_folder_is_taken_at_its_word() {
    let names = numbered("", 100);
    let (home, open, _) = indexed(&names);
    remove_all(&home, &names[..20]);
    wait_for("they leave", || {
        assert!(never_asked(&open));
        (open.names() == names[20..]).then_some(())
    });
}

#[test]
fn a_tree_of_200_photos_that_is_renamed_keeps_identity_and_never_asks() {
    let names: Vec<_> = (0..200).map(|number| format!("trip/day {}/{number:03}.jpg", number % 7)).collect();
    let (home, open, before) = indexed(&names);
    home.rename("trip", "journey");
    let moved: Vec<_> = names.iter().map(|name| name.replace("trip", "journey")).collect();
    wait_for("the new names", || {
        assert!(never_asked(&open));
        let mut sorted = moved.clone();
        sorted.sort_unstable();
        (open.names() == sorted).then_some(())
    });
    let after = has(&open, &moved);
    assert!(names.iter().zip(&moved).all(|(old, new)| after[new] == before[old]));
    assert_eq!(open.finished(), 200, "nothing is embedded again");
}

#[test]
fn photos_that_move_between_folders_of_the_library_never_ask() {
    let names = numbered("trip/", 40);
    let (home, open, before) = indexed(&names);
    let other = home.root().join("other");
    std::fs::create_dir(&other).unwrap();
    open.library.add_folders(std::slice::from_ref(&other)).unwrap();
    open.idle();
    std::fs::rename(home.path("trip"), other.join("trip")).unwrap();
    let ids = |open: &Open| {
        let mut ids: Vec<_> = open.tiles().into_iter().map(|(_, id)| id).collect();
        ids.sort_unstable();
        ids
    };
    let all_moved = |open: &Open| open.names().iter().all(|name| Path::new(name).starts_with(&other));
    let nobody_asks =
        |open: &Open| open.library.catalog().folders().unwrap().iter().all(|folder| folder.missing == 0);
    wait_for("they are there", || {
        assert!(nobody_asks(&open));
        (all_moved(&open) && open.tiles().len() == 40).then_some(())
    });
    let mut expected: Vec<_> = before.values().map(|shown| shown.id).collect();
    expected.sort_unstable();
    assert_eq!(ids(&open), expected);
    // And back, while the library is closed.
    drop(open);
    std::fs::rename(other.join("trip"), home.path("trip")).unwrap();
    let open = home.open();
    wait_for("they are back", || {
        assert!(nobody_asks(&open));
        (open.names() == names).then_some(())
    });
    assert_eq!(has(&open, &names), before);
    assert_eq!(open.finished(), 0);
}

#[test]
fn what_vanished_while_the_library_was_closed_is_asked_about_too() {
    let names = numbered("", 40);
    let (home, open, before) = indexed(&names);
    drop(open);
    remove_all(&home, &names[..30]);
    let open = home.open();
    assert_eq!(asking(&open).missing, 30, "all at once, never fewer");
    assert_eq!(has(&open, &names), before);
    drop(open);
    let open = home.open();
    assert_eq!(asking(&open).missing, 30, "the question outlives a restart");
    // More that goes meanwhile joins it.
    home.remove(&names[35]);
    wait_for("it joins", || (open.folder().missing == 31).then_some(()));
    // Photos that turn up elsewhere were moved: the question is no longer about them.
    for seed in 1..=31 {
        home.put(&format!("found/{seed:03}.jpg"), if seed == 31 { 36 } else { seed });
    }
    wait_for("no question is left", || never_asked(&open).then_some(()));
    assert_eq!(open.names().len(), 40);
    assert_eq!(open.finished(), 0);
}

#[test]
fn unreadable_files_of_other_kinds_may_go_unasked() {
    let names = numbered("", 12);
    let (home, open, _) = indexed(&names);
    for number in 0..30 {
        crate::support::write(&home.path(&format!("{number}.psd")), b"text");
    }
    wait_for("they are listed", || (open.problems().len() == 30).then_some(()));
    (0..30).for_each(|number| home.remove(&format!("{number}.psd")));
    wait_for("they are gone", || open.problems().is_empty().then_some(()));
    holds_for(Duration::from_millis(500), "nothing is asked", || never_asked(&open));
}
