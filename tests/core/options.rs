//! What a folder takes: subfolders, patterns, kinds; and what no folder takes.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::time::Duration;

use fotonovela_core::types::{FolderOptions, Kind};

use crate::home::{Home, Open, Shown};
use crate::support::{holds_for, png, scene, write};

fn set(open: &Open, options: &FolderOptions) {
    open.library.set_folder_options(open.folder().id, options.clone()).unwrap();
    assert_eq!(open.folder().options, *options);
}

fn exclude(patterns: &[&str]) -> FolderOptions {
    let exclude = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
    FolderOptions { exclude, ..FolderOptions::default() }
}

/// Leaves out, and takes all again: the same photos, and nothing is embedded again.
fn left_out_and_taken_again(names: &[&str], options: &FolderOptions, left: &[&str]) {
    let home = Home::with(names);
    let (open, before) = home.index(names);
    set(&open, options);
    let part: BTreeMap<String, Shown> =
        before.clone().into_iter().filter(|(name, _)| left.contains(&name.as_str())).collect();
    assert_eq!(open.has(left), part);
    assert_eq!(
        (open.folder().missing, open.folder().photos as usize),
        (0, left.len()),
        "no question is asked"
    );
    set(&open, &FolderOptions::default());
    assert_eq!(open.has(names), before);
    assert_eq!(open.finished() as usize, names.len(), "nothing is embedded again");
}

const TREE: [&str; 5] = ["a.jpg", "b.jpeg", "x/c.jpg", "x/deep/d.jpg", "drafts/e.jpg"];

#[test]
fn subfolders_can_be_left_out_and_taken_again() {
    let flat = FolderOptions { subfolders: false, ..FolderOptions::default() };
    left_out_and_taken_again(&TREE, &flat, &["a.jpg", "b.jpeg"]);
}

#[test]
fn patterns_leave_out_at_once_and_cost_nothing_when_they_are_taken_back() {
    left_out_and_taken_again(&TREE, &exclude(&["/drafts/", "*.jpeg"]), &["a.jpg", "x/c.jpg", "x/deep/d.jpg"]);
}

#[test]
fn leaving_out_nearly_all_of_a_large_folder_is_no_question() {
    let names: Vec<_> = (0..30).map(|number| format!("{}/{number:02}.jpg", number % 2)).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let left: Vec<_> = names.iter().copied().filter(|name| name.starts_with('1')).collect();
    left_out_and_taken_again(&names, &exclude(&["0/"]), &left);
}

#[test]
fn kinds_can_be_chosen() {
    let home = Home::with(&["a.jpg"]);
    write(&home.path("b.png"), &png(&scene(2, 60, 60)));
    write(&home.path("drawing.psd"), b"layers");
    let (open, _) = home.index(&["a.jpg", "b.png"]);
    assert_eq!(open.problems().len(), 1);
    set(&open, &FolderOptions { kinds: Some(vec![Kind::Png]), ..FolderOptions::default() });
    open.has(&["b.png"]);
    assert!(open.problems().is_empty(), "what is not taken is no problem");
    home.put("c.jpg", 3);
    write(&home.path("d.PNG"), &png(&scene(4, 60, 60)));
    open.has(&["b.png", "d.PNG"]);
}

#[test]
fn options_survive_a_restart_and_apply_to_what_is_watched() {
    let home = Home::with(&["a.jpg", "drafts/b.jpg"]);
    let (open, _) = home.index(&["a.jpg", "drafts/b.jpg"]);
    set(&open, &exclude(&["drafts/"]));
    open.has(&["a.jpg"]);
    drop(open);
    let open = home.open();
    open.has(&["a.jpg"]);
    home.put("drafts/c.jpg", 3);
    home.put("d.jpg", 4);
    open.has(&["a.jpg", "d.jpg"]);
    assert_eq!(open.folder().options, exclude(&["drafts/"]));
}

#[test]
fn a_bad_pattern_changes_nothing() {
    let home = Home::with(&["a.jpg"]);
    let (open, before) = home.index(&["a.jpg"]);
    let refused = open.library.set_folder_options(open.folder().id, exclude(&["a["])).unwrap_err();
    assert!(refused.to_string().contains("a["), "{refused}");
    assert_eq!(open.folder().options, FolderOptions::default());
    assert_eq!(open.has(&["a.jpg"]), before);
}

#[test]
fn a_folder_inside_another_has_its_own_options() {
    let home = Home::with(&["a.jpg", "x/b.jpg", "x/y/c.jpg"]);
    let (open, before) = home.index(&["a.jpg", "x/b.jpg", "x/y/c.jpg"]);
    let inner = open.library.add_folders(&[home.path("x")]).unwrap().remove(0);
    assert_eq!(open.has(&["a.jpg", "x/b.jpg", "x/y/c.jpg"]), before);
    let photos = |id| {
        let folders = open.library.catalog().folders().unwrap();
        folders.into_iter().find(|folder| folder.id == id).map(|folder| folder.photos)
    };
    assert_eq!(photos(inner.id), Some(2), "its files belong to it");
    let flat = FolderOptions { subfolders: false, ..FolderOptions::default() };
    open.library.set_folder_options(inner.id, flat.clone()).unwrap();
    open.has(&["a.jpg", "x/b.jpg"]);
    home.put("x/y/new.jpg", 7);
    home.put("x/new.jpg", 8);
    open.has(&["a.jpg", "x/b.jpg", "x/new.jpg"]);
    // Without it, all belongs to the one around it, with the same ids.
    open.library.remove_folder(inner.id).unwrap();
    let after = open.has(&["a.jpg", "x/b.jpg", "x/new.jpg", "x/y/c.jpg", "x/y/new.jpg"]);
    assert!(before.iter().all(|(name, shown)| after[name] == *shown));
    assert_eq!(open.finished(), 5);
}

#[test]
fn what_other_programs_keep_among_photos_is_left_out() {
    let home = Home::with(&["a.jpg"]);
    let left_out = [
        ".Trash-1000/files/b.jpg",
        "$RECYCLE.BIN/S-1-5-21/b.jpg",
        "2024/@eaDir/SYNOPHOTO_THUMB_M.jpg",
        ".thumbnails/large/b.png",
        ".picasaoriginals/b.jpg",
        "#recycle/b.jpg",
        "@Recycle/b.jpg",
        "WhatsApp/.Thumbs/b.jpg",
        "thumbs.db",
        "2024/lost+found/b.jpg",
        "app/cache/b.jpg",
    ];
    for (seed, name) in (10..).zip(left_out) {
        home.put(name, seed);
    }
    write(&home.path("app/.nomedia"), b"");
    let (open, _) = home.index(&["a.jpg"]);
    assert_eq!(open.library.index_tally().0.found, 1);
    home.put("2024/@eaDir/new.jpg", 50);
    home.put("app/cache/new.jpg", 51);
    home.put("2024/ok.jpg", 52);
    open.has(&["2024/ok.jpg", "a.jpg"]);
    assert!(open.problems().is_empty());
}

#[test]
fn a_loop_of_links_ends_and_shows_each_photo_once() {
    let home = Home::with(&["a.jpg", "x/b.jpg"]);
    symlink(home.photos(), home.path("x/up")).unwrap();
    symlink(home.path("x/circle"), home.path("x/circle")).unwrap();
    symlink(home.path("x"), home.path("again")).unwrap();
    let (open, before) = home.index(&["a.jpg", "x/b.jpg"]);
    assert!(before.values().all(|shown| open.library.photo(shown.id).unwrap().copies.is_empty()));
    home.put("x/c.jpg", 3);
    open.has(&["a.jpg", "x/b.jpg", "x/c.jpg"]);
    holds_for(Duration::from_millis(500), "nothing more comes", || open.problems().is_empty());
}

#[test]
fn a_library_folder_may_itself_be_a_link() {
    let home = Home::with(&["a.jpg"]);
    let link = home.root().join("link");
    symlink(home.photos(), &link).unwrap();
    let open = home.open();
    open.library.add_folders(&[link]).unwrap();
    open.has(&["a.jpg"]);
    assert_eq!(open.folder().path, home.photos(), "it is known by its true place");
}
