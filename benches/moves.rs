//! What a move of a library to another vector store takes, and back, and what a search takes there.

use std::path::Path;
use std::time::Instant;

use fotonovela_core::catalog::Catalog;
use fotonovela_core::library::{Library, Options};
use fotonovela_core::photo::{PhotoId, SimilarQuery};
use fotonovela_core::resources;
use fotonovela_core::scan::Stat;
use fotonovela_core::task::CancelToken;
use fotonovela_core::vectors::StoreUri;

use crate::median;
use crate::shelf::{BATCH, Shelf};

const SEARCHES: i64 = 40;

/// Moves a library of `rows` photos, which is made in `place`, to each of `stores` and back.
pub(crate) fn run(place: &Path, rows: usize, stores: &[&str]) {
    let made = place.join(format!("library-{rows}.sqlite"));
    if !made.exists() {
        make(&made, rows);
    }
    let data = tempfile::tempdir_in(place).unwrap();
    std::fs::copy(&made, data.path().join("catalog.sqlite")).unwrap();
    let library = Library::open(Options::new(data.path().to_owned(), resources::folder())).unwrap();
    let dimension = library.model().dimension();
    let begun = Instant::now();
    search(&library, 1);
    println!(
        "| {rows} x {dimension} | s | rows/s | of which verifying, s | a search, ms |\n|---|---|---|---|---|"
    );
    told("embedded, filled at the start", begun, 0.0, rows, &library);
    for store in stores {
        moved(&library, &store.parse().unwrap(), rows);
        moved(&library, &StoreUri::Embedded, rows);
    }
}

fn moved(library: &Library, uri: &StoreUri, rows: usize) {
    let begun = Instant::now();
    let verification = library.move_store(uri, |_| (), &CancelToken::default()).unwrap();
    assert!(verification.ok, "{verification:?}");
    let again = Instant::now();
    library.verify_store(|_| (), &CancelToken::default()).unwrap();
    let verifying = again.elapsed().as_secs_f64();
    told(&format!("to {uri}"), begun + again.elapsed(), verifying, rows, library);
}

/// `begun` is when the work would have begun, had it ended now.
fn told(what: &str, begun: Instant, verifying: f64, rows: usize, library: &Library) {
    let seconds = begun.elapsed().as_secs_f64();
    let searches = (1..=SEARCHES).map(|id| {
        let asked = Instant::now();
        search(library, id);
        asked.elapsed().as_secs_f64() * 1000.0
    });
    let searches = median(searches.collect());
    println!("| {what} | {seconds:.1} | {:.0} | {verifying:.1} | {searches:.1} |", rows as f64 / seconds);
}

fn search(library: &Library, id: i64) {
    let query = SimilarQuery::Photo { id: PhotoId(id) };
    let answer = library.block_on(library.search().similar(&query, 50)).unwrap();
    assert_eq!((answer.photos.len(), answer.notice), (50, None));
}

fn make(path: &Path, rows: usize) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let beside = path.with_extension("new");
    let _ = std::fs::remove_file(&beside);
    let catalog = Catalog::open(&beside).unwrap();
    let shelf = Shelf::new(&catalog, "/photos");
    let file =
        |number: usize| (format!("/photos/{number}.jpg"), Stat { size: 3_000_000, modified: number as i64 });
    for first in (0..rows).step_by(BATCH) {
        shelf.put(first, (first..(first + BATCH).min(rows)).map(file));
    }
    drop(catalog);
    std::fs::rename(beside, path).unwrap();
}
