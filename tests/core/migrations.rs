//! Catalogues as each earlier version wrote them (tests/fixtures/catalogues) come to the newest form with all they held.

use std::path::{Path, PathBuf};

use fotonovela_core::catalog::{Catalog, Mishap};
use fotonovela_core::types::{EditCode, FolderOptions, Kind, Mark, PhotoId, PointId, PointKind};
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

const VERSIONS: std::ops::RangeInclusive<u32> = 1..=5;
const MODEL: &str = "test@1";

fn stored(version: u32) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalog.sqlite");
    let dump = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../tests/fixtures/catalogues/version-{version}.sql"));
    Connection::open(&path).unwrap().execute_batch(&std::fs::read_to_string(dump).unwrap()).unwrap();
    (folder, path)
}

/// What every version held.
fn holds_all(catalog: &Catalog, version: u32) {
    let vectors = catalog.vectors_after((0, PointId(0)), i64::MAX, (MODEL, PointKind::Photos), 10).unwrap();
    let axis = |at: usize| (0..4).map(|n| if n == at { 1.0 } else { 0.0 }).collect::<Vec<f32>>();
    let vectors: Vec<_> = vectors.into_iter().map(|row| (row.photo, row.vector, row.path)).collect();
    let expected = [(1, 0, "/photos/cola.jpg"), (2, 1, "/photos/mouse.jpg"), (3, 2, "/disk/disk.jpg")]
        .map(|(photo, at, path)| (PhotoId(photo), axis(at), path.to_owned()));
    assert_eq!(vectors, expected, "version {version}");
    let gone = catalog.embedding(PhotoId(4), MODEL).unwrap();
    assert_eq!(gone, Some(axis(3)), "version {version}: what returns is not embedded again");
    holds_comic(catalog, version);
    assert_eq!(catalog.problems(None).unwrap().len(), 1, "version {version}");
}

fn holds_comic(catalog: &Catalog, version: u32) {
    let comics = catalog.comics().unwrap();
    let [comic] = comics.as_slice() else { panic!("version {version}: {comics:?}") };
    assert_eq!((comic.title.as_str(), comic.photos.as_slice()), ("Cola steals a mouse", &[PhotoId(1)][..]));
    assert_eq!(comic.versions[0].cost_usd, Some(0.07), "version {version}");
}

/// What the person did in the versions that could.
fn holds_what_the_person_did(catalog: &Catalog, version: u32) {
    let options = &catalog.roots().unwrap().into_iter().find(|root| root.id.0 == 1).unwrap().options;
    let chosen = FolderOptions {
        subfolders: false,
        exclude: vec!["*.tmp.jpg".into()],
        kinds: Some(vec![Kind::named("jpeg").unwrap(), Kind::named("heic").unwrap()]),
    };
    assert_eq!(*options, if version >= 3 { chosen } else { FolderOptions::default() }, "version {version}");
    let marked = if version >= 4 { vec![PhotoId(1), PhotoId(4)] } else { Vec::new() };
    let shown: Vec<_> = marked.iter().copied().filter(|photo| photo.0 == 1).collect();
    assert_eq!(catalog.marked(Mark::Favourite).unwrap(), shown, "version {version}: the other has no file");
    let edits: Vec<_> = catalog.edits().unwrap().into_iter().map(|edit| (edit.code, edit.undone)).collect();
    let done = [(EditCode::ComicDeleted, true), (EditCode::MarkSet, false)];
    assert_eq!(edits, if version >= 5 { done.to_vec() } else { Vec::new() }, "version {version}");
}

#[test]
fn a_catalogue_of_each_version_comes_with_all_it_held() {
    for version in VERSIONS {
        let (_folder, path) = stored(version);
        let catalog = Catalog::open(&path).unwrap();
        holds_all(&catalog, version);
        holds_what_the_person_did(&catalog, version);
        assert_eq!(catalog.is_paused().unwrap(), version >= 3);
        let ids: Vec<_> = crate::support::all_tiles(&catalog).iter().map(|tile| tile.id.0).collect();
        assert_eq!(ids, [3, 2, 1], "version {version}: newest first");
    }
}

#[test]
fn an_edit_of_an_earlier_version_can_be_undone() {
    let (_folder, path) = stored(5);
    let catalog = Catalog::open(&path).unwrap();
    let undone = catalog.undo(None).unwrap().unwrap();
    assert_eq!((undone.entry.code, undone.entry.params.mark), (EditCode::MarkSet, Some(Mark::Favourite)));
    assert_eq!(catalog.marked(Mark::Favourite).unwrap(), []);
    catalog.redo(None).unwrap().unwrap();
    assert_eq!(catalog.marked(Mark::Favourite).unwrap(), [PhotoId(1)]);
}

#[test]
fn a_store_that_followed_an_earlier_version_goes_on_from_there() {
    let (_folder, path) = stored(4);
    let catalog = Catalog::open(&path).unwrap();
    let series = (MODEL, PointKind::Photos);
    // The revisions of the photos are 5 to 7 and 9; the mark's, 10, is none of a store.
    assert_eq!(catalog.newest_revision().unwrap(), 10);
    assert_eq!(catalog.vectors_between(5, 10, series).unwrap(), 2);
    assert_eq!(catalog.dropped_since(7, series).unwrap(), [PointId(4)]);
    assert_eq!(catalog.dropped_since(9, series).unwrap(), []);
}

/// Overwrites the first page of a table, which makes all that is on it unreadable.
pub(crate) fn damage(path: &Path, table: &str) {
    let sql = Connection::open(path).unwrap();
    let query = "SELECT rootpage - 1, page_size FROM sqlite_master, pragma_page_size WHERE name = ?1";
    let (page, size) =
        sql.query_row(query, [table], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?))).unwrap();
    drop(sql);
    let mut bytes = std::fs::read(path).unwrap();
    let at = usize::try_from(page * size).unwrap();
    bytes[at..at + usize::try_from(size).unwrap()].fill(0xAA);
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_catalogue_of_each_version_is_rebuilt_with_what_can_be_read() {
    for version in VERSIONS {
        let (_folder, path) = stored(version);
        damage(&path, "files");
        let (catalog, rebuilt) = Catalog::open_or_rebuild(&path, || Ok(())).unwrap();
        let Some(Mishap::Rebuilt(rebuilt)) = rebuilt else { panic!("the damage is found") };
        assert_eq!((rebuilt.vectors, rebuilt.is_whole), (4, true), "version {version}");
        holds_comic(&catalog, version);
        drop(catalog);
        // The photos have no file until the next scan finds them.
        let marks = "SELECT count(*) FROM marks WHERE mark = 'favourite'";
        let marks: i64 = Connection::open(&path).unwrap().query_row(marks, [], |row| row.get(0)).unwrap();
        assert_eq!(marks, if version >= 4 { 2 } else { 0 }, "version {version}");
    }
}

/// Every row of every table, by name and in their order.
fn dump(path: &Path) -> String {
    let sql = Connection::open(path).unwrap();
    let names =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
    let tables: Vec<String> =
        sql.prepare(names).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let rows = |table: &String| {
        let mut all = sql.prepare(&format!("SELECT * FROM {table} ORDER BY rowid")).unwrap();
        let names: Vec<String> = all.column_names().into_iter().map(ToOwned::to_owned).collect();
        let line = |row: &rusqlite::Row<'_>| {
            let value = |(at, name): (usize, &String)| Ok(format!("{name}={:?}", row.get::<_, Value>(at)?));
            names.iter().enumerate().map(value).collect::<rusqlite::Result<Vec<_>>>()
        };
        let lines = all.query_map([], line).unwrap().map(|line| format!("  {}\n", line.unwrap().join(" ")));
        format!("{table}\n{}", lines.collect::<String>())
    };
    tables.iter().map(rows).collect()
}

#[test]
fn the_newest_form_of_a_catalogue_of_before() {
    let (_folder, path) = stored(5);
    drop(Catalog::open(&path).unwrap());
    insta::assert_snapshot!(dump(&path));
}
