//! What Google Photos exported beside photos: their date, place, description and people.

use fotonovela_core::types::{DateSource, PhotoDetail, Role};

use crate::home::{Home, Open};
use crate::support::{Exif, photo, wait_for, write};

fn exported(title: &str, day: i64, person: &str) -> Vec<u8> {
    let seconds = 1_362_373_567 + day * 86_400;
    format!(
        r#"{{"title": "{title}", "description": "At sea", "photoTakenTime": {{"timestamp": "{seconds}"}},
            "geoData": {{"latitude": 40.42, "longitude": -3.7}}, "people": [{{"name": "{person}"}}]}}"#
    )
    .into_bytes()
}

fn detail(open: &Open, name: &str) -> PhotoDetail {
    open.library.photo(open.id(name).unwrap()).unwrap()
}

fn people(open: &Open, name: &str) -> Vec<String> {
    detail(open, name).keywords
}

#[test]
fn an_export_tells_of_its_photo_by_the_names_of_all_years() {
    let long = "a".repeat(47);
    let (cut, cut_json) = (format!("{long}.jpg"), format!("{}.json", &long[..46]));
    let names = ["IMG_1.jpg", "IMG_1(1).jpg", "IMG_1-edited.jpg", "IMG_2.jpg", "IMG_3.jpg", &cut];
    let home = Home::with(&names);
    for (json, title, person) in [
        ("IMG_1.jpg.json", "IMG_1.jpg", "Ann"),
        ("IMG_1.jpg(1).json", "IMG_1.jpg", "Bob"),
        ("IMG_2.jpg.supplemental-metadata.json", "IMG_2.jpg", "Cid"),
        ("IMG_3.jpg.supplemental-me.json", "IMG_3.jpg", "Dan"),
        (&cut_json, &format!("{}.jpg", "a".repeat(60)), "Eve"),
    ] {
        write(&home.path(json), &exported(title, 0, person));
    }
    write(&home.path("metadata.json"), br#"{"title": "Album", "date": {"timestamp": "0"}}"#);
    let (open, _) = home.index(&names);
    for (name, person) in names.iter().zip(["Ann", "Bob", "Ann", "Cid", "Dan", "Eve"]) {
        assert_eq!(people(&open, name), [person], "{name}");
    }
    let told = detail(&open, "IMG_1.jpg");
    assert_eq!((told.date_source, told.description.as_deref()), (DateSource::Takeout, Some("At sea")));
    assert_eq!(told.tile.taken_at / 60_000 - i64::from(told.zone.unwrap()), 1_362_373_567 / 60);
    assert!((told.gps.unwrap().latitude - 40.42).abs() < 1e-9);
    assert_eq!(told.files.iter().map(|file| file.role).collect::<Vec<_>>(), [Role::Photo, Role::Sidecar]);
    assert!(open.problems().is_empty());
}

#[test]
fn the_camera_knows_the_moment_and_people_know_the_rest() {
    let home = Home::new();
    let exif = Exif { taken: Some("2010:01:02 03:04:05"), ..Exif::default() };
    write(&home.path("a.jpg"), &exif.in_jpeg(&photo(1)));
    write(&home.path("a.jpg.json"), &exported("a.jpg", 0, "Ann"));
    let (open, _) = home.index(&["a.jpg"]);
    let told = detail(&open, "a.jpg");
    assert_eq!((told.date_source, told.tile.taken_at), (DateSource::Exif, 1_262_401_445_000));
    assert_eq!((told.keywords, told.description.as_deref()), (vec!["Ann".to_owned()], Some("At sea")));
}

#[test]
fn an_export_that_comes_changes_and_goes_is_followed_also_by_edited_photos() {
    let home = Home::with(&["a.jpg", "a-edited.jpg"]);
    let (open, _) = home.index(&["a.jpg", "a-edited.jpg"]);
    let become_of = |what: &str, person: &[&str]| {
        wait_for(what, || {
            let all = ["a.jpg", "a-edited.jpg"].map(|name| people(&open, name));
            all.iter().all(|people| people == person).then_some(())
        });
    };
    become_of("nobody", &[]);
    write(&home.path("a.jpg.json"), &exported("a.jpg", 0, "Ann"));
    become_of("the person", &["Ann"]);
    crate::home::replace(&home.path("a.jpg.json"), &exported("a.jpg", 0, "Bob"));
    become_of("the other person", &["Bob"]);
    home.remove("a.jpg.json");
    become_of("nobody again", &[]);
}
