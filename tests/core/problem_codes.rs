//! Problems that were kept as sentences become codes, and none of them is lost.

use std::path::Path;

use fotonovela_core::catalog::Catalog;
use rusqlite::Connection;

const BEFORE: [&str; 7] = [
    include_str!("../../core/migrations/0001_initial.sql"),
    include_str!("../../core/migrations/0002_metadata.sql"),
    include_str!("../../core/migrations/0003_folders.sql"),
    include_str!("../../core/migrations/0004_favourites.sql"),
    include_str!("../../core/migrations/0005_edits.sql"),
    include_str!("../../core/migrations/0006_changes.sql"),
    include_str!("../../core/migrations/0007_tray.sql"),
];

/// What was kept, what it is now, and whether the file is read again.
const KEPT: [(&str, &str, bool); 18] = [
    (
        ".psd files cannot be shown yet. JPEG, HEIC, AVIF, JPEG XL, PNG, WebP, GIF, TIFF, BMP, QOI and RAW photos can",
        "unsupported format=.psd",
        false,
    ),
    (".mov files cannot be shown yet", "unsupported format=.mov", false),
    ("Such files cannot be shown yet. JPEG, HEIC and RAW photos can", "unsupported_kind", false),
    ("the file is empty. It may still be downloading or copying", "empty", false),
    ("the file is cut off: its end is missing. Copy it again from where it came from", "truncated", false),
    (
        "the file is damaged (its content is not a picture). Copy it again from where it came from",
        "not_a_picture",
        false,
    ),
    (
        "the file is damaged (bad table (7)). Copy it again from where it came from",
        "corrupt detail=bad table (7)",
        false,
    ),
    (
        "the picture is too large: 50000 x 40000 pixels, and the limit is 512 megapixels",
        "too_large height=40000 megapixels=512 width=50000",
        false,
    ),
    ("the file is too large: more than 2048 MB", "file_too_large megabytes=2048", false),
    (
        "decoding it crashed the decoder (signal 11); the file was set aside",
        "decoder_crashed detail=signal 11",
        false,
    ),
    ("decoding it took longer than 30 s; the file was set aside", "decoder_too_slow seconds=30", false),
    (
        "decoding it needed more than 4096 MB of memory; the file was set aside",
        "decoder_too_hungry megabytes=4096",
        false,
    ),
    ("reading it failed inside Fotonovela; this is a fault of ours", "failed_inside", false),
    ("its name is not valid UTF-8. Rename it", "name_not_utf8", false),
    ("it cannot be read. Allow your user to read it", "forbidden", false),
    (
        "this HEIC photo needs something that Fotonovela cannot do yet: dependent slice segments",
        "unknown detail=this HEIC photo needs something that Fotonovela cannot do yet: dependent slice segments",
        true,
    ),
    (
        "it could not be read: Input/output error (os error 5)",
        "unknown detail=it could not be read: Input/output error (os error 5)",
        true,
    ),
    ("", "unknown detail=", true),
];

fn write_before(path: &Path) {
    let sql = Connection::open(path).unwrap();
    for migration in BEFORE {
        sql.execute_batch(migration).unwrap();
    }
    sql.pragma_update(None, "user_version", BEFORE.len()).unwrap();
    sql.execute("INSERT INTO folders (path, added_at) VALUES ('/photos', 0)", []).unwrap();
    for (number, (sentence, ..)) in KEPT.iter().enumerate() {
        let row = (format!("/photos/{number:02}.jpg"), sentence);
        sql.execute(
            "INSERT INTO files (folder, path, size, modified, problem) VALUES (1, ?1, 9, 77, ?2)",
            row,
        )
        .unwrap();
    }
    sql.execute("INSERT INTO files (folder, path, size, modified) VALUES (1, '/photos/well.jpg', 9, 77)", [])
        .unwrap();
}

#[test]
fn sentences_of_older_versions_become_codes_or_their_files_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalog.sqlite");
    write_before(&path);
    let catalog = Catalog::open(&path).unwrap();
    let problems = catalog.problems(None).unwrap();
    drop(catalog);
    let sql = Connection::open(&path).unwrap();
    let mut modified = sql.prepare("SELECT modified FROM files ORDER BY path").unwrap();
    let modified = modified.query_map([], |row| row.get::<_, i64>(0)).unwrap();
    let modified: Vec<_> = modified.map(Result::unwrap).collect();
    assert_eq!((problems.len(), modified.len()), (KEPT.len(), KEPT.len() + 1));
    for ((problem, (sentence, reason, again)), modified) in problems.iter().zip(KEPT).zip(&modified) {
        assert_eq!(problem.reason.to_string(), reason);
        assert_eq!(*modified, if again { -1 } else { 77 }, "{sentence}");
    }
    assert_eq!(modified.last(), Some(&77), "a file without a problem is left alone");
}
