//! Qdrant: the suite over its client's wire format, what a collection there looks like, and a real server where there is
//! one.

use std::sync::{Arc, OnceLock};

use fotonovela_core::error::{Error, StoreFault};
use fotonovela_core::vectors::qdrant::QdrantStore;
use fotonovela_core::vectors::{Collection, PointKind, VectorStore};
use tempfile::TempDir;

use crate::qdrant_server::Qdrant;
use crate::suite::{conformance, reopened};
use crate::{DIMENSION, place, place_of, points};

const TOKEN: &str = "right-token";

/// The real server, or one of our own that all tests share.
fn url() -> String {
    static OWN: OnceLock<Qdrant> = OnceLock::new();
    std::env::var("QDRANT_URL").unwrap_or_else(|_| OWN.get_or_init(|| Qdrant::start(TOKEN)).url())
}

fn token() -> String {
    std::env::var("QDRANT_TOKEN").unwrap_or_else(|_| TOKEN.into())
}

fn marks() -> &'static TempDir {
    static MARKS: OnceLock<TempDir> = OnceLock::new();
    MARKS.get_or_init(|| tempfile::tempdir().unwrap())
}

async fn open(name: &str, kind: PointKind) -> Arc<dyn VectorStore> {
    Arc::new(QdrantStore::new(url(), place_of(kind, marks().path(), name, Some(&token()))))
}

conformance!(conforms, super::open);

#[tokio::test]
async fn what_was_told_is_there_after_a_reopen() {
    let open = || open("reopened", PointKind::Photos);
    reopened(open().await, open).await;
}

#[tokio::test]
async fn points_have_the_payload_that_others_read() {
    let own = Qdrant::start(TOKEN);
    let folder = tempfile::tempdir().unwrap();
    let store = QdrantStore::new(own.url(), place(folder.path(), "shape", Some(TOKEN)));
    store.upsert(&points([3])).await.unwrap();
    let payload = own.payload("shape", 3);
    assert_eq!(payload["filename"], points([3])[0].path.as_str().into());
    assert_eq!(payload["folder"], 3.into());
    assert_eq!(payload["taken_at"], (-2000).into());
    assert_eq!(payload["model"], "test@1".into());
    assert_eq!(payload.len(), 4);
}

#[tokio::test]
async fn a_collection_that_was_half_made_is_finished_with_the_next_rows() {
    let own = Qdrant::start(TOKEN);
    let folder = tempfile::tempdir().unwrap();
    let store = QdrantStore::new(own.url(), place(folder.path(), "half", Some(TOKEN)));
    own.refuse_indexes(true);
    let refused = store.upsert(&points([1])).await.unwrap_err();
    assert!(refused.to_string().contains("no space for an index"), "{refused}");
    assert_eq!(own.indexes("half"), Some(vec![]));
    own.refuse_indexes(false);
    store.upsert(&points([1])).await.unwrap();
    assert_eq!(own.indexes("half"), Some(vec!["folder".to_owned(), "taken_at".to_owned()]));
    assert_eq!(store.count().await.unwrap(), 1);
}

#[tokio::test]
async fn what_is_not_ours_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let ours = place(folder.path(), "foreign", Some(&token()));
    let url = url();
    QdrantStore::new(url.clone(), ours.clone()).upsert(&points([1])).await.unwrap();
    let collection = |model: &str, dimension| Collection::of_photos(model.into(), dimension);
    for other in [collection("test@2", DIMENSION), collection("test@1", 8)] {
        let store = QdrantStore::new(url.clone(), crate::Place { collection: other, ..ours.clone() });
        let refused = store.count().await.unwrap_err();
        assert!(matches!(refused, Error::Store(StoreFault::Foreign { .. })), "{refused}");
    }
    assert_eq!(QdrantStore::new(url, ours).count().await.unwrap(), 1);
}

#[tokio::test]
async fn a_wrong_token_is_told_and_never_shown() {
    let own = Qdrant::start(TOKEN);
    let folder = tempfile::tempdir().unwrap();
    for token in [Some("wrong-token"), None] {
        let store = QdrantStore::new(own.url(), place(folder.path(), "closed", token));
        let refused = store.count().await.unwrap_err();
        assert!(matches!(refused, Error::Store(StoreFault::Token(_))), "{refused}");
        let report = refused.report();
        assert!(!format!("{report:?}").contains("wrong-token"), "{report:?}");
    }
}
