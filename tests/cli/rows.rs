//! Photos that have vectors and no files, for tests of stores.

use std::ops::Range;

use fotonovela_core::catalog::{Finished, Outcome, Probe, ProbeResult, SeenFile, Stage, WorkItem};
use fotonovela_core::library::{Library, Options};
use fotonovela_core::platform::resources;
use fotonovela_core::types::{ContentHash, Facts};

use crate::program::Program;

/// As many as are read between two writes of the catalogue: they share a revision.
const AT_ONCE: usize = 100;

/// Puts photos of these numbers into the library, read and embedded.
pub(crate) fn add(program: &Program, numbers: Range<u32>) {
    let library = Library::open(Options::new(program.library(), resources::folder())).unwrap();
    let (catalog, model) = (library.catalog(), library.model().id());
    let folder = catalog.add_folder("/photos").unwrap();
    let probe = Probe { format: "JPEG".into(), width: 4, height: 3, facts: Facts::default() };
    let dimension = library.model().dimension();
    let numbers: Vec<_> = numbers.collect();
    for numbers in numbers.chunks(AT_ONCE) {
        let seen = |number: &u32| SeenFile {
            folder,
            path: path(*number),
            size: 10,
            modified: 0,
            probe: ProbeResult::Photo(probe.clone()),
            content: Some(content(*number)),
        };
        catalog.apply(&numbers.iter().map(seen).collect::<Vec<_>>(), &[], &[]).unwrap();
        let id = |number: &u32| catalog.photo_at(path(*number).as_ref()).unwrap().unwrap();
        let ids: Vec<_> = numbers.iter().map(id).collect();
        let finish = |item: WorkItem| {
            let number = item.path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
            let vector = Some(vector(number, dimension));
            let (content, probe) = (content(number), Box::new(probe.clone()));
            let color = Some("#808080".into());
            Finished { item, outcome: Outcome::Photo { content, probe, color, vector, regions: Vec::new() } }
        };
        let finished: Vec<_> =
            catalog.pending_of(&ids, &Stage::first(&model)).unwrap().into_iter().map(finish).collect();
        assert_eq!(finished.len(), numbers.len());
        catalog.finish(&finished, &Stage::first(&model)).unwrap();
    }
}

fn path(number: u32) -> String {
    format!("/photos/{number}.jpg")
}

fn content(number: u32) -> ContentHash {
    ContentHash::of(&number.to_le_bytes())
}

/// A unit vector in a direction of its own.
fn vector(number: u32, dimension: usize) -> Vec<f32> {
    let mut state = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let next = || {
        // xorshift64 (Marsaglia 2003).
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1_u32 << 24) as f32 - 0.5
    };
    let values: Vec<f32> = std::iter::repeat_with(next).take(dimension).collect();
    let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    values.iter().map(|value| value / norm).collect()
}
