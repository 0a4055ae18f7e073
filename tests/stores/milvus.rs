//! Milvus: the suite on Milvus Lite and on the standalone server with authorization, what Python reads, kill -9, and TLS.

use std::process::Command;
use std::sync::{Arc, OnceLock};

use fotonovela_core::error::{Error, StoreFault};
use fotonovela_core::vectors::milvus::{MilvusAddress, MilvusStore};
use fotonovela_core::vectors::{Collection, Filter, PointKind, VectorStore};
use tempfile::TempDir;

use crate::servers::{Kind, START, Server, python, shared};
use crate::suite::{conformance, reopened};
use crate::{DIMENSION, Place, place, place_of, points, vector};

pub(crate) const TOKEN: &str = "root:Milvus";

fn marks() -> &'static TempDir {
    static MARKS: OnceLock<TempDir> = OnceLock::new();
    MARKS.get_or_init(|| tempfile::tempdir().unwrap())
}

fn store(url: String, place: Place) -> MilvusStore {
    MilvusStore::new(MilvusAddress::Server(url), place)
}

/// The standalone server that all tests share.
pub(crate) fn alone() -> &'static Server {
    shared(Kind::Standalone, killed)
}

async fn lite(name: &str, kind: PointKind) -> Arc<dyn VectorStore> {
    let place = place_of(kind, marks().path(), &format!("lite_{name}"), None);
    Arc::new(store(shared(Kind::Lite, |_| ()).url(), place))
}

async fn standalone(name: &str, kind: PointKind) -> Arc<dyn VectorStore> {
    let place = place_of(kind, marks().path(), &format!("alone_{name}"), Some(TOKEN));
    Arc::new(store(alone().url(), place))
}

conformance!(lite_conforms, super::lite);
conformance!(standalone_conforms, super::standalone);

#[tokio::test]
async fn what_was_told_is_there_after_a_reopen() {
    let lite = || lite("reopened", PointKind::Photos);
    reopened(lite().await, lite).await;
    let standalone = || standalone("reopened", PointKind::Photos);
    reopened(standalone().await, standalone).await;
}

/// What a Python program prints; it is given a connected `client` and `arguments`.
pub(crate) fn pymilvus(url: &str, token: Option<&str>, script: &str, arguments: &[&str]) -> String {
    let connect = "
import json, sys
from pymilvus import MilvusClient
client, arguments = MilvusClient(uri=sys.argv[1], token=sys.argv[2]), sys.argv[3:]
";
    let mut command = Command::new(python("python"));
    command.args(["-c", &format!("{connect}{script}"), url, token.unwrap_or_default()]).args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The tutorial's own search finds what the store finds.
async fn python_searches(collection: &str, url: &str, token: Option<&str>, place: Place) {
    let store = store(url.to_owned(), place);
    let rows = points(1..=20);
    store.upsert(&rows).await.unwrap();
    let script = "
results = client.search(
    arguments[0], data=[json.loads(arguments[1])], output_fields=['filename'],
    search_params={'metric_type': 'COSINE'}, limit=6, consistency_level='Strong')
print(json.dumps([[hit['id'], hit['distance'], hit['entity']['filename']] for hit in results[0]]))
";
    let query = serde_json::to_string(&vector(7)).unwrap();
    let printed = pymilvus(url, token, script, &[collection, &query]);
    let theirs: Vec<(i64, f32, String)> = serde_json::from_str(&printed).unwrap();
    let ours = store.search(&vector(7), 6, &Filter::All, false).await.unwrap();
    assert_eq!(theirs.len(), 6);
    for ((id, score, filename), hit) in theirs.into_iter().zip(ours) {
        assert_eq!(
            (id, filename.as_str()),
            (hit.photo.0, rows[usize::try_from(id).unwrap() - 1].path.as_str())
        );
        assert!((score - hit.score).abs() < 1e-3);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_searches_lite_as_the_tutorial_does() {
    let server = Server::start(Kind::Lite, &[]);
    let place = place(marks().path(), "tutorial", None);
    python_searches("image_embeddings", &server.url(), None, place).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_searches_the_standalone_server_by_the_collections_name() {
    let place = place(marks().path(), "alone_tutorial", Some(TOKEN));
    python_searches("alone_tutorial", &alone().url(), Some(TOKEN), place).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collection_that_python_made_is_refused_and_left_alone() {
    let url = shared(Kind::Lite, |_| ()).url();
    let script = "
if not client.has_collection('theirs'):
    client.create_collection('theirs', dimension=64)
    client.insert('theirs', [{'id': 1, 'vector': [0.5] * 64, 'mine': True}])
print(client.query('theirs', filter='id >= 0', output_fields=['mine']))
";
    let theirs = || pymilvus(&url, None, script, &[]);
    let before = theirs();
    let store = store(url.clone(), place(marks().path(), "theirs", None));
    let refused = store.upsert(&points([1])).await.unwrap_err();
    assert!(matches!(refused, Error::Store(StoreFault::Foreign { .. })), "{refused}");
    assert_eq!(refused.reason().params["collection"].to_string(), "theirs");
    assert_eq!(theirs(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_makes_no_collection_and_one_without_index_is_finished() {
    let lite = shared(Kind::Lite, |_| ());
    for (name, server, token) in [("lite_asked", lite, None), ("alone_asked", alone(), Some(TOKEN))] {
        let ours = place(marks().path(), name, token);
        let store = store(server.url(), ours.clone());
        assert!(store.health().await.unwrap().starts_with("milvus"));
        assert_eq!(store.count().await.unwrap(), 0);
        let is_there = "print(client.has_collection(arguments[0]))";
        assert_eq!(pymilvus(&server.url(), token, is_there, &[name]), "False\n");
        // As a program leaves it that ends before the index is made.
        store.upsert(&points(1..=3)).await.unwrap();
        let undone = "
client.release_collection(arguments[0])
client.drop_index(arguments[0], 'vector')
print(client.list_indexes(arguments[0]))
";
        assert_eq!(pymilvus(&server.url(), token, undone, &[name]), "[]\n");
        let again = self::store(server.url(), ours);
        again.upsert(&points(4..=5)).await.unwrap();
        assert_eq!(again.count().await.unwrap(), 5);
        assert_eq!(again.search(&vector(4), 1, &Filter::All, false).await.unwrap()[0].photo.0, 4);
    }
}

/// Writes rows, kills the server, and waits until it answers again. The same store connects anew by itself.
async fn kill_9(server: &mut Server, store: &MilvusStore) {
    // It listens before it answers.
    let begun = std::time::Instant::now();
    while store.health().await.is_err() && begun.elapsed() < START {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    store.upsert(&points(1..=500)).await.unwrap();
    server.kill_and_restart();
    for _ in 0..90 {
        match store.search(&vector(77), 1, &Filter::All, false).await {
            Ok(hits) if !hits.is_empty() => return assert_eq!(hits[0].photo.0, 77),
            Ok(_) | Err(Error::Store(_)) => tokio::time::sleep(std::time::Duration::from_secs(1)).await,
            Err(other) => panic!("{other}"),
        }
    }
    panic!("the store did not come back: {:?}", store.count().await);
}

#[tokio::test]
async fn rows_survive_kill_9_of_lite() {
    let mut server = Server::start(Kind::Lite, &[]);
    let store = store(server.url(), place(marks().path(), "killed_lite", None));
    kill_9(&mut server, &store).await;
    assert_eq!(store.count().await.unwrap(), 500);
}

/// The standalone server starts slowly and takes much memory. So the one that all tests share is one that was killed.
fn killed(server: &mut Server) {
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let store = store(server.url(), place(marks().path(), "killed", Some(TOKEN)));
        runtime.block_on(kill_9(server, &store));
    };
    // In a thread of its own, since the tests that come here are async.
    std::thread::scope(|scope| scope.spawn(work).join().unwrap());
}

#[tokio::test]
async fn rows_survive_kill_9_of_the_standalone_server() {
    let store = store(alone().url(), place(marks().path(), "killed", Some(TOKEN)));
    assert_eq!(store.count().await.unwrap(), 500);
    assert_eq!(store.search(&vector(78), 1, &Filter::All, false).await.unwrap()[0].photo.0, 78);
}

#[tokio::test]
async fn a_wrong_token_is_told_at_once_and_never_shown() {
    let url = alone().url();
    for token in [Some("root:wrong-token"), None] {
        let refused = store(url.clone(), place(marks().path(), "closed", token)).count().await.unwrap_err();
        assert!(matches!(refused, Error::Store(StoreFault::Token(_))), "{refused}");
        let report = refused.report();
        assert!(!format!("{report:?}").contains("wrong-token"), "{report:?}");
    }
}

#[tokio::test]
async fn what_is_not_ours_is_refused_and_left_alone() {
    let lite = shared(Kind::Lite, |_| ());
    for (kind, server, token) in [(Kind::Lite, lite, None), (Kind::Standalone, alone(), Some(TOKEN))] {
        let (url, ours) = (server.url(), place(marks().path(), "foreign", token));
        store(url.clone(), ours.clone()).upsert(&points([1])).await.unwrap();
        let collection = |model: &str, dimension| Collection::of_photos(model.into(), dimension);
        // Milvus Lite does not keep what a collection says of itself.
        let others = [collection("test@1", 8), collection("test@2", DIMENSION)];
        for other in others.into_iter().take(if kind == Kind::Lite { 1 } else { 2 }) {
            let foreign = store(url.clone(), Place { collection: other, ..ours.clone() });
            let refused = foreign.count().await.unwrap_err();
            assert!(matches!(refused, Error::Store(StoreFault::Foreign { .. })), "{refused}");
        }
        assert_eq!(store(url, ours).count().await.unwrap(), 1);
    }
}
