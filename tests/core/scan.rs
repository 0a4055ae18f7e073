//! What a library finds in its folders when it looks: at the start, when a folder is added, and after it was closed.

use std::time::{Duration, SystemTime};

use fotonovela_core::error::Error;
use fotonovela_core::library::Library;
use fotonovela_core::platform::resources;
use fotonovela_core::types::{DateSource, ErrorCode, Event, FolderState, IndexState};

use crate::home::{Home, options, touch, wild_name};
use crate::support::{Exif, all_tiles, holds_for, jpeg, photo, png, scene, wait_for, write};

#[test]
fn photos_appear_newest_first_with_their_facts() {
    let home = Home::new();
    let dated = |taken| Exif { taken: Some(taken), ..Exif::default() };
    write(&home.path("middle.jpg"), &dated("2023:05:05 10:00:00").in_jpeg(&photo(1)));
    write(&home.path("2019/oldest.jpg"), &dated("2019:01:01 10:00:00").in_jpeg(&photo(2)));
    let turned = Exif {
        orientation: Some(6),
        make: Some("Canon"),
        model: Some("Canon EOS R6"),
        gps: Some([([40, 25, 12], 'N'), ([3, 42, 0], 'W')]),
        ..dated("2024:05:17 18:30:05")
    };
    write(&home.path("newest.jpg"), &turned.in_jpeg(&photo(3)));
    write(&home.path("undated.png"), &png(&scene(4, 100, 50)));
    touch(&home.path("undated.png"), SystemTime::UNIX_EPOCH + Duration::from_secs(1_500_000_000));

    let (open, _) = home.index(&["2019/oldest.jpg", "middle.jpg", "newest.jpg", "undated.png"]);
    let order: Vec<_> = open.tiles().into_iter().map(|(name, _)| name).collect();
    assert_eq!(order, ["newest.jpg", "middle.jpg", "2019/oldest.jpg", "undated.png"]);
    assert_eq!(open.folder().photos, 4);

    let newest = open.library.photo(open.id("newest.jpg").unwrap()).unwrap();
    assert_eq!((newest.tile.width, newest.tile.height), (240, 320), "sizes are as seen upright");
    assert_eq!(newest.tile.taken_at, 1_715_970_605_000);
    assert_eq!((newest.date_source, newest.camera.as_deref()), (DateSource::Exif, Some("Canon EOS R6")));
    let gps = newest.gps.unwrap();
    assert!((gps.latitude - 40.42).abs() < 1e-6 && (gps.longitude + 3.7).abs() < 1e-6, "{gps:?}");
    assert!(newest.tile.embedded && newest.problem.is_none() && newest.copies.is_empty());
    let undated = open.library.photo(open.id("undated.png").unwrap()).unwrap();
    assert_eq!((undated.date_source, undated.format.as_str()), (DateSource::File, "PNG"));
    assert_eq!((undated.tile.width, undated.tile.height), (100, 50));

    let status = wait_for("a status of four", || {
        let status = open.library.index_status();
        (status.embedded == 4 && status.state == IndexState::Idle).then_some(status)
    });
    assert_eq!((status.photos, status.thumbnails, status.failed, status.trouble), (4, 4, 0, None));
    let events = open.events.lock().unwrap();
    assert!(events.iter().any(|event| matches!(event, Event::Photos { revision } if *revision > 0)));
    assert!(events.iter().any(|event| matches!(event, Event::Folders)));
}

#[test]
fn a_restart_shows_all_at_once_and_embeds_nothing_again() {
    let home = Home::with(&["a.jpg", "b.jpg", "sub/c.jpg"]);
    let (open, before) = home.index(&["a.jpg", "b.jpg", "sub/c.jpg"]);
    drop(open);
    let library = Library::open(options(home.data(), resources::folder())).unwrap();
    let tiles = all_tiles(library.catalog());
    assert_eq!(tiles.len(), 3, "before anything was looked at");
    assert!(tiles.iter().all(|tile| tile.thumbnail.is_some() && library.thumbnail(tile.id).is_ok()));
    drop(library);
    let open = home.open();
    assert_eq!(open.has(&["a.jpg", "b.jpg", "sub/c.jpg"]), before);
    assert_eq!(open.finished(), 0);
    assert_eq!(open.library.index_tally().0.found, 3);
}

#[test]
fn changes_while_the_library_was_closed_are_found() {
    let names = ["a.jpg", "b.jpg", "c.jpg", "album/d.jpg", "album/deep/e.jpg"];
    let home = Home::with(&names);
    let (open, before) = home.index(&names);
    drop(open);
    home.rename("a.jpg", "renamed.jpg");
    home.rename("album", "moved");
    home.put("b.jpg", 50);
    home.remove("c.jpg");
    home.put("new.jpg", 51);

    let open = home.open();
    let after = open.has(&["renamed.jpg", "b.jpg", "new.jpg", "moved/d.jpg", "moved/deep/e.jpg"]);
    for (new, old) in
        [("renamed.jpg", "a.jpg"), ("moved/d.jpg", "album/d.jpg"), ("moved/deep/e.jpg", "album/deep/e.jpg")]
    {
        assert_eq!(after[new], before[old], "{new} is the same photo");
    }
    assert_eq!(after["b.jpg"].id, before["b.jpg"].id, "an edit keeps the photo");
    assert_ne!(after["b.jpg"].thumbnail, before["b.jpg"].thumbnail);
    assert_ne!(after["b.jpg"].vector, before["b.jpg"].vector);
    assert_eq!(open.finished(), 2, "only the edited and the new one are read");
}

#[test]
fn two_copies_are_one_photo_with_two_files() {
    let home = Home::with(&["a.jpg"]);
    home.put("copy.jpg", 1);
    let open = home.open();
    open.library.add_folders(&[home.photos()]).unwrap();
    let copies = wait_for("one photo with a copy", || {
        let [(_, id)] = open.tiles()[..] else { return None };
        let detail = open.library.photo(id).ok()?;
        (detail.copies.len() == 1).then(|| [vec![detail.path], detail.copies].concat())
    });
    assert!(copies.contains(&home.path("a.jpg")) && copies.contains(&home.path("copy.jpg")), "{copies:?}");
    open.idle();
    assert_eq!(open.library.index_status().failed, 0);
}

#[test]
fn a_folder_that_was_removed_and_added_again_is_all_there_with_the_same_ids() {
    let names = ["a.jpg", "b.jpg", "sub/c.jpg"];
    let home = Home::with(&names);
    let (open, before) = home.index(&names);
    open.library.remove_folder(open.folder().id).unwrap();
    assert_eq!(open.names(), [""; 0]);
    assert!(open.library.catalog().folders().unwrap().is_empty());
    assert!(home.path("a.jpg").is_file(), "files stay untouched");

    open.library.add_folders(&[home.photos()]).unwrap();
    assert_eq!(open.has(&names), before);
    let status = wait_for("no photo is counted twice", || {
        let status = open.library.index_status();
        (status.state == IndexState::Idle && status.photos == 3).then_some(status)
    });
    assert_eq!((status.thumbnails, status.embedded), (3, 3));
}

#[test]
fn hidden_system_and_own_files_are_left_out() {
    let home = Home::with(&["a.jpg"]);
    let left_out =
        [".hidden.jpg", ".trash/b.jpg", "@eaDir/c.jpg", "x/#recycle/d.jpg", "Thumbs.db", "x/desktop.ini"];
    for (seed, name) in (10..).zip(left_out) {
        home.put(name, seed);
    }
    // The data folder lies inside the folder of photos, and holds pictures.
    let data = home.path("fotonovela");
    write(&data.join("comics/comic.png"), &png(&scene(30, 40, 40)));
    let library = Library::open(options(data, resources::folder())).unwrap();
    library.start_indexing(true).unwrap();
    library.add_folders(&[home.photos()]).unwrap();
    library.wait_until_indexed(&fotonovela_core::task::CancelToken::default());
    let tiles = all_tiles(library.catalog());
    assert_eq!(tiles.iter().map(|tile| tile.name.as_str()).collect::<Vec<_>>(), ["a.jpg"]);
    assert_eq!(library.catalog().problems(None).unwrap(), []);
    assert_eq!(library.index_tally().0.found, 1);
}

#[test]
fn another_library_in_the_folder_is_left_out() {
    let home = Home::with(&["a.jpg"]);
    for (seed, name) in (10..).zip(["other/thumbnails/b.jpg", "other/comics/c.jpg"]) {
        home.put(name, seed);
    }
    write(&home.path("other/catalog.sqlite"), b"");
    write(&home.path("other/installation"), b"");
    let (open, _) = home.index(&["a.jpg"]);
    assert_eq!((open.names().len(), open.problems().len()), (1, 0));
}

#[test]
fn what_is_no_photo_is_listed_with_its_reason() {
    let home = Home::with(&["good.jpg"]);
    write(&home.path("drawing.psd"), b"layers");
    write(&home.path("scan.tiff"), b"II\x2a\0\x08\0\0\0\0\0\0\0");
    write(&home.path("fake.jpg"), b"this is no picture at all");
    write(&home.path("empty.jpg"), b"");
    let whole = photo(2);
    write(&home.path("cut.jpg"), &whole[..whole.len() / 2]);
    let (open, _) = home.index(&["good.jpg"]);
    let problems = wait_for("five problems", || Some(open.problems()).filter(|problems| problems.len() == 5));
    assert_eq!(problems["drawing.psd"], "unsupported format=.psd");
    assert_eq!(problems["scan.tiff"], "truncated");
    assert_eq!(problems["empty.jpg"], "empty");
    assert_eq!(problems["cut.jpg"], "truncated");
    assert_eq!(problems["fake.jpg"], "not_a_picture", "JPEG can be shown");
    wait_for("the count", || (open.library.index_status().failed == 5).then_some(()));
    assert_eq!(open.finished(), 1);

    // Once mended, a file is a photo like any other.
    write(&home.path("cut.jpg"), &whole);
    open.has(&["good.jpg", "cut.jpg"]);
    assert!(!open.problems().contains_key("cut.jpg"));
}

#[test]
fn a_name_that_is_no_utf8_is_listed_and_not_looked_at_again_and_again() {
    let home = Home::with(&["good.jpg"]);
    write(&home.photos().join(wild_name()), &photo(7));
    let (open, _) = home.index(&["good.jpg"]);
    let problems = open.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    let (path, reason) = problems.first_key_value().unwrap();
    assert!(path.starts_with("caf") && reason == "name_not_utf8", "{path}: {reason}");
    drop(open);
    let open = home.open();
    open.has(&["good.jpg"]);
    assert_eq!(open.problems(), problems);
}

#[test]
fn links_to_photos_are_photos_and_links_to_folders_are_not_followed() {
    let home = Home::with(&["a.jpg"]);
    let outside = home.root().join("outside");
    write(&outside.join("b.jpg"), &photo(2));
    std::os::unix::fs::symlink(&outside, home.path("linked")).unwrap();
    std::os::unix::fs::symlink(outside.join("b.jpg"), home.path("c.jpg")).unwrap();
    std::os::unix::fs::symlink(home.photos(), home.path("loop")).unwrap();
    std::os::unix::fs::symlink(outside.join("nowhere.jpg"), home.path("d.jpg")).unwrap();
    let (open, _) = home.index(&["a.jpg", "c.jpg"]);
    holds_for(Duration::from_millis(600), "these two", || open.names().len() == 2);
    assert_eq!(open.problems().len(), 0);
}

#[test]
fn a_folder_in_a_folder_shows_each_photo_once() {
    let home = Home::with(&["a.jpg", "sub/b.jpg"]);
    let (open, before) = home.index(&["a.jpg", "sub/b.jpg"]);
    open.library.add_folders(&[home.path("sub"), home.photos()]).unwrap();
    assert_eq!(open.has(&["a.jpg", "sub/b.jpg"]), before);
    assert_eq!(open.finished(), 2);
    let folders = open.library.catalog().folders().unwrap();
    assert_eq!(folders.len(), 2);
    // Without the outer one, the inner one's photo stays; without the inner one, the outer one's does.
    open.library.remove_folder(folders[0].id).unwrap();
    assert_eq!(open.has(&["sub/b.jpg"])["sub/b.jpg"], before["sub/b.jpg"]);
    open.library.add_folders(&[home.photos()]).unwrap();
    open.has(&["a.jpg", "sub/b.jpg"]);
    open.library.remove_folder(folders[1].id).unwrap();
    assert_eq!(open.has(&["a.jpg", "sub/b.jpg"]), before);
    home.put("sub/new.jpg", 9);
    open.has(&["a.jpg", "sub/b.jpg", "sub/new.jpg"]);
}

#[test]
fn thumbnails_that_were_deleted_are_made_again() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    let (open, before) = home.index(&["a.jpg", "b.jpg"]);
    std::fs::remove_dir_all(home.data().join("thumbnails")).unwrap();
    let missing = open.library.thumbnail(before["a.jpg"].id).unwrap_err();
    assert_eq!(missing.code(), ErrorCode::NotFound);
    assert_eq!(open.has(&["a.jpg", "b.jpg"]), before);
    drop(open);
    // Also where no vector could be made again: the old ones stay.
    std::fs::remove_dir_all(home.data().join("thumbnails")).unwrap();
    let open = home.open_with(crate::faults::resources_without("models").path().to_owned());
    assert_eq!(open.has(&["a.jpg", "b.jpg"]), before);
}

#[test]
fn a_second_program_on_the_same_data_is_told_so() {
    let home = Home::with(&["a.jpg"]);
    let (open, _) = home.index(&["a.jpg"]);
    let second = Library::open(options(home.data(), resources::folder())).unwrap();
    let refused = second.start_indexing(true).unwrap_err();
    assert!(matches!(refused, Error::Locked(_)));
    assert_eq!(refused.reason().code, "library_locked");
    // It can still read, and takes over when the first is gone.
    assert_eq!(all_tiles(second.catalog()).len(), 1);
    drop(open);
    second.start_indexing(true).unwrap();
}

#[test]
fn an_unmounted_disk_at_the_start_is_no_deletion() {
    let names: Vec<_> = (0..12).map(|number| format!("{number:02}.jpg")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let home = Home::with(&names);
    let (open, before) = home.index(&names);
    drop(open);
    // The mount point is there and empty.
    let aside = home.root().join("aside");
    std::fs::rename(home.photos(), &aside).unwrap();
    std::fs::create_dir(home.photos()).unwrap();
    let open = home.open();
    let message = wait_for("a question", || {
        let folder = open.folder();
        (folder.state == FolderState::Asking).then(|| folder.message.unwrap())
    });
    assert_eq!(message.to_string(), "folder_asking asked=12 photos=12");
    assert_eq!(open.has(&names), before, "photos and thumbnails are kept");

    std::fs::remove_dir(home.photos()).unwrap();
    std::fs::rename(&aside, home.photos()).unwrap();
    open.online();
    assert_eq!(open.has(&names), before);
    assert_eq!(open.finished(), 0);
}

#[test]
fn a_folder_that_is_not_there_at_the_start_is_offline_and_comes_back() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    let (open, before) = home.index(&["a.jpg", "b.jpg"]);
    drop(open);
    let aside = home.root().join("aside");
    std::fs::rename(home.photos(), &aside).unwrap();
    let open = home.open();
    assert_eq!(open.offline(), "folder_gone");
    assert_eq!(open.has(&["a.jpg", "b.jpg"]), before);
    std::fs::rename(&aside, home.photos()).unwrap();
    open.online();
    assert_eq!(open.has(&["a.jpg", "b.jpg"]), before);
    assert_eq!(open.finished(), 0);
    // It is watched again too.
    home.put("c.jpg", 3);
    open.has(&["a.jpg", "b.jpg", "c.jpg"]);
}

#[test]
fn folders_that_cannot_be_added_are_refused_with_a_reason_and_none_is_added() {
    let home = Home::with(&["a.jpg"]);
    let open = home.open();
    let library = &open.library;
    let refused = |path| library.add_folders(&[home.photos(), path]).unwrap_err().reason().to_string();
    assert_eq!(
        refused(home.path("nowhere")),
        format!("folder_absent path={}", home.path("nowhere").display())
    );
    assert_eq!(refused(home.path("a.jpg")), format!("not_a_folder path={}", home.path("a.jpg").display()));
    assert!(refused(home.data()).starts_with("folder_own path="));
    assert!(library.catalog().folders().unwrap().is_empty());
    library.add_folders(&[home.photos()]).unwrap();
    library.add_folders(&[home.photos().join(".")]).unwrap();
    assert_eq!(open.folder().state, FolderState::Online, "twice is fine");
}

#[test]
fn deleted_while_it_is_indexed_is_simply_not_there() {
    let home = Home::new();
    for seed in 0..60 {
        home.put(&format!("{seed:02}.jpg"), 500 + seed);
    }
    let open = home.open();
    open.library.add_folders(&[home.photos()]).unwrap();
    for seed in (0..60).filter(|seed| seed % 6 == 0) {
        home.remove(&format!("{seed:02}.jpg"));
    }
    let left: Vec<_> = (0..60).filter(|seed| seed % 6 != 0).map(|seed| format!("{seed:02}.jpg")).collect();
    open.has(&left.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(open.problems().len(), 0, "a file that vanished is no problem");
}

#[test]
fn a_picture_with_an_ending_of_another_kind_is_told_by_its_content() {
    let home = Home::new();
    write(&home.path("png-in-disguise.jpg"), &png(&scene(1, 60, 60)));
    write(&home.path("no-ending"), &jpeg(&scene(2, 60, 60)));
    let (open, shown) = home.index(&["png-in-disguise.jpg", "no-ending"]);
    let format = |name: &str| open.library.photo(shown[name].id).unwrap().format;
    assert_eq!((format("png-in-disguise.jpg").as_str(), format("no-ending").as_str()), ("PNG", "JPEG"));
}
