//! Searches by words: over real photos, and over what is written about photos.

use fotonovela_core::library::Library;
use fotonovela_core::platform::resources;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{ErrorCode, PhotoQuery, Scope, SimilarQuery};

use crate::home::{Home, options};
use crate::similar::real_photos;
use crate::support::write;

fn asked(text: &str) -> PhotoQuery {
    PhotoQuery::like(SimilarQuery::Words { text: text.into() }, Scope::default(), 5)
}

/// The names of the best photos for these words.
fn best(library: &Library, text: &str) -> Vec<String> {
    let found = library.similar(&asked(text)).unwrap();
    assert!(found.photos.is_sorted_by(|a, b| a.score >= b.score), "{found:?}");
    assert!(found.photos.iter().all(|photo| (0.0..=1.0).contains(&photo.score)), "{found:?}");
    found.photos.iter().map(|photo| photo.path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

fn open(home: &Home) -> Library {
    let library = Library::open(options(home.data(), resources::folder())).unwrap();
    library.start_indexing(false).unwrap();
    library.add_folders(&[home.photos()]).unwrap();
    library.wait_until_indexed(&CancelToken::default());
    library
}

/// Real photos under names that say nothing but which one it is.
fn real() -> Home {
    let home = Home::new();
    for path in real_photos() {
        let name = path.file_stem().unwrap().to_string_lossy().to_lowercase();
        let number = blake3::hash(name.as_bytes()).to_hex();
        write(&home.path(&format!("{}.jpg", &number[..8])), &std::fs::read(&path).unwrap());
    }
    home
}

fn neutral(name: &str) -> String {
    format!("{}.jpg", &blake3::hash(name.to_lowercase().as_bytes()).to_hex()[..8])
}

#[test]
fn real_photos_are_found_by_what_they_show_in_both_languages_and_after_a_restart() {
    let home = real();
    let library = open(&home);
    let ladybird = neutral("LadyBird");
    for words in ["a ladybird", "insect", "una mariquita", "an insect on a plant -car"] {
        assert_eq!(best(&library, words)[0], ladybird, "{words}");
    }
    assert!(best(&library, "bridge")[..2].contains(&neutral("Bridge_by_Sander_Klootwijk")));
    assert_eq!(best(&library, "montañas")[0], neutral("picosdeeuropa_by_Aitzol_Berasategi"));
    assert!(best(&library, "cups of coffee")[..2].contains(&neutral("ColorfulCups")));
    assert_ne!(best(&library, "insect -ladybird")[0], ladybird, "it is excluded");
    let before = best(&library, "a bridge");
    drop(library);
    assert_eq!(best(&open(&home), "a bridge"), before);
}

#[test]
fn what_is_written_about_photos_comes_first() {
    let home = Home::with(&["a.jpg", "Cola at home/b.jpg", "100%_sure.jpg"]);
    let library = open(&home);
    assert_eq!(best(&library, "cola")[0], "b.jpg");
    assert_eq!(best(&library, "100%")[0], "100%_sure.jpg", "signs of patterns are letters");
    assert!(library.similar(&asked("cola")).unwrap().photos[0].score >= 0.5);
    let found = library.similar(&asked("photos")).unwrap();
    assert!(
        found.photos.iter().all(|photo| photo.score < 0.5),
        "the library's own folder says nothing: {found:?}"
    );
}

#[test]
fn photos_that_leave_leave_the_answers_and_new_ones_come() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    let library = open(&home);
    assert_eq!(best(&library, "a dog").len(), 2);
    std::fs::remove_file(home.path("a.jpg")).unwrap();
    home.put("c.jpg", 7);
    drop(library);
    let library = open(&home);
    let mut names = best(&library, "a dog");
    names.sort();
    assert_eq!(names, ["b.jpg", "c.jpg"]);
}

#[test]
fn words_that_say_nothing_are_refused() {
    let home = Home::with(&["a.jpg"]);
    let library = open(&home);
    for text in ["", "  ", "-dog"] {
        assert_eq!(library.similar(&asked(text)).unwrap_err().code(), ErrorCode::Invalid, "{text:?}");
    }
}

#[test]
fn times_and_conditions_in_the_text_say_among_which_photos() {
    let home = Home::with(&["summer/a.jpg", "winter/b.jpg", "winter/c.jpg"]);
    let day = |path: &str, day: &str| {
        let at: jiff::Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
        std::fs::File::open(home.path(path)).unwrap().set_modified(at.into()).unwrap();
    };
    day("summer/a.jpg", "2021-07-03");
    day("winter/b.jpg", "2022-01-05");
    day("winter/c.jpg", "2023-12-26");
    let library = open(&home);
    let names = |text: &str| {
        let mut names = best(&library, text);
        names.sort();
        names
    };
    assert_eq!(names("summer 2021"), ["a.jpg"]);
    assert_eq!(names("navidad 2021 una foto"), ["b.jpg"]);
    assert_eq!(names("2021..2022"), ["a.jpg", "b.jpg"]);
    assert_eq!(names("folder:winter -2023"), ["b.jpg"]);
    assert_eq!(names("folder:winter -dog"), ["b.jpg", "c.jpg"], "by how little they show of it");
    assert_eq!(names("a house folder:winter"), ["b.jpg", "c.jpg"]);
    assert_eq!(names("-folder:winter format:jpeg"), ["a.jpg"]);
    assert_eq!(names("camera:nikon"), [""; 0]);

    let understood = library.understand("Xochimilco winter 2021 -dog camera:nikon").unwrap();
    assert_eq!((understood.words.as_str(), understood.excluded), ("Xochimilco", vec!["dog".to_owned()]));
    assert_eq!(understood.unknown, ["Xochimilco"]);
    assert_eq!(understood.filters.len(), 1);
    assert!(understood.from < understood.until);
}

#[test]
fn words_of_names_are_suggested_and_a_name_says_nothing_of_what_is_shown() {
    let home = Home::with(&["a.jpg", "Xochimilco/b.jpg", "Xochimilco/c.jpg"]);
    let library = open(&home);
    assert_eq!(library.suggest("trip to xoch").unwrap(), ["xochimilco"]);
    assert_eq!(library.suggest("").unwrap(), [""; 0]);
    let found = best(&library, "xochimilco");
    assert_eq!(found.len(), 2, "only those of this name: {found:?}");
    drop(library);
    std::fs::rename(home.path("Xochimilco"), home.path("Canal")).unwrap();
    std::fs::write(home.data().join("texts.sqlite"), "rubbish").unwrap();
    let library = open(&home);
    assert_eq!(library.suggest("can").unwrap(), ["canal"]);
    assert_eq!(library.suggest("xoch").unwrap(), [""; 0]);
}
