//! What goes wrong with a vector store on a server.

/// Says which store, what happened and what to do. Never holds a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreFault {
    /// No answer, or none in time.
    #[error(
        "the vector store {store} does not answer: {reason}. Check that it runs and that its address is right"
    )]
    Away {
        /// Its address.
        store: String,
        /// What the connection said.
        reason: String,
    },
    /// It shows a certificate that nobody vouches for here.
    #[error(
        "the certificate of the vector store {store} is not trusted: {reason}. If its authority is your own, have the system trust it, or name its file in SSL_CERT_FILE"
    )]
    Certificate {
        /// Its address.
        store: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The token is missing or wrong.
    #[error(
        "the vector store {0} refused the token. Set the right one as FOTONOVELA_STORE_TOKEN or in the keychain"
    )]
    Token(String),
    /// There is a collection of that name that is not of this library.
    #[error(
        "the vector store {store} holds a collection {collection} that is not of this library: {reason}. Rename or drop it there, or choose another store"
    )]
    Foreign {
        /// Its address.
        store: String,
        /// The collection.
        collection: String,
        /// What differs.
        reason: String,
    },
    /// It answered with an error.
    #[error("the vector store {store} failed: {reason}")]
    Failed {
        /// Its address.
        store: String,
        /// What it said.
        reason: String,
    },
    /// This build does not know the kind of store.
    #[error(
        "this build of Fotonovela was made without the store {0}. Use another build, or the store `embedded`"
    )]
    NotBuilt(String),
}
