//! `fotonovela thumbnail`.

use crate::program::{Program, keys, one_object, stderr, text};
use crate::support;

#[test]
fn a_thumbnail_is_what_the_grid_shows() {
    let program = Program::with(&[]);
    let stored = support::scene(1, 1200, 800);
    let turned =
        support::Exif { orientation: Some(6), ..support::Exif::default() }.in_jpeg(&support::jpeg(&stored));
    // The name says nothing of the kind.
    support::write(&program.root().join("photo"), &turned);
    let answer = program.json(&["thumbnail", "photo", "--out", "small/thumbnail.jpg"]);
    let out = program.root().join("small/thumbnail.jpg");
    assert_eq!(answer["out"], text(&out));
    assert_eq!(keys(&answer), ["bytes", "out"]);
    let bytes = std::fs::read(&out).unwrap();
    assert_eq!(answer["bytes"], bytes.len());
    assert_eq!(image::guess_format(&bytes).unwrap(), image::ImageFormat::Jpeg);
    let picture = image::load_from_memory(&bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (341, 512), "upright, and of the grid's size");
    assert!(!program.library().exists(), "no library is opened");

    program.json(&["thumbnail", "photo", "--out", "small/thumbnail.jpg", "--size", "100"]);
    let picture = image::open(&out).unwrap();
    assert_eq!((picture.width(), picture.height()), (67, 100), "replaced by another size");
}

#[test]
fn what_is_no_photo_is_refused_and_nothing_is_written() {
    let program = Program::with(&[]);
    support::write(&program.root().join("notes.txt"), b"milk, bread");
    for (image, told) in [("notes.txt", ".txt files cannot be shown"), ("missing.jpg", "missing.jpg")] {
        let output = program.run(&["thumbnail", image, "--out", "out.jpg", "--json"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
        assert!(one_object(&output)["error"]["message"].as_str().unwrap().contains(told));
    }
    assert!(!program.root().join("out.jpg").exists());
    for out in ["out", "out.png", "out.jpg.txt"] {
        let output = program.run(&["thumbnail", "notes.txt", "--out", out]);
        assert_eq!(output.status.code(), Some(2), "{out}: an ending that says another kind");
    }
    let zero = program.run(&["thumbnail", "notes.txt", "--out", "out.jpg", "--size", "0"]);
    assert_eq!(zero.status.code(), Some(2), "a wrong argument");
}

#[test]
fn neither_the_photo_nor_another_of_the_library_is_written_over() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    program.index();
    std::os::unix::fs::symlink(program.photos().join("a.jpg"), program.root().join("link.jpg")).unwrap();
    let before = ["a.jpg", "b.jpg"].map(|name| std::fs::read(program.photos().join(name)).unwrap());
    for out in ["photos/a.jpg", "photos/./b.jpg", "link.jpg"] {
        let output = program.run(&["thumbnail", "photos/a.jpg", "--out", out]);
        assert_eq!(output.status.code(), Some(1), "{out}");
        assert!(stderr(&output).contains("never written over"), "{}", stderr(&output));
    }
    let after = ["a.jpg", "b.jpg"].map(|name| std::fs::read(program.photos().join(name)).unwrap());
    assert!(before == after);
    program.json(&["thumbnail", "photos/a.jpg", "--out", "photos/new.jpg"]);
}

#[test]
fn what_is_not_a_file_of_a_sane_size_is_refused_at_once() {
    let program = Program::with(&[]);
    let huge = std::fs::File::create(program.root().join("huge.jpg")).unwrap();
    huge.set_len(3 << 30).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(program.root().join("pipe.jpg")).status().unwrap();
    assert!(pipe.success());
    for (image, told) in [("huge.jpg", "too large"), ("pipe.jpg", "a pipe")] {
        let output = program.run(&["thumbnail", image, "--out", "out.jpg"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
    }
}
