//! TLS with a certificate authority of one's own, which `SSL_CERT_FILE` names. That variable is of a whole process, so each
//! case asks from a process of its own: this program, run anew for one of its tests. (Milvus with TLS: `tests/cli`.)

use std::path::Path;
use std::process::Command;

use fotonovela_core::vectors::qdrant::QdrantStore;
use fotonovela_core::vectors::{Filter, VectorStore};

use crate::authority::Authority;
use crate::qdrant_server::Qdrant;
use crate::{place, points, vector};

const TOKEN: &str = "right-token";
/// Asks the process to use the Qdrant at this address.
const ASK: &str = "FOTONOVELA_TEST_ASK";

/// What the processes do that the other tests start.
#[tokio::test]
async fn asks_for_another_test() {
    let Ok(url) = std::env::var(ASK) else { return };
    let folder = tempfile::tempdir().unwrap();
    let store = QdrantStore::new(url, place(folder.path(), "tls", Some(TOKEN)));
    let asked = async {
        store.upsert(&points(1..=5)).await?;
        store.search(&vector(3), 1, &Filter::All, false).await
    };
    match asked.await {
        Ok(hits) => println!("found {}", hits[0].photo.0),
        Err(error) => println!("{:?}: {error}", error.code()),
    }
}

fn ask(url: &str, trusted: Option<&Path>) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "tls::asks_for_another_test", "--nocapture"]).env(ASK, url);
    command.env_remove("SSL_CERT_DIR").env_remove("SSL_CERT_FILE");
    command.envs(trusted.map(|path| ("SSL_CERT_FILE", path)));
    let output = command.output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn an_own_authority_is_trusted_when_it_is_named_and_else_refused() {
    let authority = Authority::new();
    let server = Qdrant::start_with_tls(TOKEN, &authority);
    let url = format!("https://localhost:{}", server.port);
    let told = ask(&url, Some(&authority.authority()));
    assert!(told.contains("found 3"), "{told}");
    for trusted in [None, Some(Authority::new().authority())] {
        let told = ask(&url, trusted.as_deref());
        assert!(told.contains("Offline") && told.contains("store_certificate"), "{told}");
    }
}
