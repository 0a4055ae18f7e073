//! The embedded store: the suite that the others must pass too. Its own tests lie beside it.

use std::sync::{Arc, OnceLock};

use fotonovela_core::vectors::embedded::EmbeddedStore;
use fotonovela_core::vectors::{PointKind, VectorStore};
use tempfile::TempDir;

use crate::collection;
use crate::suite::conformance;

async fn open(name: &str, kind: PointKind) -> Arc<dyn VectorStore> {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().unwrap()).path().join(name);
    Arc::new(EmbeddedStore::open(&folder, collection(kind)).unwrap())
}

conformance!(conforms, super::open);
