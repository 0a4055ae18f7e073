//! Photos that look alike: copies of real photos, files with the same bytes, series, and hiding copies.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use fotonovela_core::image::{decode, thumbnail};
use fotonovela_core::library::Library;
use fotonovela_core::pixels::{Orientation, ResizeFilter, Rgb};
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{EditCode, ErrorCode, LookAlikeKind, LookAlikes, Mark, Scope};

use crate::home::{Home, Open};
use crate::similar::{brighten, crop, mirror, real_photos};
use crate::support::{Exif, jpeg, photo, scene, write};

fn found(library: &Library) -> Vec<LookAlikes> {
    library.look_alikes(&Scope::default(), |_, _| (), &CancelToken::default()).unwrap()
}

/// How many photos had to be compared.
fn compared(library: &Library) -> usize {
    let count = Cell::new(0);
    library.look_alikes(&Scope::default(), |_, of| count.set(of), &CancelToken::default()).unwrap();
    count.get()
}

/// The groups of a kind, each with the names of its files.
fn names(groups: &[LookAlikes], kind: LookAlikeKind) -> Vec<Vec<String>> {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let files = |group: &LookAlikes| {
        group.photos.iter().flat_map(|photo| &photo.paths).map(|path| name(path)).collect()
    };
    groups.iter().filter(|group| group.kind == kind).map(files).collect()
}

/// Turned by some degrees; what is beyond the picture is black.
fn tilt(picture: &Rgb, degrees: f32) -> Rgb {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = (picture.width as f32, picture.height as f32);
    let pixel = |n: u32| {
        let (x, y) = ((n % picture.width) as f32 - width / 2.0, (n / picture.width) as f32 - height / 2.0);
        let (x, y) = (x * cos - y * sin + width / 2.0, x * sin + y * cos + height / 2.0);
        let is_inside = (0.0..width).contains(&x) && (0.0..height).contains(&y);
        let start = (y as usize * picture.width as usize + x as usize) * 3;
        if is_inside { picture.data[start..start + 3].to_vec() } else { vec![0; 3] }
    };
    Rgb { data: (0..picture.width * picture.height).flat_map(pixel).collect(), ..*picture }
}

fn grey(picture: &Rgb) -> Rgb {
    let mean =
        |pixel: &[u8]| [pixel.iter().map(|value| u16::from(*value)).sum::<u16>() / 3; 3].map(|v| v as u8);
    Rgb { data: picture.data.chunks_exact(3).flat_map(mean).collect(), ..*picture }
}

/// Copies as people make them, by name.
fn copies(picture: &Rgb) -> Vec<(&'static str, Vec<u8>)> {
    let encoded = |picture: &Rgb, quality| thumbnail::encode_jpeg(picture, quality).unwrap();
    let half = picture.resized(picture.width / 2, picture.height / 2, ResizeFilter::Lanczos);
    vec![
        ("coarse", encoded(picture, 15)),
        ("half", encoded(&half, 80)),
        ("crop", encoded(&crop(picture), 85)),
        ("turned", encoded(&picture.clone().turned(Orientation::from_exif(6)), 85)),
        ("mirrored", encoded(&mirror(picture), 85)),
        ("brighter", encoded(&brighten(picture), 85)),
        ("grey", encoded(&grey(picture), 85)),
        ("tilted", encoded(&tilt(picture, 7.0), 85)),
        ("crop of half, grey", encoded(&grey(&crop(&half)), 70)),
    ]
}

/// Real photos of 1024 pixels.
fn pictures(count: usize) -> Vec<Rgb> {
    let mut photos = real_photos();
    photos.sort();
    let picture =
        |path: std::path::PathBuf| decode(&std::fs::read(&path).unwrap(), &path, 1024).unwrap().fitted(1024);
    photos.into_iter().take(count).map(picture).collect()
}

fn put(home: &Home, name: &str, picture: &Rgb) {
    write(&home.path(name), &thumbnail::encode_jpeg(picture, 92).unwrap());
}

fn indexed(home: &Home) -> Open {
    let open = home.open();
    open.library.add_folders(&[home.photos()]).unwrap();
    open.idle();
    open
}

#[test]
fn copies_of_real_photos_are_one_group_each_and_different_photos_never() {
    let home = Home::new();
    let pictures = pictures(14);
    for (number, picture) in pictures.iter().enumerate() {
        put(&home, &format!("{number:02} original.jpg"), picture);
        copies(picture)
            .iter()
            .for_each(|(kind, jpeg)| write(&home.path(&format!("{number:02} {kind}.jpg")), jpeg));
    }
    let open = indexed(&home);
    let groups = names(&found(&open.library), LookAlikeKind::Near);
    let pairs = |group: &Vec<String>| -> Vec<_> {
        let pair = |one: usize| (one + 1..group.len()).map(move |two| (one, two));
        (0..group.len()).flat_map(pair).map(|(one, two)| (group[one].clone(), group[two].clone())).collect()
    };
    let found: Vec<_> = groups.iter().flat_map(pairs).collect();
    let wrong: Vec<_> = found.iter().filter(|(one, two)| one[..2] != two[..2]).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let copies = copies(&pictures[0]).len() + 1;
    let all = pictures.len() * copies * (copies - 1) / 2;
    let share = found.len() as f64 / all as f64;
    assert!(share >= 0.93, "{share}: {groups:#?}");
}

#[test]
fn files_with_the_same_bytes_are_told_with_all_their_places_and_the_best_comes_first() {
    let home = Home::new();
    let picture = &pictures(1)[0];
    let half = picture.resized(picture.width / 2, picture.height / 2, ResizeFilter::Lanczos);
    put(&home, "small.jpg", &half);
    put(&home, "large.jpg", picture);
    put(&home, "same.jpg", picture);
    home.put("other.jpg", 1);
    let open = indexed(&home);
    let groups = found(&open.library);
    let [exact, near] = groups.as_slice() else { panic!("{groups:?}") };
    assert_eq!((exact.kind, exact.photos.len()), (LookAlikeKind::Exact, 1), "one photo with two files");
    assert_eq!(exact.spare_bytes(), exact.photos[0].bytes);
    let exact: BTreeSet<_> = names(&groups, LookAlikeKind::Exact).remove(0).into_iter().collect();
    assert_eq!(exact, BTreeSet::from(["large.jpg", "same.jpg"].map(String::from)));
    assert_eq!(near.photos.len(), 2);
    assert_eq!(names(&groups, LookAlikeKind::Near)[0][2], "small.jpg", "the best first, with both its files");
    home.remove("large.jpg");
    open.library.add_folders(&[home.photos()]).unwrap();
    open.has(&["other.jpg", "same.jpg", "small.jpg"]);
    assert!(names(&found(&open.library), LookAlikeKind::Exact).is_empty());
}

#[test]
fn what_was_taken_within_seconds_is_a_series_and_the_same_moment_a_copy() {
    let home = Home::new();
    let picture = &pictures(1)[0];
    let taken = |name: &str, picture: &Rgb, taken: &str| {
        let exif = Exif { taken: Some(taken), model: Some("X"), ..Exif::default() };
        write(&home.path(name), &exif.in_jpeg(&thumbnail::encode_jpeg(picture, 90).unwrap()));
    };
    taken("first.jpg", picture, "2024:05:17 18:30:05");
    taken("second.jpg", &crop(picture), "2024:05:17 18:30:08");
    taken("copy of second.jpg", &grey(&crop(picture)), "2024:05:17 18:30:08");
    taken("next year.jpg", &brighten(picture), "2025:05:17 18:30:05");
    let other = jpeg(&scene(3, 640, 480));
    let exif = Exif { taken: Some("2024:05:17 18:30:09"), ..Exif::default() };
    write(&home.path("quickly after, of something else.jpg"), &exif.in_jpeg(&other));
    let open = indexed(&home);
    let groups = found(&open.library);
    let sorted = |kind| -> Vec<Vec<String>> {
        let mut groups = names(&groups, kind);
        groups.iter_mut().for_each(|group| group.sort());
        groups
    };
    assert_eq!(sorted(LookAlikeKind::Near), [["copy of second.jpg", "second.jpg"]], "{groups:#?}");
    assert_eq!(
        sorted(LookAlikeKind::Series),
        [["copy of second.jpg", "first.jpg", "second.jpg"]],
        "{groups:#?}"
    );
}

#[test]
fn photos_are_compared_once_over_restarts_and_again_when_they_change() {
    let home = Home::new();
    let pictures = pictures(3);
    put(&home, "a.jpg", &pictures[0]);
    put(&home, "b.jpg", &pictures[1]);
    put(&home, "copy of a.jpg", &crop(&pictures[0]));
    let open = indexed(&home);
    assert_eq!(compared(&open.library), 3);
    assert_eq!(compared(&open.library), 0);
    drop(open);
    put(&home, "copy of b.jpg", &mirror(&pictures[1]));
    let open = home.open();
    open.has(&["a.jpg", "b.jpg", "copy of a.jpg", "copy of b.jpg"]);
    assert_eq!(compared(&open.library), 1);
    assert_eq!(names(&found(&open.library), LookAlikeKind::Near).len(), 2);
    put(&home, "copy of a.jpg", &pictures[2]);
    open.library.add_folders(&[home.photos()]).unwrap();
    open.idle();
    let left = names(&found(&open.library), LookAlikeKind::Near);
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains(&"b.jpg".to_owned()));
}

#[test]
fn comparing_can_be_stopped() {
    let home = Home::with(&["a.jpg"]);
    let open = indexed(&home);
    let cancel = CancelToken::default();
    cancel.cancel();
    let stopped = open.library.look_alikes(&Scope::default(), |_, _| (), &cancel);
    assert_eq!(stopped.unwrap_err().code(), ErrorCode::Cancelled);
    assert_eq!(compared(&open.library), 1, "it is left to do");
}

#[test]
fn copies_are_hidden_as_one_edit_and_the_kept_one_becomes_the_favourite() {
    let home = Home::new();
    for (number, picture) in pictures(2).iter().enumerate() {
        put(&home, &format!("{number}.jpg"), picture);
        put(&home, &format!("{number} crop.jpg"), &crop(picture));
        put(&home, &format!("{number} mirrored.jpg"), &crop(&mirror(picture)));
    }
    write(&home.path("alone.jpg"), &photo(9));
    let open = indexed(&home);
    let id = |name: &str| open.id(name).unwrap();
    let ids: HashMap<_, _> = ["0.jpg", "0 crop.jpg", "1.jpg"].map(|name| (name, id(name))).into();
    // A favourite is the best one: this makes the order of one group known, whatever the sizes.
    open.library.set_mark(vec![ids["0 crop.jpg"], ids["1.jpg"]], Mark::Favourite, true).unwrap();
    let mut groups = found(&open.library);
    assert_eq!(groups.len(), 2, "{groups:?}");
    let group = groups.iter_mut().find(|group| group.photos[0].id == ids["0 crop.jpg"]).unwrap();
    // The person chooses another one.
    let at = group.photos.iter().position(|photo| photo.id == ids["0.jpg"]).unwrap();
    group.photos.swap(0, at);
    let edit = open.library.hide_copies(&groups).unwrap().unwrap();
    assert_eq!((edit.code, edit.params.count), (EditCode::CopiesHidden, Some(4)));
    assert_eq!(open.names(), ["0.jpg", "1.jpg", "alone.jpg"]);
    let favourites: BTreeSet<_> = open.library.marked(Mark::Favourite).unwrap().into_iter().collect();
    assert_eq!(favourites, BTreeSet::from([ids["0.jpg"], ids["0 crop.jpg"], ids["1.jpg"]]));
    assert!(found(&open.library).is_empty(), "what is hidden is not told again");
    assert!(open.library.hide_copies(&groups).unwrap().is_none(), "they are hidden already");
    assert_eq!(open.library.undo(None).unwrap().unwrap().code, EditCode::CopiesHidden);
    assert_eq!(open.names().len(), 7);
    let favourites: BTreeSet<_> = open.library.marked(Mark::Favourite).unwrap().into_iter().collect();
    assert_eq!(favourites, BTreeSet::from([ids["0 crop.jpg"], ids["1.jpg"]]));
    open.library.redo(None).unwrap().unwrap();
    assert_eq!(open.names().len(), 3);
}
