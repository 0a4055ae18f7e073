//! Live Photos and raw pictures with their JPEG: one photo with two files, in whatever order they come and go.

use fotonovela_core::types::{OtherKind, PhotoDetail, Role};

use crate::home::{Home, Open};
use crate::support::{photo, png, scene, wait_for, write};

/// What a raw file looks like to a build that cannot read it.
const UNREADABLE: &[u8] = b"II\x2a\0\x10\0\0\0CR\x02\0and then nothing";

fn detail(open: &Open, name: &str) -> PhotoDetail {
    open.library.photo(open.id(name).unwrap()).unwrap()
}

fn files(open: &Open, name: &str) -> Vec<(String, Role)> {
    let name_of = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
    detail(open, name).files.iter().map(|file| (name_of(&file.path), file.role)).collect()
}

/// Waits until the photo shown as `name` has these files.
fn has_files(open: &Open, name: &str, wanted: &[(&str, Role)]) {
    let wanted: Vec<_> = wanted.iter().map(|(name, role)| ((*name).to_owned(), *role)).collect();
    wait_for("the files", || {
        open.id(name)?;
        (files(open, name) == wanted).then_some(())
    });
}

#[test]
fn a_photo_and_its_second_file_are_one_whatever_comes_first() {
    for (first, second) in [(false, true), (true, false)] {
        let home = Home::new();
        let put = |wants_photo: bool| {
            if wants_photo {
                home.put("IMG_1.JPG", 1);
                home.put("IMG_2.jpeg", 2);
            } else {
                write(&home.path("img_1.mov"), b"moving pictures");
                write(&home.path("IMG_2.CR2"), UNREADABLE);
            }
        };
        put(first);
        let open = home.open();
        open.library.add_folders(&[home.photos()]).unwrap();
        open.idle();
        put(second);
        let shown = open.has(&["IMG_1.JPG", "IMG_2.jpeg"]);
        has_files(&open, "IMG_1.JPG", &[("IMG_1.JPG", Role::Photo), ("img_1.mov", Role::Motion)]);
        has_files(&open, "IMG_2.jpeg", &[("IMG_2.jpeg", Role::Photo), ("IMG_2.CR2", Role::Raw)]);
        assert_eq!(open.problems().len(), 0, "the second files are none");
        assert_eq!(open.library.index_status().failed, 0);
        let of_film = open.library.catalog().photo_at(&home.path("img_1.mov")).unwrap();
        assert_eq!(of_film, Some(shown["IMG_1.JPG"].id));
        assert!(detail(&open, "IMG_1.JPG").copies.is_empty());
        drop(open);
        let open = home.open();
        assert_eq!(open.has(&["IMG_1.JPG", "IMG_2.jpeg"]), shown);
        assert_eq!(open.finished(), 0, "nothing is read again");
    }
}

#[test]
fn what_stays_behind_is_listed_and_pairs_again_when_the_photo_returns() {
    let home = Home::with(&["a.jpg"]);
    write(&home.path("a.MOV"), b"moving pictures");
    write(&home.path("a.nef"), UNREADABLE);
    let (open, before) = home.index(&["a.jpg"]);
    home.remove("a.jpg");
    open.has(&[]);
    let problems =
        wait_for("the raw picture", || Some(open.problems()).filter(|problems| !problems.is_empty()));
    assert_eq!(problems.keys().collect::<Vec<_>>(), ["a.nef"], "a film is no problem");
    wait_for("the film", || {
        (open.library.index_status().other.get(&OtherKind::Video) == Some(&1)).then_some(())
    });
    home.put("a.jpg", 1);
    assert_eq!(open.has(&["a.jpg"]), before);
    assert_eq!((open.problems().len(), files(&open, "a.jpg").len()), (0, 3));
    home.remove("a.MOV");
    home.remove("a.nef");
    has_files(&open, "a.jpg", &[("a.jpg", Role::Photo)]);
    assert_eq!(open.has(&["a.jpg"]), before);
}

/// The raw picture is a JPEG by content: pairs are told by names, and it can be read by every build.
#[test]
fn a_raw_picture_and_its_jpeg_keep_their_photo_when_one_comes_or_goes() {
    let home = Home::with(&["a.cr2"]);
    let (open, raw) = home.index(&["a.cr2"]);
    let id = raw["a.cr2"].id;
    assert_eq!(files(&open, "a.cr2"), [("a.cr2".to_owned(), Role::Photo)], "alone it is the photo");

    home.put("A.jpg", 2);
    let both = open.has(&["A.jpg"]);
    assert_eq!(both["A.jpg"].id, id, "the JPEG joined its photo");
    assert_ne!(both["A.jpg"].vector, raw["a.cr2"].vector, "and is what is shown");
    assert_eq!(files(&open, "A.jpg"), [("A.jpg".to_owned(), Role::Photo), ("a.cr2".to_owned(), Role::Raw)]);

    home.remove("A.jpg");
    assert_eq!(open.has(&["a.cr2"]), raw, "the raw picture stays as the photo");
    home.put("A.jpg", 2);
    assert_eq!(open.has(&["A.jpg"]), both);
    home.remove("a.cr2");
    has_files(&open, "A.jpg", &[("A.jpg", Role::Photo)]);
    assert_eq!(open.has(&["A.jpg"]), both);
}

#[test]
fn a_pair_that_is_renamed_file_by_file_stays_the_same_photo() {
    for order in [["jpg", "dng"], ["dng", "jpg"]] {
        let home = Home::with(&["a.jpg", "a.dng"]);
        write(&home.path("a.xmp"), crate::support::xmp("xmp:Rating='4'", &[]).as_bytes());
        let (open, before) = home.index(&["a.jpg"]);
        for ending in order {
            home.rename(&format!("a.{ending}"), &format!("trip.{ending}"));
            // Long enough for the file that is left behind to be read.
            wait_for("a look", || open.names().iter().any(|name| name.starts_with("trip")).then_some(()));
            open.idle();
        }
        home.rename("a.xmp", "trip.xmp");
        assert_eq!(open.has(&["trip.jpg"])["trip.jpg"], before["a.jpg"], "{order:?}");
        let all = [("trip.jpg", Role::Photo), ("trip.dng", Role::Raw), ("trip.xmp", Role::Sidecar)];
        has_files(&open, "trip.jpg", &all);
        assert_eq!(detail(&open, "trip.jpg").rating, Some(4));
    }
}

#[test]
fn a_folder_of_pairs_that_is_renamed_keeps_them() {
    let home = Home::with(&["day/a.jpg", "day/b.jpg", "day/b.arw"]);
    write(&home.path("day/a.mp4"), b"moving pictures");
    let (open, before) = home.index(&["day/a.jpg", "day/b.jpg"]);
    home.rename("day", "night");
    let after = open.has(&["night/a.jpg", "night/b.jpg"]);
    assert_eq!(after["night/a.jpg"], before["day/a.jpg"]);
    assert_eq!(after["night/b.jpg"], before["day/b.jpg"]);
    assert_eq!((files(&open, "night/a.jpg").len(), files(&open, "night/b.jpg").len()), (2, 2));
    assert_eq!((open.finished(), open.problems().len()), (2, 0));
}

#[test]
fn files_in_other_folders_do_not_pair() {
    let home = Home::with(&["a.jpg", "a.cr2"]);
    home.put("raw/a.cr2", 2);
    home.put("raw/b.cr2", 3);
    home.put("b.jpg", 4);
    let (open, shown) = home.index(&["a.jpg", "b.jpg", "raw/a.cr2", "raw/b.cr2"]);
    assert_eq!(files(&open, "a.jpg").len(), 2, "its own raw picture is with it");
    assert_eq!(files(&open, "b.jpg").len(), 1);
    // A copy of the JPEG elsewhere is a copy, and stays when the pair goes.
    std::fs::create_dir(home.path("copies")).unwrap();
    std::fs::copy(home.path("a.jpg"), home.path("copies/a.jpg")).unwrap();
    wait_for("a copy", || (detail(&open, "a.jpg").copies == [home.path("copies/a.jpg")]).then_some(()));
    home.remove("a.jpg");
    let after = open.has(&["a.cr2", "b.jpg", "copies/a.jpg", "raw/b.cr2"]);
    assert_eq!(after["copies/a.jpg"], shown["a.jpg"]);
    assert_eq!(after["a.cr2"].id, shown["raw/a.cr2"].id, "equal content is one photo");
}

#[test]
fn two_pictures_do_not_share_a_raw_one() {
    let home = Home::with(&["a.JPG", "a.jpg", "a.cr2"]);
    write(&home.path("a.png"), &png(&scene(7, 320, 240)));
    let (open, shown) = home.index(&["a.JPG", "a.jpg", "a.png"]);
    assert_eq!(files(&open, "a.JPG").len(), 2);
    assert_eq!((files(&open, "a.jpg").len(), files(&open, "a.png").len()), (1, 1));
    home.remove("a.JPG");
    let left = open.has(&["a.jpg", "a.png"]);
    assert_eq!((&left["a.jpg"], &left["a.png"]), (&shown["a.jpg"], &shown["a.png"]));
    has_files(&open, "a.jpg", &[("a.jpg", Role::Photo), ("a.cr2", Role::Raw)]);
    home.put("a.JPG", 1);
    assert_eq!(open.has(&["a.JPG", "a.jpg", "a.png"]), shown);
}

#[test]
fn a_jpeg_that_breaks_gives_way_to_its_raw_picture() {
    let home = Home::with(&["a.jpg", "a.cr2"]);
    let (open, before) = home.index(&["a.jpg"]);
    let whole = photo(1);
    write(&home.path("a.jpg"), &whole[..whole.len() / 3]);
    let shown = open.has(&["a.cr2"]);
    assert_eq!(shown["a.cr2"].id, before["a.jpg"].id);
    assert_eq!(open.problems()["a.jpg"], "truncated");
    write(&home.path("a.jpg"), &whole);
    assert_eq!(open.has(&["a.jpg"]), before);
    assert_eq!(open.problems().len(), 0);
}

#[test]
fn moving_parts_are_found_by_all_the_names_that_phones_and_programs_give_them() {
    let pairs = [
        ("IMG_1.jpg", "IMG_1.MOV"),
        ("IMG_2.jpg", "IMG_2_HEVC.MOV"),
        ("IMG_3.jpg", "IMG_3.jpg.MOV"),
        ("IMG_4.jpeg", "IMG_4.jpeg.mp4"),
        ("PXL_5.MP.jpg", "PXL_5.MP"),
        ("PXL_6.MP.jpg", "PXL_6.MP.mp4"),
    ];
    let home = Home::with(&pairs.map(|(name, _)| name));
    for (number, (_, moving)) in pairs.iter().enumerate() {
        write(&home.path(moving), format!("film {number}").as_bytes());
    }
    write(&home.path("alone_HEVC.MOV"), b"a film");
    let (open, _) = home.index(&pairs.map(|(name, _)| name));
    for (name, moving) in pairs {
        has_files(&open, name, &[(name, Role::Photo), (moving, Role::Motion)]);
    }
    assert!(open.problems().is_empty(), "a film is no problem");
    let others = open.library.index_status().other;
    assert_eq!((others.get(&OtherKind::Motion), others.get(&OtherKind::Video)), (Some(&6), Some(&1)));
    home.remove("IMG_1.jpg");
    wait_for("a film by itself", || {
        (open.library.index_status().other.get(&OtherKind::Video) == Some(&2)).then_some(())
    });
    assert!(open.problems().is_empty() && open.id("IMG_1.MOV").is_none());
}
