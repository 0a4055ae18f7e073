//! A build without stores on servers: `make check-features`.
#![cfg(not(any(feature = "milvus", feature = "qdrant")))]

use std::sync::Arc;

use fotonovela_core::error::{Error, StoreFault};
use fotonovela_core::platform::keychain::KeyRing;
use fotonovela_core::stores::Stores;
use fotonovela_core::types::ErrorCode;
use fotonovela_core::vectors::Collection;

#[test]
fn a_store_that_was_left_out_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let stores = Stores {
        installation: "0123456789".into(),
        data: folder.path().to_owned(),
        collection: Collection::of_photos("test@1".into(), 4),
        keys: Arc::new(KeyRing::new(None)),
    };
    assert!(stores.open(&"embedded".parse().unwrap()).unwrap().is_none());
    for uri in ["http://localhost:19530", "milvus-lite:/vectors", "qdrant+http://localhost:6334"] {
        let Err(refused) = stores.open(&uri.parse().unwrap()) else { panic!("{uri}") };
        assert!(matches!(refused, Error::Store(StoreFault::NotBuilt(_))), "{refused:?}");
        assert_eq!(refused.code(), ErrorCode::Invalid);
        let told = refused.to_string();
        assert!(told.contains(uri) && told.contains("embedded"), "{told}");
    }
}
