//! Encrypted connections. All clients share one provider of cryptography: rustls takes none by itself where a build
//! holds two, and the Milvus SDK asks for none.

/// Makes ring the provider of this process, before a client is built.
pub(crate) fn prepare() {
    // An error says that there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
