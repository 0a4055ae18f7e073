//! What the library knows about a photo: from its EXIF and XMP, from files beside it, from its name.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use fotonovela_core::decoder::{DecodeOrder, Encoding, FilePart, worker};
use fotonovela_core::error::Error;
use fotonovela_core::image::metadata;
use fotonovela_core::pixels::Orientation;
use fotonovela_core::types::{DateSource, OtherKind, PhotoDetail, Role};

use crate::home::{Home, Open, replace, touch};
use crate::support::{Exif, Exposed, all_tiles, jpeg, photo, png, scene, wait_for, with_segment, write, xmp};

fn detail(open: &Open, name: &str) -> PhotoDetail {
    open.library.photo(open.id(name).unwrap()).unwrap()
}

/// Waits until a photo is as wanted, and that nothing was read anew for it.
fn becomes(open: &Open, name: &str, what: &str, wanted: impl Fn(&PhotoDetail) -> bool) -> PhotoDetail {
    let finished = open.finished();
    let detail = wait_for(what, || Some(detail(open, name)).filter(|detail| wanted(detail)));
    open.idle();
    assert_eq!(open.finished(), finished, "nothing is decoded or embedded for it");
    detail
}

#[test]
fn a_photo_tells_its_zone_lens_and_exposure() {
    let home = Home::new();
    let exif = Exif {
        taken: Some("2024:05:17 18:30:05"),
        zone: Some("-03:30"),
        model: Some("X100"),
        lens: Some("23 mm F2"),
        exposure: Some(Exposed { seconds: [1, 250], aperture: [28, 10], iso: 800, focal_mm: [23, 1] }),
        ..Exif::default()
    };
    write(&home.path("a.jpg"), &exif.in_jpeg(&photo(1)));
    write(&home.path("IMG_20200101_000000.jpg"), &photo(2));
    let (open, _) = home.index(&["a.jpg", "IMG_20200101_000000.jpg"]);
    let told = detail(&open, "a.jpg");
    assert_eq!((told.tile.taken_at, told.zone), (1_715_970_605_000, Some(-210)));
    assert_eq!((told.date_source, told.lens.as_deref()), (DateSource::Exif, Some("23 mm F2")));
    let exposure = told.exposure;
    assert_eq!((exposure.seconds, exposure.aperture), (Some(1.0 / 250.0), Some(2.8)));
    assert_eq!((exposure.iso, exposure.focal_mm), (Some(800), Some(23.0)));
    assert_eq!((told.rating, told.keywords.len(), told.files.len()), (None, 0, 1));
    let named = detail(&open, "IMG_20200101_000000.jpg");
    assert_eq!((named.tile.taken_at, named.zone), (1_577_836_800_000, None));
    assert_eq!(named.date_source, DateSource::Name);
}

#[test]
fn the_camera_s_small_picture_stands_in_until_there_is_a_thumbnail() {
    let small = jpeg(&scene(1, 160, 120));
    let home = Home::new();
    let exif = Exif { orientation: Some(6), preview: Some(&small), ..Exif::default() };
    write(&home.path("a.jpg"), &exif.in_jpeg(&photo(1)));
    home.put("b.jpg", 2);
    let (open, _) = home.index(&["a.jpg", "b.jpg"]);
    let preview = open.library.preview(open.id("a.jpg").unwrap()).unwrap();
    assert!(!preview.ends_with(&small[2..]), "nothing of the file itself reaches the window");
    let order = DecodeOrder {
        side: 160,
        encoded: Some(Encoding::Png),
        square: None,
        pixels: false,
        facts: false,
        part: FilePart::Photo,
    };
    let shown = worker::make("preview", &preview, order).unwrap().encoded.unwrap();
    assert_eq!((shown.width, shown.height), (120, 160), "upright");
    let error = open.library.preview(open.id("b.jpg").unwrap()).unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error}");
}

#[test]
fn satellites_tell_the_zone_where_the_camera_does_not() {
    let zone = |taken, zone, day, time| {
        let exif = Exif { taken: Some(taken), zone, gps_time: Some((day, time)), ..Exif::default() };
        metadata::read(&exif.in_jpeg(&photo(1)), Path::new("a.jpg")).facts.taken.unwrap().zone
    };
    assert_eq!(zone("2024:05:17 18:30:05", None, "2024:05:17", [16, 30, 20]), Some(120));
    assert_eq!(
        zone("2024:05:17 01:15:05", None, "2024:05:16", [19, 30, 0]),
        Some(345),
        "Nepal, the next day"
    );
    assert_eq!(zone("2024:05:17 18:30:05", Some("+01:00"), "2024:05:17", [16, 30, 0]), Some(60));
    assert_eq!(zone("2024:05:17 18:30:05", None, "2024:05:17", [16, 37, 0]), None, "an old position");
    assert_eq!(zone("2024:05:17 18:30:05", None, "2024:01:01", [16, 30, 0]), None);
    assert_eq!(zone("2024:05:17 18:30:05", Some("soon"), "never", [99, 99, 99]), None);
}

#[test]
fn xmp_inside_a_photo_is_read_in_every_format() {
    let packet = xmp("xmp:Rating='5' xmp:CreateDate='2021-02-03T04:05:06+01:00'", &["Cola", "sofa"]);
    let segment = [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat();
    let mut itxt = [b"iTXtXML:com.adobe.xmp\0\0\0\0\0", packet.as_bytes()].concat();
    let length = u32::try_from(itxt.len() - 4).unwrap().to_be_bytes();
    let sum = crc(&itxt).to_be_bytes();
    itxt.splice(0..0, length);
    itxt.extend(sum);
    let plain = png(&scene(2, 320, 240));
    let home = Home::new();
    write(&home.path("a.jpg"), &with_segment(&photo(1), 0xE1, &segment));
    write(&home.path("b.png"), &[&plain[..33], &itxt, &plain[33..]].concat());
    let (open, _) = home.index(&["a.jpg", "b.png"]);
    for name in ["a.jpg", "b.png"] {
        let told = detail(&open, name);
        assert_eq!((told.rating, told.keywords), (Some(5), vec!["Cola".to_owned(), "sofa".to_owned()]));
        assert_eq!((told.tile.taken_at, told.zone), (1_612_325_106_000, Some(60)));
        assert_eq!(told.date_source, DateSource::Xmp);
    }
}

/// The check sum of a PNG chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 })
    })
}

#[test]
fn a_sidecar_that_comes_changes_and_goes_is_followed_without_reading_the_photo_again() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    touch(&home.path("a.jpg"), SystemTime::UNIX_EPOCH + Duration::from_secs(1_500_000_000));
    write(&home.path("lone.xmp"), xmp("xmp:Rating='1'", &[]).as_bytes());
    let (open, before) = home.index(&["a.jpg", "b.jpg"]);
    assert_eq!(detail(&open, "a.jpg").date_source, DateSource::File);

    let packet = xmp("xmp:Rating='4' xmp:CreateDate='2019-08-07'", &["Cola"]);
    write(&home.path("a.jpg.xmp"), packet.as_bytes());
    let told = becomes(&open, "a.jpg", "the sidecar's rating", |detail| detail.rating == Some(4));
    assert_eq!((told.date_source, told.tile.taken_at), (DateSource::Xmp, 1_565_136_000_000));
    assert_eq!(told.keywords, ["Cola"]);
    let roles: Vec<_> = told.files.iter().map(|file| (file.path.clone(), file.role)).collect();
    assert_eq!(roles, [(home.path("a.jpg"), Role::Photo), (home.path("a.jpg.xmp"), Role::Sidecar)]);
    assert_eq!(told.tile.id, before["a.jpg"].id);

    replace(&home.path("a.jpg.xmp"), xmp("xmp:Rating='-1'", &["snow"]).as_bytes());
    let told = becomes(&open, "a.jpg", "the new rating", |detail| detail.rating == Some(-1));
    assert_eq!((told.date_source, told.keywords), (DateSource::File, vec!["snow".to_owned()]));

    home.rename("a.jpg.xmp", "B.xmp");
    let told = becomes(&open, "b.jpg", "the rating of the other", |detail| detail.rating == Some(-1));
    assert_eq!(told.files.len(), 2);
    let told = becomes(&open, "a.jpg", "no rating", |detail| detail.rating.is_none());
    assert_eq!((told.files.len(), told.keywords.len()), (1, 0));
    home.remove("B.xmp");
    becomes(&open, "b.jpg", "no rating again", |detail| detail.rating.is_none());

    write(&home.path("b.jpg.xmp"), b"<half of a");
    becomes(&open, "b.jpg", "a sidecar that tells nothing", |detail| detail.files.len() == 2);
    assert_eq!(open.problems().len(), 0, "neither sidecars nor lone XMP are problems");
    assert_eq!(open.has(&["a.jpg", "b.jpg"]), before);
    assert_eq!(open.library.index_status().failed, 0);
}

#[test]
fn a_sidecar_names_the_photo_that_it_belongs_to() {
    let home = Home::with(&["a.jpg"]);
    write(&home.path("a.png"), &png(&scene(9, 320, 240)));
    write(&home.path("A.PNG.xmp"), xmp("xmp:Rating='2'", &[]).as_bytes());
    write(&home.path("a.xmp"), xmp("xmp:Rating='3'", &[]).as_bytes());
    write(&home.path("a.webp.xmp"), xmp("xmp:Rating='5'", &[]).as_bytes());
    let (open, _) = home.index(&["a.jpg", "a.png"]);
    assert_eq!((detail(&open, "a.png").rating, detail(&open, "a.jpg").rating), (Some(2), Some(3)));
    assert_eq!(open.problems().len(), 0);
    assert_eq!(open.library.index_tally().0.found, 2, "XMP is no photo");
}

#[test]
fn sidecars_stay_with_a_photo_that_is_moved_edited_or_read_again() {
    let home = Home::with(&["a.jpg"]);
    write(&home.path("a.xmp"), xmp("xmp:Rating='3'", &["Cola"]).as_bytes());
    let (open, before) = home.index(&["a.jpg"]);
    assert_eq!(detail(&open, "a.jpg").rating, Some(3));
    home.put("a.jpg", 50);
    wait_for("the edit", || {
        open.complete().filter(|shown| shown["a.jpg"].thumbnail != before["a.jpg"].thumbnail)
    });
    assert_eq!(detail(&open, "a.jpg").rating, Some(3));
    drop(open);
    std::fs::create_dir(home.path("trip")).unwrap();
    home.rename("a.jpg", "trip/z.jpg");
    home.rename("a.xmp", "trip/z.xmp");
    let open = home.open();
    assert_eq!(open.has(&["trip/z.jpg"])["trip/z.jpg"].id, before["a.jpg"].id);
    assert_eq!((detail(&open, "trip/z.jpg").rating, open.finished()), (Some(3), 0));
}

#[test]
fn a_library_of_the_first_version_is_looked_at_once_more_and_embeds_nothing() {
    let home = Home::new();
    let exif = Exif { taken: Some("2024:05:17 18:30:05"), zone: Some("+02:00"), ..Exif::default() };
    write(&home.path("a.jpg"), &exif.in_jpeg(&photo(1)));
    write(&home.path("a.mov"), b"a film");
    write(&home.path("b.jpg"), &photo(2));
    write(&home.path("notes.txt"), b"text");
    write(&home.path("drawing.psd"), b"layers");
    let (open, before) = home.index(&["a.jpg", "b.jpg"]);
    drop(open);
    let known = to_first_version(&home.data().join("catalog.sqlite"));
    assert_eq!(known, 5);

    let open = home.open();
    assert_eq!(open.has(&["a.jpg", "b.jpg"]), before, "the same photos, thumbnails and vectors");
    assert_eq!(open.finished(), 0);
    let told = detail(&open, "a.jpg");
    assert_eq!((told.zone, told.files.len()), (Some(120), 2));
    let problems = open.problems();
    assert_eq!(
        problems.keys().collect::<Vec<_>>(),
        ["drawing.psd"],
        "the film has found its photo, text is no problem"
    );
    assert_eq!(problems["drawing.psd"], "unsupported format=.psd");
    let others = open.library.index_status().other;
    assert_eq!(others, BTreeMap::from([(OtherKind::Motion, 1), (OtherKind::Document, 1)]));
    assert_eq!(open.library.index_tally().0.unchanged, 3);
    let revision = open.library.catalog().revision();
    drop(open);
    let open = home.open();
    open.has(&["a.jpg", "b.jpg"]);
    assert_eq!(open.library.catalog().revision(), revision, "once is enough");
}

/// Makes a catalogue what the first version would have written. Answers how many files it knows.
fn to_first_version(path: &Path) -> i64 {
    let old = path.with_extension("old");
    let sql = rusqlite::Connection::open(&old).unwrap();
    sql.execute_batch(include_str!("../../core/migrations/0001_initial.sql")).unwrap();
    sql.pragma_update(None, "foreign_keys", false).unwrap();
    sql.execute("ATTACH ?1 AS now", [path.to_str().unwrap()]).unwrap();
    for (table, columns) in [
        ("folders", "id, path, offline, message, added_at"),
        (
            "photos",
            "id, content, file, format, width, height, taken_at, date_source, camera, latitude, longitude, color,
             thumbnail",
        ),
        ("files", "id, folder, photo, path, size, modified, content, problem, gone_since"),
        ("embeddings", "photo, model, vector"),
    ] {
        // Of the log a photo had its own revision.
        let (into, from) = match table {
            "photos" => (
                format!("{columns}, revision"),
                format!("{columns}, (SELECT revision FROM now.changes WHERE kind = 0 AND id = photos.id)"),
            ),
            _ => (columns.to_owned(), columns.to_owned()),
        };
        sql.execute_batch(&format!("INSERT INTO {table} ({into}) SELECT {from} FROM now.{table}")).unwrap();
    }
    // It knew neither pairs nor what is kept with a file.
    sql.execute(
        "UPDATE files SET photo = NULL, problem = '.mov files cannot be shown yet' WHERE path LIKE '%.mov'",
        [],
    )
    .unwrap();
    for ending in ["txt", "psd"] {
        sql.execute(
            "UPDATE files SET problem = '.' || ?1 || ' files cannot be shown yet' WHERE path LIKE '%.' || ?1",
            [ending],
        )
        .unwrap();
    }
    sql.pragma_update(None, "user_version", 1).unwrap();
    let known = sql.query_row("SELECT COUNT(*) FROM files", [], |row| row.get(0)).unwrap();
    drop(sql);
    for ending in ["sqlite-wal", "sqlite-shm"] {
        let _ = std::fs::remove_file(path.with_extension(ending));
    }
    std::fs::rename(old, path).unwrap();
    known
}

#[test]
fn hostile_exif_costs_what_it_breaks_and_comes_to_an_end() {
    let picture = jpeg(&scene(5, 60, 40));
    let read = |tiff: &[u8]| {
        let block = [b"Exif\0\0", tiff].concat();
        metadata::read(&with_segment(&picture, 0xE1, &block), Path::new("a.jpg"))
    };
    // The first directory's link leads to itself, and so does the pointer to the camera's.
    let cyclic = b"II\x2a\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0";
    assert_eq!(read(cyclic).orientation, Orientation::from_exif(6));
    // An entry of four thousand million numbers, and a directory of 65535 entries.
    let huge = b"II\x2a\0\x08\0\0\0\x01\0\x0f\x01\x02\0\xff\xff\xff\xff\x10\0\0\0\0\0\0\0";
    assert_eq!(read(huge).facts.camera, None);
    assert_eq!(read(b"II\x2a\0\x08\0\0\0\xff\xff").facts.camera, None);
    let wild = Exif { make: Some("\u{7}Can\u{0}on"), model: Some(&"M".repeat(3000)), ..Exif::default() };
    let camera = read(&wild.tiff()).facts.camera.unwrap();
    assert!(camera.starts_with("Can") && camera.len() < 600, "{camera}");
    let mut bytes = Exif { model: Some("Z???"), ..Exif::default() }.tiff();
    let at = bytes.windows(4).position(|four| four == b"Z???").unwrap();
    bytes[at + 1..at + 4].fill(0xFF);
    assert_eq!(read(&bytes).facts.camera.as_deref(), Some("Zÿÿÿ"));
}

#[test]
fn photos_of_one_second_stand_in_the_order_of_their_parts_or_else_of_their_names() {
    let home = Home::new();
    for (seed, (name, taken)) in (1..).zip([
        ("z.jpg", "2023:08:13 09:26:39.094"),
        ("y.jpg", "2023:08:13 09:26:39.311"),
        ("x.jpg", "2023:08:13 09:26:39.128"),
        ("IMG_3.jpg", "2022:08:13 09:26:39"),
        ("IMG_1.jpg", "2022:08:13 09:26:39"),
        ("IMG_2.jpg", "2022:08:13 09:26:39"),
    ]) {
        let exif = Exif { taken: Some(taken), ..Exif::default() };
        write(&home.path(name), &exif.in_jpeg(&photo(seed)));
    }
    let (open, _) = home.index(&["z.jpg", "y.jpg", "x.jpg", "IMG_3.jpg", "IMG_1.jpg", "IMG_2.jpg"]);
    let names: Vec<_> = all_tiles(open.library.catalog()).into_iter().map(|tile| tile.name).collect();
    assert_eq!(names, ["y.jpg", "x.jpg", "z.jpg", "IMG_3.jpg", "IMG_2.jpg", "IMG_1.jpg"], "newest first");
}
