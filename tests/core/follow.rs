//! A store follows the catalogue: attributes, restarts, and stores that are not of this catalogue.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use fotonovela_core::catalog::{Catalog, Finished, NewRegion, Outcome, Probe, ProbeResult, SeenFile, Stage};
use fotonovela_core::stores::sync::Sync;
use fotonovela_core::types::{
    Area, ContentHash, DateRank, DateSource, Edit, Facts, FolderId, PhotoId, PointId, RegionKind, Taken,
};
use fotonovela_core::vectors::embedded::EmbeddedStore;
use fotonovela_core::vectors::{Collection, Filter, Hit, Point, VectorStore};
use tempfile::TempDir;

const MODEL: &str = "test@1";
/// As many as a content hash has bytes.
const DIMENSION: usize = 32;
const DAY: i64 = 86_400_000;

/// A catalogue whose photos have vectors, and no files.
struct Shelf {
    data: TempDir,
    catalog: Arc<Catalog>,
    folders: Vec<FolderId>,
}

impl Shelf {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let catalog = Arc::new(Catalog::open(&data.path().join("catalog.sqlite")).unwrap());
        let folders = ["/a", "/b"].map(|path| catalog.add_folder(path).unwrap()).to_vec();
        Self { data, catalog, folders }
    }

    fn store(&self) -> Arc<EmbeddedStore> {
        let collection = Collection::of_photos(MODEL.into(), DIMENSION);
        Arc::new(EmbeddedStore::open(&self.data.path().join("vectors"), collection).unwrap())
    }

    fn sync(&self, store: &Arc<EmbeddedStore>) -> Sync {
        let collection = Collection::of_photos(MODEL.into(), DIMENSION);
        Sync::new(Arc::clone(&self.catalog), Arc::clone(store) as Arc<dyn VectorStore>, collection)
    }

    fn store_file(&self) -> PathBuf {
        self.data.path().join("vectors").join(format!("{MODEL}.vectors"))
    }

    /// So many photos in the first folder, by number.
    fn fill(&self, count: u32) -> Vec<PhotoId> {
        (0..count).map(|number| self.put(0, &format!("/a/{number}.jpg"), number, DAY)).collect()
    }

    /// A photo with this content at `path`, read and embedded.
    fn put(&self, folder: usize, path: &str, content: u32, taken_at: i64) -> PhotoId {
        let taken =
            Some(Taken { at: taken_at, zone: None, source: DateSource::Exif, rank: DateRank::Original });
        let facts = Facts { taken, ..Facts::default() };
        let probe = Probe { format: "JPEG".into(), width: 4, height: 3, facts };
        let folder = self.folders[folder];
        let content = ContentHash::of(&content.to_le_bytes());
        let seen = SeenFile {
            folder,
            path: path.into(),
            size: 10,
            modified: taken_at,
            probe: ProbeResult::Photo(probe.clone()),
            content: Some(content),
        };
        self.catalog.apply(&[seen], &[], &[]).unwrap();
        let id = self.catalog.photo_at(Path::new(path)).unwrap().unwrap();
        if let [item] = self.catalog.pending_of(&[id], &Stage::first(MODEL)).unwrap().as_slice() {
            let vector = Some(vector(content));
            let outcome = Outcome::Photo {
                content,
                probe: Box::new(probe),
                color: Some("#808080".into()),
                vector,
                regions: Vec::new(),
            };
            self.catalog.finish(&[Finished { item: item.clone(), outcome }], &Stage::first(MODEL)).unwrap();
        }
        id
    }
}

fn vector(content: ContentHash) -> Vec<f32> {
    let values: Vec<f32> = content.0[..DIMENSION].iter().map(|byte| f32::from(*byte) - 127.5).collect();
    let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    values.iter().map(|value| value / norm).collect()
}

async fn found(store: &EmbeddedStore, filter: Filter) -> Vec<PhotoId> {
    let hits = store.search(&[0.5; DIMENSION], 100, &filter, false).await.unwrap();
    let mut ids: Vec<_> = hits.iter().map(|hit| hit.photo).collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn folders_and_dates_reach_the_store_also_when_they_change() {
    let shelf = Shelf::new();
    let (a, b) = (shelf.put(0, "/a/1.jpg", 1, DAY), shelf.put(1, "/b/2.jpg", 2, 5 * DAY));
    let store = shelf.store();
    let sync = shelf.sync(&store);
    sync.run().await.unwrap();
    let in_folder = |number: usize| Filter::Folder(shelf.folders[number]);
    assert_eq!(found(&store, in_folder(0)).await, [a]);
    assert_eq!(found(&store, in_folder(1)).await, [b]);
    assert_eq!(found(&store, Filter::Taken(0..2 * DAY)).await, [a]);

    // Moved to the other folder: the same photo, for its content is the same.
    shelf.catalog.apply(&[], &[], &[Path::new("/a/1.jpg").to_owned()]).unwrap();
    assert_eq!(shelf.put(1, "/b/moved.jpg", 1, DAY), a);
    sync.run().await.unwrap();
    assert_eq!(found(&store, in_folder(0)).await, []);
    assert_eq!(found(&store, in_folder(1)).await, [a, b]);

    // Edited in place, with another date.
    assert_eq!(shelf.put(1, "/b/2.jpg", 3, 9 * DAY), b);
    sync.run().await.unwrap();
    assert_eq!(found(&store, Filter::Taken(4 * DAY..6 * DAY)).await, []);
    assert_eq!(found(&store, Filter::Taken(8 * DAY..10 * DAY)).await, [b]);

    // A folder inside a folder takes its photos over, and gives them back.
    let c = shelf.put(1, "/b/inner/3.jpg", 4, DAY);
    let inner = shelf.catalog.add_folder("/b/inner").unwrap();
    sync.run().await.unwrap();
    assert_eq!(found(&store, Filter::Folder(inner)).await, [c]);
    assert_eq!(found(&store, in_folder(1)).await, [a, b]);
    shelf.catalog.edit(&Edit::RemoveFolder { folder: inner }).unwrap();
    sync.run().await.unwrap();
    assert_eq!(found(&store, in_folder(1)).await, [a, b, c]);

    shelf.catalog.edit(&Edit::RemoveFolder { folder: shelf.folders[1] }).unwrap();
    sync.run().await.unwrap();
    assert_eq!(store.count().await.unwrap(), 0);
}

#[tokio::test]
async fn after_a_restart_only_what_is_new_is_read() {
    let shelf = Shelf::new();
    let first = shelf.fill(20);
    let store = shelf.store();
    shelf.sync(&store).run().await.unwrap();
    store.compact().unwrap();
    drop(store);
    let later = shelf.put(1, "/b/new.jpg", 99, DAY);
    shelf.catalog.apply(&[], &[], &[Path::new("/a/3.jpg").to_owned()]).unwrap();

    let store = shelf.store();
    assert_eq!(found(&store, Filter::All).await, first, "it answers at once, from the file");
    shelf.sync(&store).run().await.unwrap();
    let now: Vec<_> = first.iter().copied().filter(|id| *id != first[3]).chain([later]).collect();
    assert_eq!(found(&store, Filter::All).await, now);
    assert_eq!(store.revision().await.unwrap(), shelf.catalog.revision());
}

#[tokio::test]
async fn a_library_that_does_not_change_is_not_written_again() {
    let shelf = Shelf::new();
    shelf.fill(1300);
    let path = shelf.store_file();
    let mut written = Vec::new();
    for _ in 0..4 {
        let store = shelf.store();
        let sync = shelf.sync(&store);
        sync.run().await.unwrap();
        assert_eq!(store.count().await.unwrap(), 1300);
        let filled = sync.filled();
        drop((sync, store));
        written.push((filled, std::fs::metadata(&path).unwrap().modified().unwrap()));
    }
    assert_eq!(written[0].0, 1300);
    assert!(written[1].0 < 1000, "rows that the file holds are not read again: {written:?}");
    assert_eq!(written[1..], [written[1]; 3], "the file stays as it is");
}

#[tokio::test]
async fn damage_of_the_file_is_found_and_mended_from_the_catalogue() {
    let shelf = Shelf::new();
    let ids = shelf.fill(1300);
    let store = shelf.store();
    shelf.sync(&store).run().await.unwrap();
    store.compact().unwrap();
    drop(store);
    let path = shelf.store_file();
    let mut bytes = std::fs::read(&path).unwrap();
    let halves = bytes.len() - 2000..bytes.len() - 1000;
    bytes[halves].fill(0);
    std::fs::write(&path, bytes).unwrap();
    let store = shelf.store();
    let sync = shelf.sync(&store);
    assert!(sync.repair(Duration::ZERO).await.unwrap());
    assert_eq!(store.count().await.unwrap(), ids.len());
    assert!(!sync.repair(Duration::ZERO).await.unwrap(), "once");
    let lost = store.get(&ids.iter().map(|id| PointId(id.0)).collect::<Vec<_>>()).await.unwrap();
    assert!(lost.iter().all(|(_, vector)| vector.iter().any(|value| *value != 0.0)));
}

#[tokio::test]
async fn what_another_process_indexes_reaches_the_store() {
    let shelf = Shelf::new();
    let mut ids = vec![shelf.put(0, "/a/1.jpg", 1, DAY)];
    // Has the catalogue open, as a window that moves its photos while the command line indexes.
    let late = Shelf {
        catalog: Arc::new(Catalog::open(&shelf.data.path().join("catalog.sqlite")).unwrap()),
        data: tempfile::tempdir().unwrap(),
        folders: shelf.folders.clone(),
    };
    let store = late.store();
    let sync = late.sync(&store);
    sync.run().await.unwrap();
    for number in 2..6 {
        ids.push(shelf.put(0, &format!("/a/{number}.jpg"), number, DAY));
    }
    sync.run().await.unwrap();
    assert_eq!(found(&store, Filter::All).await, ids);
    // And then it writes itself.
    ids.push(late.put(0, "/a/9.jpg", 9, DAY));
    sync.run().await.unwrap();
    assert_eq!(found(&store, Filter::All).await, ids);
}

#[tokio::test]
async fn a_store_that_does_not_hold_what_the_catalogue_holds_is_filled_anew() {
    let shelf = Shelf::new();
    let ids = shelf.fill(20);
    let revision = shelf.catalog.revision();
    let point = |id: i64, vector: Vec<f32>| Point {
        id: PointId(id),
        photo: PhotoId(id),
        vector,
        path: String::new(),
        folder: shelf.folders[0],
        taken_at: 0,
    };
    let right: Vec<_> = (0..20_u32)
        .map(|n| vector(ContentHash::of(&n.to_le_bytes())))
        .zip(&ids)
        .map(|(v, id)| point(id.0, v))
        .collect();
    let mut wrong = right.clone();
    wrong.iter_mut().for_each(|point| point.vector = vector(ContentHash::of(b"other")));
    let more = [right.clone(), vec![point(5000, vec![0.5; DIMENSION])]].concat();
    let cases = [
        ("rows are missing", right[..19].to_vec(), revision),
        ("there are others", more, revision),
        ("vectors are wrong", wrong, revision),
        ("it is ahead", right.clone(), revision + 1),
    ];
    for (what, points, reached) in cases {
        let store = shelf.store();
        store.clear().await.unwrap();
        store.upsert(&points).await.unwrap();
        store.flush(reached).await.unwrap();
        shelf.sync(&store).run().await.unwrap();
        assert_eq!(found(&store, Filter::All).await, ids, "{what}");
        let best = store.search(&right[7].vector, 1, &Filter::All, false).await.unwrap();
        assert!(best[0].photo == ids[7] && best[0].score > 0.999, "{what}: {best:?}");
        assert_eq!(store.revision().await.unwrap(), revision, "{what}");
    }
}

#[tokio::test]
async fn regions_follow_their_photos_into_a_collection_of_their_own() {
    let shelf = Shelf::new();
    let (photo, other) = (shelf.put(0, "/a/1.jpg", 1, DAY), shelf.put(0, "/a/2.jpg", 2, DAY));
    let collection = Collection::of_regions(MODEL.into(), 4);
    let store = EmbeddedStore::open(&shelf.data.path().join("vectors"), collection.clone()).unwrap();
    let store: Arc<dyn VectorStore> = Arc::new(store);
    let sync = Sync::new(Arc::clone(&shelf.catalog), Arc::clone(&store), collection);
    let found = |vector: [f32; 4]| NewRegion {
        kind: RegionKind::Object,
        area: Area { x: 0.1, y: 0.2, width: 0.3, height: 0.4 },
        label: Some("dog".into()),
        score: Some(0.9),
        vector: vector.to_vec(),
    };
    let (left, right) = ([1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]);
    let set = |photo, regions: &[[f32; 4]]| {
        let regions: Vec<_> = regions.iter().map(|vector| found(*vector)).collect();
        shelf.catalog.set_regions(photo, "detector@1", MODEL, &regions).unwrap()
    };
    let ids = set(photo, &[left, right]);
    set(other, &[left]);
    sync.run().await.unwrap();
    let best = store.search(&right, 1, &Filter::All, false).await.unwrap();
    assert_eq!(best, [Hit { photo, region: Some(ids[1]), score: best[0].score }]);
    assert_eq!(shelf.catalog.regions(photo).unwrap()[1].id, ids[1]);

    // They move with their photo, and are replaced by what is found the next time.
    shelf.catalog.apply(&[], &[], &[Path::new("/a/1.jpg").to_owned()]).unwrap();
    assert_eq!(shelf.put(1, "/b/moved.jpg", 1, DAY), photo);
    set(photo, &[right]);
    sync.run().await.unwrap();
    assert_eq!(store.count().await.unwrap(), 2);
    let in_folder = Filter::Folder(shelf.folders[1]);
    let photos: Vec<_> =
        store.search(&left, 9, &in_folder, false).await.unwrap().iter().map(|hit| hit.photo).collect();
    assert_eq!(photos, [photo]);

    // What was found in a picture that is another now is gone.
    assert_eq!(shelf.put(1, "/b/moved.jpg", 3, 2 * DAY), photo);
    sync.run().await.unwrap();
    assert_eq!(store.count().await.unwrap(), 1);
    assert_eq!(shelf.catalog.regions(photo).unwrap(), []);
}
