//! Opening stores: which kinds there are, and where their tokens are.

use crate::error::Result;
use crate::platform::keychain::{KeyRing, Secret};
use crate::types::StoreKind;
use crate::vectors::{Collection, PointKind, StoreUri, VectorStore};
use std::path::PathBuf;
use std::sync::Arc;

/// The variable that holds the token of a store and goes before the keychain.
pub const TOKEN: &str = "FOTONOVELA_STORE_TOKEN";

/// Opens stores for one library and model.
#[derive(Clone)]
pub struct Stores {
    /// Text that no other library has.
    pub installation: String,
    /// The data folder.
    pub data: PathBuf,
    /// What is kept of each photo.
    pub collection: Collection,
    /// Tokens by host.
    pub keys: Arc<KeyRing>,
}

impl Stores {
    /// The tokens that are looked for in the environment, then in the keychain.
    pub fn keys_from_environment() -> Arc<KeyRing> {
        Arc::new(KeyRing::new(std::env::var(TOKEN).ok().and_then(Secret::new)))
    }

    /// The kinds that [`Self::open`] knows.
    pub fn kinds() -> Vec<StoreKind> {
        let mut kinds = vec![StoreKind::Embedded];
        if cfg!(feature = "milvus") {
            kinds.extend([StoreKind::MilvusLite, StoreKind::Milvus]);
        }
        if cfg!(feature = "qdrant") {
            kinds.push(StoreKind::Qdrant);
        }
        kinds
    }

    /// A store on a server, which is not reached for yet; `None` for the embedded one.
    ///
    /// # Errors
    /// [`crate::error::StoreFault::NotBuilt`] where this build does not know it.
    pub fn open(&self, uri: &StoreUri) -> Result<Option<Arc<dyn VectorStore>>> {
        match uri {
            StoreUri::Embedded => Ok(None),
            #[cfg(feature = "milvus")]
            StoreUri::Milvus(_) | StoreUri::MilvusLite(_) => {
                use crate::vectors::milvus::{MilvusAddress, MilvusStore};
                let address = match uri {
                    StoreUri::MilvusLite(folder) => MilvusAddress::Lite(folder.clone()),
                    other => MilvusAddress::Server(other.to_string()),
                };
                Ok(Some(Arc::new(MilvusStore::new(address, self.place(uri)))))
            }
            #[cfg(feature = "qdrant")]
            StoreUri::Qdrant(url) => {
                let store = crate::vectors::qdrant::QdrantStore::new(url.clone(), self.place(uri));
                Ok(Some(Arc::new(store)))
            }
            #[cfg(not(all(feature = "milvus", feature = "qdrant")))]
            other => Err(crate::error::StoreFault::NotBuilt(other.to_string()).into()),
        }
    }

    /// Name of this library's collection: one for each library, model, length of vectors and kind of row.
    pub fn name(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let model: String = self.collection.model.chars().map(plain).collect();
        let kind = match self.collection.kind {
            PointKind::Photos => "",
            PointKind::Regions => "_regions",
        };
        format!("fotonovela_{}_{model}_{}{kind}", &self.installation[..8], self.collection.dimension)
    }

    #[cfg(any(feature = "milvus", feature = "qdrant"))]
    fn place(&self, uri: &StoreUri) -> crate::vectors::server::Place {
        let address = blake3::hash(uri.to_string().as_bytes()).to_hex();
        crate::vectors::server::Place {
            name: self.name(),
            collection: self.collection.clone(),
            token: uri.host().map(|host| (Arc::clone(&self.keys), host.to_owned())),
            mark: self.data.join("vectors").join(format!("{}-{}.reached", self.name(), &address[..16])),
        }
    }
}
