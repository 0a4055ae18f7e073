//! What a person did can be undone and made again, over restarts.

use std::path::Path;

use fotonovela_core::catalog::{Probe, ProbeResult, SeenFile};
use fotonovela_core::types::{
    EditCode, EditId, ErrorCode, Facts, FolderId, FolderOptions, FolderState, Mark, PhotoId,
};

use crate::home::{Home, Open};
use crate::support::wait_for;

impl Open {
    fn codes(&self) -> Vec<(EditCode, bool)> {
        self.library.edits().unwrap().into_iter().map(|edit| (edit.code, edit.undone)).collect()
    }

    fn marked(&self) -> Vec<PhotoId> {
        self.library.catalog().marked(Mark::Favourite).unwrap()
    }

    fn undo(&self) -> Option<EditCode> {
        self.library.undo(None).unwrap().map(|edit| edit.code)
    }
}

#[test]
fn favourites_are_undone_and_made_again_over_restarts_but_only_what_an_edit_changed() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    let (open, shown) = home.index(&["a.jpg", "b.jpg"]);
    let (a, b) = (shown["a.jpg"].id, shown["b.jpg"].id);
    open.library.set_mark(vec![a], Mark::Favourite, true).unwrap().unwrap();
    let both = open.library.set_mark(vec![a, b], Mark::Favourite, true).unwrap().unwrap();
    assert_eq!((both.code, both.params.count), (EditCode::MarkSet, Some(1)), "one was marked already");
    assert_eq!(open.library.set_mark(vec![a, b, PhotoId(4711)], Mark::Favourite, true).unwrap(), None);
    drop(open);
    let open = home.open();
    assert_eq!(open.undo(), Some(EditCode::MarkSet));
    assert_eq!(open.marked(), [a], "its mark is of the edit before");
    assert!(open.library.redo(None).unwrap().is_some_and(|edit| !edit.undone));
    assert_eq!(open.marked().len(), 2);
    open.undo();
    open.undo();
    assert_eq!(open.marked(), []);
    assert!(open.codes().starts_with(&[(EditCode::MarkSet, true), (EditCode::MarkSet, true)]));
    // The folder is the last one left.
    assert_eq!(open.undo(), Some(EditCode::FolderAdded));
    assert_eq!(open.undo(), None);
}

#[test]
fn one_edit_is_undone_alone_and_a_new_one_ends_what_could_be_made_again() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    let (open, shown) = home.index(&["a.jpg", "b.jpg"]);
    let (a, b) = (shown["a.jpg"].id, shown["b.jpg"].id);
    let first = open.library.set_mark(vec![a], Mark::Favourite, true).unwrap().unwrap().id;
    let second = open.library.set_mark(vec![b], Mark::Favourite, true).unwrap().unwrap().id;
    open.library.undo(Some(first)).unwrap();
    assert_eq!(open.marked(), [b]);
    assert_eq!(open.library.undo(Some(first)).unwrap_err().code(), ErrorCode::NotFound, "it is undone");
    open.library.undo(Some(second)).unwrap();
    open.library.redo(Some(first)).unwrap();
    assert_eq!(open.marked(), [a]);
    open.library.set_mark(vec![a], Mark::Favourite, false).unwrap();
    assert_eq!(open.library.redo(None).unwrap(), None);
    assert_eq!(open.library.redo(Some(second)).unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(open.library.undo(Some(EditId(4711))).unwrap_err().code(), ErrorCode::NotFound);
}

#[test]
fn the_last_hundred_edits_are_kept() {
    let home = Home::with(&["a.jpg"]);
    let (open, shown) = home.index(&["a.jpg"]);
    for number in 0..101 {
        open.library.set_mark(vec![shown["a.jpg"].id], Mark::Favourite, number % 2 == 0).unwrap().unwrap();
    }
    assert_eq!(open.codes().len(), 100);
    while open.undo().is_some() {}
    assert_eq!(open.marked(), [shown["a.jpg"].id], "the first one can no longer be undone");
}

#[test]
fn a_folder_whose_removal_is_undone_takes_what_it_took_and_its_photos_are_what_they_were() {
    let home = Home::with(&["a.jpg", "b.jpg", "drafts/c.jpg"]);
    let (open, _) = home.index(&["a.jpg", "b.jpg", "drafts/c.jpg"]);
    let folder = open.folder().id;
    let options = FolderOptions { exclude: vec!["drafts/".into()], ..FolderOptions::default() };
    open.library.set_folder_options(folder, options.clone()).unwrap().unwrap();
    let shown = open.has(&["a.jpg", "b.jpg"]);
    open.library.set_mark(vec![shown["a.jpg"].id], Mark::Favourite, true).unwrap();
    open.library.remove_folder(folder).unwrap().unwrap();
    open.has(&[]);
    assert_eq!(open.library.folders().unwrap().len(), 0);
    assert_eq!(open.library.remove_folder(folder).unwrap(), None);
    drop(open);

    let open = home.open();
    assert_eq!(open.undo(), Some(EditCode::FolderRemoved));
    assert_eq!((open.folder().id, open.folder().options), (folder, options), "nothing more is indexed");
    assert_eq!(open.has(&["a.jpg", "b.jpg"]), shown);
    assert_eq!(open.marked(), [shown["a.jpg"].id]);
    assert_eq!(open.finished(), 0, "nothing is read again");
    // And once more the other way.
    open.library.redo(None).unwrap();
    open.has(&[]);
}

#[test]
fn a_photo_that_was_never_read_keeps_its_mark_through_the_removal_of_its_folder() {
    let home = Home::with(&["a.jpg"]);
    let open = home.open();
    open.library.pause_indexing().unwrap();
    let catalog = open.library.catalog();
    let folder = catalog.add_folder(home.photos().to_str().unwrap()).unwrap();
    let file = unread(folder, &home.path("a.jpg"));
    catalog.apply(&[file], &[], &[]).unwrap();
    let photo = open.id("a.jpg").unwrap();
    open.library.set_mark(vec![photo], Mark::Favourite, true).unwrap().unwrap();
    open.library.remove_folder(folder).unwrap().unwrap();
    drop(open);
    let open = home.open();
    open.undo();
    assert_eq!(open.marked(), [photo]);
    open.library.resume_indexing().unwrap();
    open.has(&["a.jpg"]);
    assert_eq!(open.marked(), [photo]);
}

/// A file as a walk sees it before it is read.
fn unread(folder: FolderId, path: &Path) -> SeenFile {
    let probe = Probe { format: "JPEG".into(), width: 4, height: 3, facts: Facts::default() };
    SeenFile {
        folder,
        path: path.to_str().unwrap().to_owned(),
        size: std::fs::metadata(path).unwrap().len(),
        modified: 1,
        probe: ProbeResult::Photo(probe),
        content: None,
    }
}

#[test]
fn a_folder_that_is_added_again_by_hand_begins_anew_and_one_whose_adding_is_undone_is_gone() {
    let home = Home::with(&["a.jpg", "drafts/b.jpg"]);
    let (open, before) = home.index(&["a.jpg", "drafts/b.jpg"]);
    let options = FolderOptions { subfolders: false, ..FolderOptions::default() };
    open.library.set_folder_options(open.folder().id, options).unwrap();
    open.has(&["a.jpg"]);
    open.library.remove_folder(open.folder().id).unwrap();
    open.has(&[]);
    open.library.add_folders(&[home.photos()]).unwrap();
    assert_eq!(open.has(&["a.jpg", "drafts/b.jpg"]), before);
    assert_eq!(open.undo(), Some(EditCode::FolderAdded));
    open.has(&[]);
    open.library.redo(None).unwrap();
    assert_eq!(open.has(&["a.jpg", "drafts/b.jpg"]), before);
}

#[test]
fn photos_that_were_forgotten_are_missing_again() {
    let names: Vec<_> = (0..20).map(|number| format!("{number:02}.jpg")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let home = Home::with(&names);
    let (open, before) = home.index(&names);
    names[..12].iter().for_each(|name| home.remove(name));
    let asked = || open.folder().state == FolderState::Asking && open.folder().missing == 12;
    wait_for("a question about twelve", || asked().then_some(()));
    let answer = open.library.answer_missing(open.folder().id, true).unwrap().unwrap();
    assert_eq!((answer.code, answer.params.count), (EditCode::MissingForgotten, Some(12)));
    open.has(&names[12..]);
    open.undo();
    assert_eq!(open.has(&names), before);
    assert!(asked(), "it is asked again");
    open.library.answer_missing(open.folder().id, false).unwrap().unwrap();
    assert_eq!(open.folder().state, FolderState::Online);
    assert_eq!(open.undo(), Some(EditCode::MissingKept));
    assert!(asked());
}
