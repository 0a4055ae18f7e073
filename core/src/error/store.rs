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
    /// Its token would go there in the clear.
    TokenInClear(String),
    /// There is a collection of that name that is not of this library.
    Foreign {
        /// Its address.
        store: String,
        /// The collection.
        collection: String,
        /// What differs.
        difference: StoreDifference,
    },
    /// It answered with an error.
    Failed {
        /// Its address.
        store: String,
        /// What it said.
        reason: String,
    },
    /// The rows that were sent to it are gone; they are sent again.
    RowsLost(String),
    /// It does not say how many rows it holds.
    Uncounted(String),
    /// Its hits cannot be right: scores that are not numbers, or a photo more than once.
    Untrue(String),
    /// This build does not know the kind of store.
    NotBuilt(String),
}

/// What keeps a collection from being of this library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreDifference {
    /// Its key or its fields are of other kinds, or somebody else made it, or it is of another model.
    Owner,
    /// Its vectors are missing or have other names.
    Vectors,
    /// Its vectors are of another length.
    Dimension {
        /// The length there.
        found: usize,
        /// The length that is needed.
        expected: usize,
    },
    /// It does not compare by cosine.
    Metric,
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
            Self::TokenInClear(store) => StoreCode::StoreTokenInClear.with("store", &**store),
            Self::Token(store) => StoreCode::StoreToken.with("store", &**store),
            Self::Foreign { store, collection, difference } => {
                difference.reason().with("store", &**store).with("collection", &**collection)
            }
            Self::Failed { store, reason } => StoreCode::StoreFailed.because(reason).with("store", &**store),
            Self::RowsLost(store) => StoreCode::StoreRowsLost.with("store", &**store),
            Self::Untrue(store) => StoreCode::StoreUntrue.with("store", &**store),
            Self::Uncounted(store) => StoreCode::StoreUncounted.with("store", &**store),
            Self::NotBuilt(store) => StoreCode::StoreNotBuilt.with("store", &**store),
        }
    }
}

impl StoreDifference {
    fn reason(self) -> Reason {
        match self {
            Self::Owner => StoreCode::StoreForeign.reason(),
            Self::Vectors => StoreCode::StoreForeignVectors.reason(),
            Self::Dimension { found, expected } => {
                StoreCode::StoreForeignDimension.with("found", found).with("expected", expected)
            }
            Self::Metric => StoreCode::StoreForeignMetric.reason(),
        }
    }
}
