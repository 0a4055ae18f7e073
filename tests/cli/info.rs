//! `fotonovela info`: the same of a photo in the library and outside.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::program::{Program, keys, stderr, text};
use crate::support::{self, Exif, Exposed};

fn told(program: &Program, path: &std::path::Path) -> Value {
    let answer = program.json(&["info", text(path)]);
    assert_eq!(answer["photos"].as_array().unwrap().len(), 1);
    answer["photos"][0].clone()
}

fn full() -> Vec<u8> {
    let exif = Exif {
        orientation: Some(6),
        taken: Some("2013:03:04 05:06:07"),
        zone: Some("+02:00"),
        make: Some("NIKON CORPORATION"),
        model: Some("NIKON D750"),
        lens: Some("50 mm"),
        exposure: Some(Exposed { seconds: [1, 250], aperture: [28, 10], iso: 400, focal_mm: [50, 1] }),
        gps: Some([([40, 25, 12], 'N'), ([3, 42, 0], 'W')]),
        ..Exif::default()
    };
    exif.in_jpeg(&support::photo(1))
}

#[test]
fn a_photo_tells_the_same_in_the_library_and_outside() {
    let program = Program::with(&[]);
    let photo = program.photos().join("a.jpg");
    support::write(&photo, &full());
    support::write(&program.photos().join("a.xmp"), support::xmp("xmp:Rating='4'", &["Cola"]).as_bytes());
    let outside = told(&program, &photo);
    program.index();
    let inside = told(&program, &photo);
    assert!(outside["id"].is_null() && inside["id"].is_u64());
    let mut same = inside.clone();
    same["id"] = Value::Null;
    assert_eq!(outside, same);
    let sidecar = program.photos().join("a.xmp");
    let expected = json!({
        "path": photo, "id": inside["id"], "format": "JPEG", "width": 240, "height": 320,
        "taken_at": "2013-03-04T05:06:07", "zone": "+02:00", "date_source": "exif", "camera": "NIKON D750",
        "lens": "50 mm", "exposure_s": 0.004, "aperture": 2.8, "iso": 400, "focal_mm": 50.0,
        "latitude": inside["latitude"], "longitude": inside["longitude"], "rating": 4, "keywords": ["Cola"],
        "description": null, "problem": null,
        "files": [{ "path": photo, "role": "photo" }, { "path": sidecar, "role": "sidecar" }],
    });
    assert_eq!(inside, expected);
    let (north, east) = (inside["latitude"].as_f64().unwrap(), inside["longitude"].as_f64().unwrap());
    assert!((north - 40.42).abs() < 1e-9 && (east + 3.7).abs() < 1e-9);
}

#[test]
fn without_json_it_is_told_in_lines() {
    let program = Program::with(&[]);
    support::write(&program.photos().join("a.jpg"), &full());
    let output = program.run(&["info", "photos/a.jpg", "photos/missing.jpg"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let lines = String::from_utf8(output.stdout).unwrap();
    for line in [
        "a.jpg",
        "taken: 2013-03-04 05:06:07 +02:00",
        "exposure: 1/250 s, f/2.8, 50 mm, ISO 400",
        "missing.jpg",
        "problem: ",
    ] {
        assert!(lines.contains(line), "{line} in {lines}");
    }
}

#[test]
fn what_cannot_be_read_has_a_problem_and_all_fields() {
    let program = Program::with(&["a.jpg"]);
    support::write(&program.photos().join("broken.jpg"), b"no picture");
    let names = ["a.jpg", "broken.jpg", "missing.jpg", "."].map(|name| program.photos().join(name));
    let before = program.json(&[&["info"], &names.each_ref().map(|name| text(name))[..]].concat());
    program.index();
    let after = program.json(&[&["info"], &names.each_ref().map(|name| text(name))[..]].concat());
    for answer in [before, after] {
        let photos = answer["photos"].as_array().unwrap();
        let codes: Vec<_> = photos.iter().map(|photo| photo["problem"]["code"].as_str()).collect();
        assert_eq!(codes[..3], [None, Some("not_a_picture"), Some("unreadable")]);
        assert!(codes[3].is_some(), "a folder is no photo");
        for photo in photos {
            assert_eq!(keys(photo).len(), 21, "{photo}");
        }
        assert!(photos[1]["problem"]["message"].as_str().unwrap().ends_with('.'));
    }
}

#[test]
fn the_time_of_a_file_counts_in_every_century() {
    let program = Program::with(&["a.jpg"]);
    let photo = program.photos().join("a.jpg");
    let day = Duration::from_secs(86_400);
    let date = |time| {
        std::fs::File::options().write(true).open(&photo).unwrap().set_modified(time).unwrap();
        let taken = program.run(&["index", "photos"]);
        assert!(taken.status.success());
        let told = told(&program, &photo);
        assert_eq!(told["date_source"], "file");
        told["taken_at"].as_str().unwrap()[..4].to_owned()
    };
    assert_eq!(date(SystemTime::UNIX_EPOCH - day * 365 * 5), "1965");
    assert_eq!(date(SystemTime::UNIX_EPOCH + day * 365 * 300), "2269");
    assert_eq!(date(SystemTime::UNIX_EPOCH + day * 365 * 310), "2279");
}

#[test]
fn a_copy_tells_what_its_own_name_says() {
    let program = Program::with(&[]);
    for name in ["IMG_20230506_220405.jpg", "IMG_20230607_220405.jpg"] {
        support::write(&program.photos().join(name), &support::photo(1));
    }
    program.index();
    let told = ["IMG_20230506_220405.jpg", "IMG_20230607_220405.jpg"].map(|name| {
        let told = told(&program, &program.photos().join(name));
        assert!(told["files"].as_array().unwrap().iter().all(|file| file["role"] == "photo"), "{told}");
        (told["taken_at"].as_str().unwrap().to_owned(), told["id"].clone())
    });
    assert_eq!((told[0].0.as_str(), told[1].0.as_str()), ("2023-05-06T22:04:05", "2023-06-07T22:04:05"));
    assert_eq!(told[0].1, told[1].1, "one photo");
    let both = |told: &serde_json::Value| told["files"].as_array().unwrap().len() == 2;
    assert!(
        ["IMG_20230506_220405.jpg", "IMG_20230607_220405.jpg"]
            .iter()
            .any(|name| both(&self::told(&program, &program.photos().join(name)))),
        "the copy is among the files of the shown one"
    );
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_told_of() {
    use std::os::unix::ffi::OsStrExt;

    let program = Program::with(&[]);
    let name = std::ffi::OsStr::from_bytes(b"a\xff.jpg");
    support::write(&program.photos().join(name), &support::photo(1));
    let output = program.command(&["info", "--json"]).arg(program.photos().join(name)).output().unwrap();
    let answer = crate::program::one_object(&output);
    assert_eq!(answer["photos"][0]["problem"]["code"], "name_not_utf8");
    assert_eq!(answer["photos"][0]["path"], text(&program.photos().join("a\u{fffd}.jpg")));
    let output = program.command(&["similar", "--json"]).arg(program.photos().join(name)).output().unwrap();
    assert_eq!(crate::program::one_object(&output)["query"], text(&program.photos().join("a\u{fffd}.jpg")));
    let corpus = program.json(&["corpus", "photos"]);
    assert_eq!((&corpus["files"], &corpus["decoded"]), (&json!(1), &json!(1)));
}
