//! What goes wrong with a vector store on a server.

use crate::types::{Reason, ReasonCode, StoreCode};

/// Says which store and what happened. Never holds a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.reason())]
pub enum StoreFault {
    /// No answer, or an error of the connection.
    Away {
        /// Its address.
        store: String,
        /// What the connection said.
        reason: String,
    },
    /// No answer in time.
    Slow {
        /// Its address.
        store: String,
        /// How long it had.
        seconds: u64,
    },
    /// Milvus Lite, which Fotonovela starts itself, did not start.
    NotStarted(String),
    /// It shows a certificate that nobody vouches for here.
    Certificate {
        /// Its address.
        store: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The token is missing or wrong.
    Token(String),
    /// There is a collection of that name that is not of this library.
    Foreign {
        /// Its address.
        store: String,
        /// The collection.
        collection: String,
        /// What differs.
        reason: String,
    },
    /// It answered with an error.
    Failed {
        /// Its address.
        store: String,
        /// What it said.
        reason: String,
    },
    /// This build does not know the kind of store.
    NotBuilt(String),
}

impl StoreFault {
    /// What happened.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Away { store, reason } => StoreCode::StoreAway.because(reason).with("store", &**store),
            Self::Slow { store, seconds } => {
                StoreCode::StoreSlow.with("seconds", *seconds).with("store", &**store)
            }
            Self::NotStarted(store) => StoreCode::StoreNotStarted.with("store", &**store),
            Self::Certificate { store, reason } => {
                StoreCode::StoreCertificate.because(reason).with("store", &**store)
            }
            Self::Token(store) => StoreCode::StoreToken.with("store", &**store),
            Self::Foreign { store, collection, reason } => StoreCode::StoreForeign
                .because(reason)
                .with("store", &**store)
                .with("collection", &**collection),
            Self::Failed { store, reason } => StoreCode::StoreFailed.because(reason).with("store", &**store),
            Self::NotBuilt(store) => StoreCode::StoreNotBuilt.with("store", &**store),
        }
    }
}
