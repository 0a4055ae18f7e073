//! What a look at a library costs that has not changed: many files, a hundred in a folder, and nothing to do. Then the
//! most memory that all processes hold while photos are added to it.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use fotonovela_core::catalog::{Catalog, Finished, Outcome, Probe, ProbeResult, SeenFile, Stage};
use fotonovela_core::inference::Model;
use fotonovela_core::library::{Library, Options};
use fotonovela_core::platform::resources;
use fotonovela_core::scan::Stat;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{ContentHash, Facts, PhotoId, PhotoQuery, Scope, SimilarQuery};

use crate::index::jpegs;
use crate::memory::peak_megabytes;
use crate::vectors::Recipe;

const A_FOLDER: usize = 100;
/// Rows per transaction while the library is made.
const BATCH: usize = 1000;

/// Makes so many files and a library that knows them in `place`, measures looks at them, and adds the photos of `more`.
pub(crate) fn run(place: &Path, more: &Path, files: usize) {
    let (photos, made) = (place.join("photos"), place.join("data"));
    if !made.join("catalog.sqlite").exists() {
        make(&photos, &made, files);
    }
    // A copy, so that the photos are new to it each time.
    let copy = tempfile::tempdir_in(place).unwrap();
    let data = copy.path().to_owned();
    std::fs::copy(made.join("catalog.sqlite"), data.join("catalog.sqlite")).unwrap();
    println!("| a look at {files} files that have not changed | s of processor time | s |\n|---|---|---|");
    let options = Options::new(data, resources::folder());
    let library = measured("open", || Library::open(options).unwrap());
    library.start_indexing(false).unwrap();
    library.wait_until_indexed(&CancelToken::default());
    // The store of vectors is filled at the start, on another thread.
    let first = PhotoQuery::like(SimilarQuery::Photo { id: PhotoId(1) }, Scope::default(), 50);
    let similar = || library.similar(&first).unwrap();
    measured("fill the store", similar);
    for _ in 0..3 {
        measured("look", || {
            library.add_folders(std::slice::from_ref(&photos)).unwrap();
            library.wait_until_indexed(&CancelToken::default());
        });
    }
    measured("look and watch", || {
        library.watch().unwrap();
        library.wait_until_indexed(&CancelToken::default());
    });
    let (look, finished) = library.index_tally();
    assert_eq!((look.found as usize, finished), (4 * files, 0), "all are found, and nothing is done");
    measured("add photos", || {
        library.add_folders(&[more.to_owned()]).unwrap();
        library.wait_until_indexed(&CancelToken::default());
    });
    assert_eq!(library.index_tally().1 as usize, jpegs(more).len(), "all that were added are indexed");
    measured("similar", similar);
    println!("\npeak memory of all processes: {:.0} MB", peak_megabytes());
}

fn measured<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (begun, used) = (Instant::now(), processor_time());
    let answer = work();
    let (elapsed, used) = (begun.elapsed(), processor_time() - used);
    println!("| {what} | {:.2} | {:.2} |", used.as_secs_f64(), elapsed.as_secs_f64());
    answer
}

/// What all threads of this process used so far, in the programs and in the system: fields 14 and 15 of
/// proc_pid_stat(5), in hundredths of a second.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, rest) = stat.rsplit_once(')').unwrap();
    let ticks: u64 =
        rest.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

fn make(photos: &Path, data: &Path, files: usize) {
    std::fs::create_dir_all(data).unwrap();
    let catalog = Catalog::open(&data.join("catalog.sqlite")).unwrap();
    let folder = catalog.add_folder(photos.to_str().unwrap()).unwrap();
    let model = Model::bundled(resources::folder());
    let recipe = Recipe::new(model.dimension());
    let probe = Probe { format: "JPEG".into(), width: 4000, height: 3000, facts: Facts::default() };
    for first in (0..files).step_by(BATCH) {
        let seen: Vec<_> = (first..first + BATCH)
            .map(|number| {
                let path = photos.join(format!("{:03}/IMG_{number:06}.jpg", number / A_FOLDER));
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, number.to_string()).unwrap();
                let Stat { size, modified } = Stat::read(&path).unwrap();
                let path = path.to_str().unwrap().to_owned();
                SeenFile {
                    folder,
                    path,
                    size,
                    modified,
                    probe: ProbeResult::Photo(probe.clone()),
                    content: None,
                }
            })
            .collect();
        catalog.apply(&seen, &[], &[]).unwrap();
        let items = catalog.pending(&Stage::first(&model.id()), &HashSet::new(), BATCH).unwrap();
        let finish = |(item, number): (fotonovela_core::catalog::WorkItem, usize)| {
            let content = ContentHash::of(item.path.to_str().unwrap().as_bytes());
            let (color, vector) = (Some("#808080".into()), Some(recipe.vector(number as u64)));
            Finished {
                item,
                outcome: Outcome::Photo {
                    content,
                    probe: Box::new(probe.clone()),
                    color,
                    vector,
                    regions: Vec::new(),
                },
            }
        };
        let finished: Vec<_> = items.into_iter().zip(first..).map(finish).collect();
        catalog.finish(&finished, &Stage::first(&model.id())).unwrap();
    }
}
