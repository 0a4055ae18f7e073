//! Servers that are down or slow.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use fotonovela_core::error::{Error, StoreFault};
use fotonovela_core::types::ErrorCode;
use fotonovela_core::vectors::milvus::{MilvusAddress, MilvusStore};
use fotonovela_core::vectors::qdrant::QdrantStore;
use fotonovela_core::vectors::{Filter, VectorStore};

use crate::servers::{Kind, Server, free_port};
use crate::{place, points, vector};

/// Far below what the SDK would go on for by itself.
const DEADLINE: Duration = Duration::from_secs(60);

async fn assert_away(store: &dyn VectorStore) {
    let query = vector(1);
    let search = store.search(&query, 3, &Filter::All, false);
    let away = tokio::time::timeout(DEADLINE, search).await.expect("it gives up by itself").unwrap_err();
    assert!(matches!(away, Error::Store(StoreFault::Away { .. })), "{away:?}");
    assert_eq!(away.code(), ErrorCode::Offline);
    assert!(away.to_string().contains("127.0.0.1"), "{away}");
}

#[tokio::test]
async fn nobody_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://127.0.0.1:{}", free_port());
    assert_away(&MilvusStore::new(MilvusAddress::Server(url.clone()), place(folder.path(), "a", None))).await;
    assert_away(&QdrantStore::new(url, place(folder.path(), "b", None))).await;
}

#[tokio::test]
async fn somebody_who_never_answers_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    assert_away(&MilvusStore::new(MilvusAddress::Server(url.clone()), place(folder.path(), "a", None))).await;
    assert_away(&QdrantStore::new(url, place(folder.path(), "b", None))).await;
}

#[tokio::test]
async fn somebody_who_hangs_up_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // The preface of HTTP/2 comes, and an answer to it goes: an empty frame of settings.
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 64]);
            let _ = stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]);
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    assert_away(&MilvusStore::new(MilvusAddress::Server(url.clone()), place(folder.path(), "a", None))).await;
    assert_away(&QdrantStore::new(url, place(folder.path(), "b", None))).await;
}

#[tokio::test]
async fn a_server_that_goes_away_is_told_and_may_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(Kind::Lite, &[]);
    let store = MilvusStore::new(MilvusAddress::Server(server.url()), place(folder.path(), "a", None));
    store.upsert(&points(1..=5)).await.unwrap();
    server.kill();
    assert_away(&store).await;
    server.kill_and_restart();
    for _ in 0..60 {
        if let Ok(hits) = store.search(&vector(1), 3, &Filter::All, false).await {
            assert_eq!(hits[0].photo.0, 1);
            return;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("the store did not come back");
}
