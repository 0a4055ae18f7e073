//! What the person marked stays marked.

use std::collections::BTreeSet;
use std::path::Path;

use fotonovela_core::catalog::{Catalog, Finished, Outcome, Probe, ProbeResult, SeenFile, Stage};
use fotonovela_core::types::{
    ComicRequest, ContentHash, Edit, Example, Facts, FolderId, Mark, PhotoId, PhotoQuery, PointKind, Scope,
    SimilarQuery, SubjectAnswers,
};
use tempfile::TempDir;

use crate::home::{Home, Open, replace};
use crate::support::{all_tiles, photo, wait_for};
use crate::tray::story;

impl Open {
    fn mark(&self, ids: &[PhotoId], is_favourite: bool) {
        self.library.set_mark(ids.to_vec(), Mark::Favourite, is_favourite).unwrap();
    }

    /// Names of the favourites.
    fn favourites(&self) -> BTreeSet<String> {
        let marked = self.library.catalog().marked(Mark::Favourite).unwrap();
        let tiles = all_tiles(self.library.catalog());
        let shown: Vec<_> =
            tiles.iter().filter(|tile| tile.marks.contains(&Mark::Favourite)).map(|tile| tile.id).collect();
        assert_eq!(BTreeSet::from_iter(shown.iter().map(|id| id.0)), marked.iter().map(|id| id.0).collect());
        self.tiles().into_iter().filter(|(_, id)| marked.contains(id)).map(|(name, _)| name).collect()
    }
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn a_favourite_stays_one_when_it_is_moved_edited_away_or_back() {
    let home = Home::with(&["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
    let (open, shown) = home.index(&["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
    let revision = open.library.catalog().revision();
    open.mark(&[shown["a.jpg"].id, shown["b.jpg"].id, shown["c.jpg"].id, shown["d.jpg"].id], true);
    open.mark(&[shown["d.jpg"].id], false);
    let changes = open.library.photo_changes(&Scope::default(), revision).unwrap();
    assert_eq!(changes.tiles.len(), 4, "the window is told");
    assert_eq!(open.favourites(), names(&["a.jpg", "b.jpg", "c.jpg"]));

    home.rename("a.jpg", "moved.jpg");
    replace(&home.path("b.jpg"), &photo(20));
    home.remove("c.jpg");
    open.has(&["moved.jpg", "b.jpg", "d.jpg"]);
    assert_eq!(open.favourites(), names(&["moved.jpg", "b.jpg"]));
    home.put("back.jpg", 3);
    open.has(&["moved.jpg", "b.jpg", "d.jpg", "back.jpg"]);
    drop(open);
    let open = home.open();
    assert_eq!(open.favourites(), names(&["moved.jpg", "b.jpg", "back.jpg"]));
}

#[test]
fn marking_again_changes_nothing() {
    let home = Home::with(&["a.jpg"]);
    let (open, shown) = home.index(&["a.jpg"]);
    let ids = [shown["a.jpg"].id, PhotoId(4711)];
    open.mark(&ids, true);
    let revision = open.library.catalog().newest_revision().unwrap();
    open.mark(&ids, true);
    assert_eq!(open.library.catalog().newest_revision().unwrap(), revision);
    assert_eq!(open.favourites(), names(&["a.jpg"]));
}

#[test]
fn a_mark_sends_no_vector_anew() {
    let home = Home::with(&["a.jpg"]);
    let (open, shown) = home.index(&["a.jpg"]);
    let (catalog, model) = (open.library.catalog(), open.library.model().id());
    let before = catalog.newest_revision().unwrap();
    open.mark(&[shown["a.jpg"].id], true);
    let now = catalog.newest_revision().unwrap();
    assert!(now > before);
    assert_eq!(catalog.vectors_between(before, now, (&model, PointKind::Photos)).unwrap(), 0);
}

/// A catalogue of files that are seen and read when the test says so.
struct Files {
    catalog: Catalog,
    folder: FolderId,
    _dir: TempDir,
}

fn probe() -> Probe {
    Probe { format: "JPEG".into(), width: 4, height: 3, facts: Facts::default() }
}

impl Files {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(&dir.path().join("catalog.db")).unwrap();
        let folder = catalog.add_folder("/photos").unwrap();
        Self { catalog, folder, _dir: dir }
    }

    fn see(&self, name: &str, modified: i64, probe: ProbeResult) {
        let path = format!("/photos/{name}");
        let file = SeenFile { folder: self.folder, path, size: 10, modified, probe, content: None };
        self.catalog.apply(&[file], &[], &[]).unwrap();
    }

    fn see_photo(&self, name: &str, modified: i64) {
        self.see(name, modified, ProbeResult::Photo(probe()));
    }

    fn read(&self, name: &str, seed: u8) {
        let item = self.catalog.pending_of(&[self.id(name)], &Stage::first("model")).unwrap().remove(0);
        let content = ContentHash::of(&[seed]);
        let vector = Some(vec![1.0]);
        let outcome = Outcome::Photo {
            content,
            probe: Box::new(probe()),
            color: Some("#808080".into()),
            vector,
            regions: Vec::new(),
        };
        self.catalog.finish(&[Finished { item, outcome }], &Stage::first("model")).unwrap();
    }

    fn goes(&self, name: &str) {
        self.catalog.apply(&[], &[], &[format!("/photos/{name}").into()]).unwrap();
    }

    fn id(&self, name: &str) -> PhotoId {
        self.catalog.photo_at(Path::new(&format!("/photos/{name}"))).unwrap().unwrap()
    }

    fn mark(&self, name: &str) {
        let edit = Edit::SetMark { photos: vec![self.id(name)], mark: Mark::Favourite, set: true };
        self.catalog.edit(&edit).unwrap();
    }
}

#[test]
fn of_two_photos_that_change_names_the_marked_one_stays_the_favourite() {
    for order in [[("a.jpg", 2), ("b.jpg", 1)], [("b.jpg", 1), ("a.jpg", 2)]] {
        let files = Files::new();
        for (name, seed) in [("a.jpg", 1), ("b.jpg", 2)] {
            files.see_photo(name, 1);
            files.read(name, seed);
        }
        files.mark("a.jpg");
        let marked = files.id("a.jpg");
        files.see_photo("a.jpg", 2);
        files.see_photo("b.jpg", 2);
        order.into_iter().for_each(|(name, seed)| files.read(name, seed));
        assert_eq!(files.id("b.jpg"), marked);
        assert_eq!(files.catalog.marked(Mark::Favourite).unwrap(), [marked], "{order:?}");
    }
}

#[test]
fn a_mark_from_before_a_photo_was_read_goes_to_the_one_that_it_turns_out_to_be() {
    let files = Files::new();
    files.see_photo("a.jpg", 1);
    files.read("a.jpg", 1);
    let known = files.id("a.jpg");
    files.goes("a.jpg");
    files.see_photo("b.jpg", 1);
    assert_ne!(files.id("b.jpg"), known);
    files.mark("b.jpg");
    let tray = ComicRequest { photos: vec![files.id("b.jpg")], ..story("The sun rises") };
    files.catalog.keep_tray(&tray).unwrap();
    let answers = SubjectAnswers { yes: vec![files.id("b.jpg")], no: Vec::new() };
    files.catalog.edit(&Edit::AnswerSubject { name: "Cola".into(), answers }).unwrap();
    let subject = files.catalog.subjects().unwrap()[0].id;
    let album = |name: &str, photos: Vec<PhotoId>, what: Option<SimilarQuery>| {
        let query = what.map(|what| PhotoQuery { what: Some(what), ..PhotoQuery::default() });
        files.catalog.edit(&Edit::CreateAlbum { name: name.into(), photos, query }).unwrap();
    };
    album("Beach", vec![files.id("b.jpg")], None);
    album("Like it", Vec::new(), Some(SimilarQuery::Photo { id: files.id("b.jpg") }));
    let examples =
        |of| [(of, 1.5), (PhotoId(4711), -1.0)].map(|(id, weight)| Example { id, weight }).to_vec();
    let mixed = SimilarQuery::Examples { photos: examples(files.id("b.jpg")) };
    album("Mixed", Vec::new(), Some(mixed));
    files.read("b.jpg", 1);
    assert_eq!((files.id("b.jpg"), files.catalog.marked(Mark::Favourite).unwrap()), (known, vec![known]));
    assert_eq!(files.catalog.tray().unwrap(), Some(ComicRequest { photos: vec![known], ..tray }));
    assert_eq!(files.catalog.answers(subject).unwrap(), [(known, true)]);
    let albums = files.catalog.albums().unwrap();
    let beach = Scope { album: Some(albums[0].id), ..Scope::default() };
    assert_eq!(files.catalog.photos_in(&beach).unwrap(), [known]);
    assert_eq!(albums[1].contents().what, Some(SimilarQuery::Photo { id: known }));
    assert_eq!(albums[2].contents().what, Some(SimilarQuery::Examples { photos: examples(known) }));
    for _ in &albums {
        files.catalog.undo(None).unwrap().unwrap();
    }
    files.catalog.undo(None).unwrap().unwrap();
    files.catalog.redo(None).unwrap().unwrap();
    assert_eq!(files.catalog.answers(subject).unwrap(), [(known, true)], "its edit moved along");
}

#[test]
fn a_sidecar_takes_no_mark_along() {
    let files = Files::new();
    for (name, seed) in [("a.jpg", 1), ("a.png", 2)] {
        files.see_photo(name, 1);
        files.read(name, seed);
    }
    files.see("a.xmp", 1, ProbeResult::Sidecar(Facts::default()));
    files.mark("a.jpg");
    let marked = files.id("a.jpg");
    files.goes("a.jpg");
    assert_eq!(files.catalog.marked(Mark::Favourite).unwrap(), []);
    files.catalog.apply(&[], &["/photos/a.jpg".into()], &[]).unwrap();
    assert_eq!(files.catalog.marked(Mark::Favourite).unwrap(), [marked]);
}

#[test]
fn a_hidden_photo_leaves_the_grid_and_the_answers_until_it_is_shown_again() {
    let home = Home::with(&["a.jpg", "b.jpg", "c.jpg"]);
    let (open, shown) = home.index(&["a.jpg", "b.jpg", "c.jpg"]);
    let (library, hidden) = (&open.library, shown["b.jpg"].id);
    let grid = |mark| {
        let query = PhotoQuery { among: Scope { mark, ..Scope::default() }, ..PhotoQuery::default() };
        library.catalog().layout(&query).unwrap().photos.iter().map(|photo| photo.id).collect::<Vec<_>>()
    };
    let alike = || {
        let what = Some(SimilarQuery::Photo { id: shown["a.jpg"].id });
        let found = library.layout(&PhotoQuery { what, ..PhotoQuery::default() }).unwrap();
        found.photos.iter().map(|photo| photo.id).collect::<Vec<_>>()
    };
    library.set_mark(vec![hidden], Mark::Hidden, true).unwrap();
    assert_eq!((grid(None).contains(&hidden), alike().contains(&hidden)), (false, false));
    assert_eq!(grid(Some(Mark::Hidden)), [hidden]);
    let summary = library.catalog().photo_summary().unwrap();
    assert_eq!((summary.photos, summary.marked[&Mark::Hidden]), (2, 1));

    // It stays hidden under another name, and comes back by undo.
    home.rename("b.jpg", "moved.jpg");
    let path = || library.catalog().photo_path(hidden).ok();
    wait_for("the new name", || (path() == Some(home.path("moved.jpg"))).then_some(()));
    assert_eq!(grid(Some(Mark::Hidden)), [hidden]);
    library.undo(None).unwrap().unwrap();
    assert_eq!((grid(None).contains(&hidden), alike().contains(&hidden)), (true, true));
}
