//! The embedded store: the suite that the others must pass too. Its own tests lie beside it.

use std::sync::{Arc, OnceLock};

use fotonovela_core::vectors::embedded::EmbeddedStore;
use fotonovela_core::vectors::{Collection, VectorStore};
use tempfile::TempDir;

use crate::DIMENSION;
use crate::suite::conformance;

async fn open(name: &str) -> Arc<dyn VectorStore> {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().unwrap()).path().join(name);
    let collection = Collection { model: "test@1".into(), dimension: DIMENSION };
    Arc::new(EmbeddedStore::open(&folder, collection).unwrap())
}

conformance!(conforms, super::open);
