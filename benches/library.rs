//! Libraries of many photos that have vectors and no files: what one costs that is there, for docs/guide/scale.md, and what
//! is moved between stores.

use std::fs::Metadata;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use fotonovela_core::cache::ThumbnailCache;
use fotonovela_core::catalog::{Catalog, Finished, Outcome, Probe, ProbeResult, SeenFile, Stage, WorkItem};
use fotonovela_core::image::thumbnail;
use fotonovela_core::inference::Model;
use fotonovela_core::library::{Library, Options};
use fotonovela_core::pixels::Rgb;
use fotonovela_core::platform::resources;
use fotonovela_core::stores::sync::Sync;
use fotonovela_core::types::{
    ContentHash, DateRank, DateSource, Facts, PhotoId, PhotoQuery, Scope, SimilarQuery, Taken,
};
use fotonovela_core::vectors::embedded::EmbeddedStore;
use fotonovela_core::vectors::{Collection, VectorStore};

use crate::median;
use crate::memory::peak_megabytes;
use crate::vectors::VectorFile;

/// As many as the pipeline writes at once share a revision.
const BATCH: usize = 100;
/// 1 January 2006.
const BEGINNING_MS: i64 = 1_136_073_600_000;
const TWENTY_YEARS_MS: i64 = 631_152_000_000;
const THUMBNAILS: usize = 2000;
const SEARCHES: i64 = 100;
const HITS: u32 = 50;

/// Makes a library in `place`, unless it is there.
pub(crate) fn make(vectors: &Path, place: &Path, rows: usize) {
    if place.join("catalog.sqlite").exists() {
        return;
    }
    let model = Model::bundled(resources::folder());
    let vectors = VectorFile::open(vectors, rows, model.dimension());
    std::fs::create_dir_all(place).unwrap();
    // Under another name until it is whole.
    let new = place.join("new.sqlite");
    let catalog = Catalog::open(&new).unwrap();
    let folder = catalog.add_folder("/photos").unwrap();
    let path = |number: usize| format!("/photos/{:05}/IMG_{number:07}.jpg", number / 1000);
    let content = |number: usize| ContentHash::of(&number.to_le_bytes());
    let probe = |number: usize| probe(number, rows);
    for first in (0..rows).step_by(BATCH) {
        let numbers = first..(first + BATCH).min(rows);
        let seen = |number: usize| SeenFile {
            folder,
            path: path(number),
            size: 3_000_000,
            modified: number as i64,
            probe: ProbeResult::Photo(probe(number)),
            content: Some(content(number)),
        };
        catalog.apply(&numbers.clone().map(seen).collect::<Vec<_>>(), &[], &[]).unwrap();
        let id = |number: usize| catalog.photo_at(path(number).as_ref()).unwrap().unwrap();
        let ids: Vec<PhotoId> = numbers.map(id).collect();
        let finish = |item: WorkItem| {
            let name = item.path.file_stem().unwrap().to_str().unwrap();
            let number = name.trim_start_matches("IMG_").parse().unwrap();
            let (probe, vector) = (Box::new(probe(number)), Some(vectors.vector(number)));
            let (content, color) = (content(number), Some("#808080".into()));
            Finished { item, outcome: Outcome::Photo { content, probe, color, vector, regions: Vec::new() } }
        };
        let items = catalog.pending_of(&ids, &Stage::first(&model.id())).unwrap();
        catalog
            .finish(&items.into_iter().map(finish).collect::<Vec<_>>(), &Stage::first(&model.id()))
            .unwrap();
    }
    drop(catalog);
    write_thumbnails(place, rows);
    std::fs::rename(&new, place.join("catalog.sqlite")).unwrap();
}

/// The camera's facts: most photos over twenty years, the last 7 % on one day, the newest at the end.
fn probe(number: usize, rows: usize) -> Probe {
    const SHAPES: [(u32, u32); 5] = [(4000, 3000), (3000, 4000), (6000, 4000), (3840, 2160), (3000, 3000)];
    let (width, height) = SHAPES[number * 7 % 11 % SHAPES.len()];
    let spread = rows * 93 / 100;
    let at = if number < spread {
        BEGINNING_MS + number as i64 * (TWENTY_YEARS_MS / spread as i64)
    } else {
        BEGINNING_MS + TWENTY_YEARS_MS + (number - spread) as i64
    };
    let taken = Some(Taken { at, zone: None, source: DateSource::Exif, rank: DateRank::Original });
    Probe { format: "JPEG".into(), width, height, facts: Facts { taken, ..Facts::default() } }
}

/// For the newest photos, which a window shows first.
fn write_thumbnails(place: &Path, rows: usize) {
    let cache = ThumbnailCache::new(place);
    for number in rows.saturating_sub(THUMBNAILS)..rows {
        let pixel = |at: usize| [0, 8, 16].map(|shift| (at * 31 + ((number * 2_654_435_761) >> shift)) as u8);
        let data = (0..512 * 384).flat_map(|at| pixel(at / 512 + at % 512 / 8)).collect();
        let jpeg = thumbnail::encode_jpeg(&Rgb { width: 512, height: 384, data }, 80).unwrap();
        cache.write(ContentHash::of(&number.to_le_bytes()), &jpeg).unwrap();
    }
}

/// Fills the embedded store of a library, from nothing.
pub(crate) fn fill(place: &Path) {
    let _ = std::fs::remove_dir_all(place.join("vectors"));
    let model = Model::bundled(resources::folder());
    let catalog = Arc::new(Catalog::open(&place.join("catalog.sqlite")).unwrap());
    let collection = Collection::of_photos(model.id(), model.dimension());
    let begun = Instant::now();
    let store = Arc::new(EmbeddedStore::open(&place.join("vectors"), collection).unwrap());
    let sync = Sync::new(
        catalog,
        Arc::clone(&store) as Arc<dyn VectorStore>,
        Collection::of_photos(model.id(), model.dimension()),
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(sync.run()).unwrap();
    store.compact().unwrap();
    println!("filled in {:.1} s, with at most {:.0} MB", begun.elapsed().as_secs_f64(), peak_megabytes());
}

/// Prints a row of the table of docs/guide/scale.md.
pub(crate) fn measure(place: &Path) {
    let started = Instant::now();
    let library = open(place);
    let similar = |id| {
        let asked = Instant::now();
        let query = SimilarQuery::Photo { id: PhotoId(id) };
        library.similar(&PhotoQuery::like(query, Scope::default(), HITS)).unwrap();
        asked.elapsed().as_secs_f64() * 1e3
    };
    similar(1);
    let started = started.elapsed().as_secs_f64();
    let asked = Instant::now();
    let photos = library.layout(&PhotoQuery::default()).unwrap().to_bytes().unwrap().len() / 14;
    let listed = asked.elapsed().as_secs_f64();
    let times: Vec<f64> = (1..=SEARCHES).map(|n| similar(1 + n * 7919 % photos as i64)).collect();
    let slowest = times.iter().copied().fold(0.0, f64::max);
    println!(
        "| {photos} | {started:.2} | {listed:.2} | {:.1}, {slowest:.1} | {:.0} | {:.0} | {:.0} |",
        median(times),
        peak_megabytes(),
        megabytes(&place.join("catalog.sqlite")),
        megabytes(&place.join("vectors")),
    );
}

fn open(place: &Path) -> Library {
    Library::open(Options::new(place.to_owned(), resources::folder())).unwrap()
}

/// What a file or folder takes.
fn megabytes(path: &Path) -> f64 {
    let files = walkdir::WalkDir::new(path).into_iter().flatten();
    let bytes: u64 =
        files.filter_map(|file| file.metadata().ok()).filter(Metadata::is_file).map(|file| file.len()).sum();
    bytes as f64 / 1e6
}
