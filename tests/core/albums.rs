//! Albums: the photos of plain ones in the order that was chosen, through every edit and change of the library; and searches
//! that photos enter by themselves.

use fotonovela_core::library::Library;
use fotonovela_core::types::{
    AlbumId, Edit, EditCode, ErrorCode, PhotoId, PhotoQuery, PointKind, Scope, SimilarQuery, Why,
};

use crate::home::{Home, Open, replace};
use crate::support::photo;

const NAMES: [&str; 4] = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"];

/// A library of four photos, with their ids.
fn four() -> (Home, Open, [PhotoId; 4]) {
    let home = Home::with(&NAMES);
    let (open, shown) = home.index(&NAMES);
    (home, open, NAMES.map(|name| shown[name].id))
}

fn album(library: &Library, name: &str, photos: &[PhotoId]) -> AlbumId {
    library.create_album(name, photos.to_vec()).unwrap().unwrap();
    library.album_named(name).unwrap().id
}

/// The names of the files in an album, in its order.
fn members(library: &Library, name: &str) -> Vec<String> {
    let photos = library.album_photos(&library.album_named(name).unwrap()).unwrap();
    photos.iter().map(|(_, path)| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

/// All albums with what is in them.
fn all(library: &Library) -> Vec<(String, Vec<String>)> {
    let albums = library.albums().unwrap();
    albums.into_iter().map(|album| (album.name.clone(), members(library, &album.name))).collect()
}

fn words(text: &str) -> PhotoQuery {
    PhotoQuery::like(SimilarQuery::Words { text: text.into() }, Scope::default(), 10)
}

fn found(library: &Library, query: &PhotoQuery) -> Vec<PhotoId> {
    library.similar(query).unwrap().photos.iter().map(|photo| photo.id).collect()
}

#[test]
fn each_edit_of_an_album_is_taken_back_and_made_again_in_its_order() {
    let (_home, open, [a, b, c, d]) = four();
    let library = &open.library;
    let mut states = vec![all(library)];
    let walks = album(library, "Walks", &[c, a, c]);
    states.push(all(library));
    let edit = library.add_to_album(walks, vec![d, a, PhotoId(4711), b]).unwrap().unwrap();
    assert_eq!((edit.code, edit.params.count), (EditCode::AlbumPhotosAdded, Some(2)));
    states.push(all(library));
    library.move_in_album(walks, vec![b, a], Some(c)).unwrap().unwrap();
    states.push(all(library));
    // The photo that they go before is one of them: the one after it counts.
    library.move_in_album(walks, vec![a, b], Some(b)).unwrap().unwrap();
    states.push(all(library));
    library.remove_from_album(walks, vec![b]).unwrap().unwrap();
    states.push(all(library));
    library.move_in_album(walks, vec![a], None).unwrap().unwrap();
    states.push(all(library));
    library.rename_album(walks, "Strolls").unwrap().unwrap();
    states.push(all(library));
    library.delete_album(walks).unwrap().unwrap();
    states.push(all(library));

    let told: Vec<Vec<String>> = states
        .iter()
        .map(|state| state.first().map(|(_, photos)| photos.clone()).unwrap_or_default())
        .collect();
    let expected = ["", "ca", "cadb", "bacd", "abcd", "acd", "cda", "cda", ""];
    let short = |photos: &Vec<String>| photos.iter().map(|name| &name[..1]).collect::<String>();
    assert_eq!(told.iter().map(short).collect::<Vec<_>>(), expected);
    assert_eq!(states[7][0].0, "Strolls");
    for state in states.iter().rev().skip(1) {
        library.undo(None).unwrap().unwrap();
        assert_eq!(&all(library), state);
    }
    for state in &states[1..] {
        library.redo(None).unwrap().unwrap();
        assert_eq!(&all(library), state);
    }
}

#[test]
fn what_changes_nothing_is_no_edit() {
    let (_home, open, [a, b, c, _]) = four();
    let library = &open.library;
    let walks = album(library, "Walks", &[a, b]);
    assert_eq!(library.add_to_album(walks, vec![b, a]).unwrap(), None);
    assert_eq!(library.remove_from_album(walks, vec![c]).unwrap(), None);
    assert_eq!(library.move_in_album(walks, vec![a], Some(b)).unwrap(), None);
    assert_eq!(library.rename_album(walks, " Walks ").unwrap(), None);
    assert_eq!(library.add_to_album(AlbumId(4711), vec![a]).unwrap(), None);
    assert_eq!(library.edits().unwrap()[0].code, EditCode::AlbumCreated);
}

#[test]
fn no_two_albums_differ_in_case_alone() {
    let (_home, open, [a, b, ..]) = four();
    let library = &open.library;
    let first = album(library, "Ñandú", &[a]);
    for name in ["ñANDÚ", " Ñandú", "", "  "] {
        assert_eq!(library.create_album(name, vec![b]).unwrap_err().code(), ErrorCode::Invalid, "{name:?}");
    }
    album(library, "Walks", &[]);
    assert_eq!(library.rename_album(first, "walks").unwrap_err().code(), ErrorCode::Invalid);
    library.rename_album(first, "ñandú").unwrap().unwrap();
    assert_eq!(library.album_named("Nothing").unwrap_err().code(), ErrorCode::NotFound);

    // Another one takes the name of one that was deleted; both are there when that is undone.
    let deleted = library.delete_album(first).unwrap().unwrap();
    album(library, "Ñandú", &[b]);
    library.undo(Some(deleted.id)).unwrap().unwrap();
    assert_eq!(members(library, "Ñandú"), ["b.jpg"]);
    assert_eq!(members(library, "ñandú 2"), ["a.jpg"]);
}

#[test]
fn photos_keep_their_places_when_they_are_moved_edited_away_or_back_and_through_a_rebuild() {
    let (home, open, [a, b, c, d]) = four();
    album(&open.library, "Walks", &[c, b, d, a]);
    let like_d = PhotoQuery { what: Some(SimilarQuery::Photo { id: d }), ..PhotoQuery::default() };
    open.library.save_album("Like d", like_d.clone()).unwrap().unwrap();
    home.rename("c.jpg", "moved.jpg");
    replace(&home.path("d.jpg"), &photo(20));
    home.remove("b.jpg");
    open.has(&["a.jpg", "moved.jpg", "d.jpg"]);
    assert_eq!(members(&open.library, "Walks"), ["moved.jpg", "d.jpg", "a.jpg"]);
    assert_eq!(open.library.album_named("Walks").unwrap().photos, Some(3));
    home.put("back.jpg", 2);
    let names = ["a.jpg", "moved.jpg", "d.jpg", "back.jpg"];
    open.has(&names);
    assert_eq!(members(&open.library, "Walks"), ["moved.jpg", "back.jpg", "d.jpg", "a.jpg"]);
    drop(open);

    crate::migrations::damage(&home.data().join("catalog.sqlite"), "files");
    let open = home.open();
    assert!(open.library.notice().is_some(), "it was rebuilt");
    open.has(&names);
    assert_eq!(members(&open.library, "walks"), ["moved.jpg", "back.jpg", "d.jpg", "a.jpg"]);
    assert_eq!(open.library.album_named("Like d").unwrap().query, Some(like_d));
}

#[test]
fn a_new_photo_enters_a_smart_album_by_itself() {
    let home = Home::with(&["beach-1.jpg", "town.jpg"]);
    let (open, shown) = home.index(&["beach-1.jpg", "town.jpg"]);
    let library = &open.library;
    let asked = PhotoQuery { limit: None, ..words("folder:beach") };
    library.save_album("Beach", asked).unwrap().unwrap();
    assert_eq!(members(library, "Beach"), ["beach-1.jpg"]);
    home.put("beach-2.jpg", 7);
    open.has(&["beach-1.jpg", "beach-2.jpg", "town.jpg"]);
    assert_eq!(members(library, "Beach").len(), 2);
    assert_eq!(library.album_named("Beach").unwrap().photos, None, "it is asked when it is opened");
    let like = SimilarQuery::Photo { id: shown["town.jpg"].id };
    library.save_album("Town", PhotoQuery { what: Some(like), ..PhotoQuery::default() }).unwrap().unwrap();
    assert_eq!(members(library, "Town")[0], "town.jpg");
    drop(open);

    let open = home.open();
    let library = &open.library;
    assert_eq!(members(library, "Beach").len(), 2);
    let beach = library.album_named("Beach").unwrap().id;
    let town = vec![shown["town.jpg"].id];
    assert_eq!(library.add_to_album(beach, town.clone()).unwrap_err().code(), ErrorCode::Invalid);
    assert_eq!(library.move_in_album(beach, town, None).unwrap_err().code(), ErrorCode::Invalid);
    library.delete_album(beach).unwrap().unwrap();
    library.undo(None).unwrap().unwrap();
    assert_eq!(members(library, "Beach").len(), 2);
}

#[test]
fn a_search_that_cannot_be_answered_again_is_no_album() {
    let (_home, open, _) = four();
    let library = &open.library;
    let image = library.add_query_image(&photo(9), "outside.jpg").unwrap();
    let outside = SimilarQuery::Image { token: image.token };
    let gone = SimilarQuery::Photo { id: PhotoId(4711) };
    for what in [outside, gone, SimilarQuery::Words { text: " ".into() }] {
        let query = PhotoQuery { what: Some(what), ..PhotoQuery::default() };
        library.save_album("Never", query).unwrap_err();
    }
    assert_eq!(library.albums().unwrap(), []);
}

#[test]
fn an_album_is_a_scope_in_its_order_and_a_condition_of_searches() {
    let (_home, open, [a, b, c, d]) = four();
    let library = &open.library;
    let walks = album(library, "Long Walks", &[c, a]);
    let among = Scope { album: Some(walks), ..Scope::default() };
    let grid = |limit| {
        let query = PhotoQuery { among: among.clone(), limit, ..PhotoQuery::default() };
        library.layout(&query).unwrap().photos.iter().map(|photo| photo.id).collect::<Vec<_>>()
    };
    assert_eq!((grid(None), grid(Some(1))), (vec![c, a], vec![c]));
    let mut like = found(library, &PhotoQuery::like(SimilarQuery::Photo { id: b }, among.clone(), 10));
    like.sort_unstable();
    assert_eq!(like, [a, c]);
    let sorted = |text: &str| {
        let mut ids = found(library, &words(text));
        ids.sort_unstable();
        ids
    };
    assert_eq!(sorted("album:walks"), [a, c]);
    assert_eq!(sorted("album:\"LONG walks\" -folder:c.jpg"), [a]);
    assert_eq!(sorted("-album:walks"), [b, d]);

    let revision = library.catalog().revision();
    library.add_to_album(walks, vec![b]).unwrap();
    library.remove_from_album(walks, vec![a]).unwrap();
    let changes = library.photo_changes(&among, revision).unwrap();
    assert_eq!((changes.inside, changes.tiles.len()), (vec![b], 2), "the window is told");
    library.delete_album(walks).unwrap();
    assert_eq!((grid(None), sorted("album:walks")), (vec![], vec![]));
}

#[test]
fn photos_are_found_by_the_names_of_their_albums_and_no_vector_is_sent_anew() {
    let (_home, open, [a, b, c, _]) = four();
    let (library, catalog) = (&open.library, open.library.catalog());
    let named = |text: &str| {
        let photos = library.similar(&words(text)).unwrap().photos;
        let mut ids: Vec<_> =
            photos.iter().filter(|photo| photo.why == Why::Written).map(|photo| photo.id).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(named("Zarzalejo"), []);
    let before = catalog.newest_revision().unwrap();
    let trip = album(library, "Zarzalejo", &[a, b]);
    assert_eq!(named("Zarzalejo"), [a, b]);
    library.add_to_album(trip, vec![c]).unwrap();
    library.remove_from_album(trip, vec![a]).unwrap();
    assert_eq!(named("zarzalejo"), [b, c]);
    library.rename_album(trip, "Robledondo").unwrap();
    assert_eq!((named("Zarzalejo"), named("Robledondo")), (vec![], vec![b, c]));
    library.delete_album(trip).unwrap();
    assert_eq!(named("Robledondo"), []);
    library.undo(None).unwrap();
    assert_eq!(named("Robledondo"), [b, c]);
    let (now, model) = (catalog.newest_revision().unwrap(), library.model().id());
    assert!(now > before);
    assert_eq!(catalog.vectors_between(before, now, (&model, PointKind::Photos)).unwrap(), 0);
}

#[test]
fn the_best_of_copies_comes_into_the_albums_of_those_that_are_hidden() {
    let (_home, open, [a, b, c, d]) = four();
    let library = &open.library;
    album(library, "Walks", &[c, b, d]);
    album(library, "Zoo", &[d, a, b]);
    let before = all(library);
    library.apply(&Edit::HideCopies { groups: vec![vec![a, b, c]] }).unwrap().unwrap();
    assert_eq!(members(library, "Walks"), ["a.jpg", "d.jpg"]);
    assert_eq!(members(library, "Zoo"), ["d.jpg", "a.jpg"]);
    library.undo(None).unwrap().unwrap();
    assert_eq!(all(library), before);
}
