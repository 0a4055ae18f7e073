//! Files of the store: written while rows change, damaged, left by a kill, or impossible to write.

use crate::types::RegionId;

use super::*;

#[tokio::test]
async fn changes_while_a_file_is_written_are_in_neither_lost_nor_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut truth = Truth::default();
    truth.upsert(&store, points(0..5000)).await;
    for round in 0..10 {
        let other = EmbeddedStore { inner: Arc::clone(&store.inner), writer: Mutex::default() };
        let writing = std::thread::spawn(move || other.compact());
        for step in 0..20 {
            let start = (round * 20 + step) * 17;
            truth.delete(&store, start..start + 5).await;
            truth
                .upsert(
                    &store,
                    (start + 3..start + 9).map(|id| point(id, vector(id + round, DIMENSION))).collect(),
                )
                .await;
        }
        writing.join().unwrap().unwrap();
        truth.check(&store).await;
    }
    store.compact().unwrap();
    drop(store);
    truth.check(&open(folder.path())).await;
}

#[tokio::test]
async fn a_store_that_was_cleared_stays_empty() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.upsert(&points(0..3000)).await.unwrap();
    store.flush(7).await.unwrap();
    let other = EmbeddedStore { inner: Arc::clone(&store.inner), writer: Mutex::default() };
    let writing = std::thread::spawn(move || other.compact());
    store.clear().await.unwrap();
    writing.join().unwrap().unwrap();
    let holds = (store.count().await.unwrap(), store.revision().await.unwrap());
    assert_eq!(holds, (0, 0));
    store.clear().await.unwrap();
    assert_eq!(open(folder.path()).count().await.unwrap(), 0);
}

#[tokio::test]
async fn files_that_are_not_as_they_should_be_count_as_none() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.upsert(&points(0..2000)).await.unwrap();
    store.flush(3).await.unwrap();
    store.compact().unwrap();
    let path = store.inner.path.clone();
    drop(store);
    assert_eq!(open(folder.path()).count().await.unwrap(), 2000);
    let whole = std::fs::read(&path).unwrap();
    let changed = |at: usize, value: u8| {
        let mut bytes = whole.clone();
        bytes[at] ^= value;
        bytes
    };
    let empty = vec![0; whole.len()];
    let cases = [
        ("cut", whole[..whole.len() - 1].to_vec()),
        ("a header only", whole[..4096].to_vec()),
        ("half a header", whole[..100].to_vec()),
        ("nothing", Vec::new()),
        ("zeros", empty),
        ("longer", [whole.as_slice(), &[0]].concat()),
        ("another id", changed(4096 + 8, 1)),
        ("another scale", changed(4096 + 3 * 2000 * 8 + 256, 64)),
        (
            "another revision",
            String::from_utf8_lossy(&whole[..4096])
                .replace("\"revision\":3", "\"revision\":4")
                .into_bytes()
                .into_iter()
                .chain(whole[4096..].iter().copied())
                .collect(),
        ),
    ];
    for (what, bytes) in cases {
        assert_ne!(bytes, whole, "{what}");
        std::fs::write(&path, bytes).unwrap();
        let store = open(folder.path());
        assert_eq!((store.count().await.unwrap(), store.revision().await.unwrap()), (0, 0), "{what}");
        let mut truth = Truth::default();
        truth.upsert(&store, points(0..1500)).await;
        store.compact().unwrap();
        truth.check(&open(folder.path())).await;
    }
    let other = Collection { model: "test@2".into(), ..collection(DIMENSION) };
    std::fs::copy(&path, folder.path().join("test@2.vectors")).unwrap();
    assert_eq!(EmbeddedStore::open(folder.path(), other).unwrap().count().await.unwrap(), 0, "another model");
    let longer = EmbeddedStore::open(folder.path(), collection(DIMENSION + 1)).unwrap();
    assert_eq!(longer.count().await.unwrap(), 0, "another length");
}

#[tokio::test]
async fn one_bit_anywhere_is_found_at_the_start_or_by_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.upsert(&points(0..6000)).await.unwrap();
    store.compact().unwrap();
    let path = store.inner.path.clone();
    assert!(store.is_intact(Duration::ZERO).await.unwrap());
    drop(store);
    let whole = std::fs::read(&path).unwrap();
    let mut found = [0; 2];
    for part in 0..40 {
        let mut bytes = whole.clone();
        bytes[whole.len() * part / 40] ^= 4;
        std::fs::write(&path, bytes).unwrap();
        let store = open(folder.path());
        let is_open = store.count().await.unwrap() > 0;
        assert!(!is_open || !store.is_intact(Duration::ZERO).await.unwrap(), "{part} of 40");
        found[usize::from(is_open)] += 1;
    }
    assert!(found[0] > 5 && found[1] > 5, "both ways are tried: {found:?}");
}

#[tokio::test]
async fn what_a_kill_left_is_written_over_and_another_process_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut truth = Truth::default();
    truth.upsert(&store, points(0..900)).await;
    std::fs::write(store.inner.path.with_extension("new"), vec![7; 1 << 20]).unwrap();
    let lock = std::fs::File::create(store.inner.path.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    store.compact().unwrap();
    assert!(!store.inner.path.exists(), "the other one is writing");
    drop(lock);
    store.compact().unwrap();
    truth.check(&store).await;
    truth.check(&open(folder.path())).await;
    assert!(!store.inner.path.with_extension("new").exists());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_costs_the_file_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("store"));
    let mut truth = Truth::default();
    truth.upsert(&store, points(0..900)).await;
    std::fs::remove_dir_all(folder.path().join("store")).unwrap();
    assert!(matches!(store.compact(), Err(Error::Write { .. })));
    truth.upsert(&store, points(900..4000)).await;
    truth.check(&store).await;
}

#[tokio::test]
async fn regions_keep_their_photos_in_the_file_and_lie_beside_the_photos() {
    let folder = tempfile::tempdir().unwrap();
    let open_regions = || {
        let collection = Collection::of_regions("test@1".into(), DIMENSION);
        EmbeddedStore::open(folder.path(), collection).unwrap()
    };
    let regions: Vec<_> =
        (0..30).map(|id| Point { photo: PhotoId(id / 3), ..point(id, vector(id, DIMENSION)) }).collect();
    let photos = open(folder.path());
    photos.upsert(&points(0..10)).await.unwrap();
    photos.compact().unwrap();
    let store = open_regions();
    store.upsert(&regions[..20]).await.unwrap();
    store.upsert(&regions[20..]).await.unwrap();
    store.compact().unwrap();
    drop(store);
    let query = vector(25, DIMENSION);
    let hits = open_regions().search(&query, 10, &Filter::All, true).await.unwrap();
    assert_eq!((hits.len(), hits[0].photo, hits[0].region), (10, PhotoId(8), Some(RegionId(25))));
    let hits = open(folder.path()).search(&query, 20, &Filter::All, true).await.unwrap();
    assert!(hits.len() == 10 && hits.iter().all(|hit| hit.region.is_none()), "{hits:?}");
}
