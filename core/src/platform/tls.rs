//! Encrypted connections. All clients share one provider of cryptography: rustls takes none by itself where a build
//! holds two, and the Milvus SDK asks for none.

/// Makes ring the provider of this process, before a client is built.
pub(crate) fn prepare() {
    // An error says that there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Why the certificate of the server at `https://host:port` is not trusted; `None` where it is, or where no certificate
/// was seen. The clients of stores say only that the connection failed, or waited in vain.
#[cfg(any(feature = "milvus", feature = "qdrant"))]
pub(crate) async fn certificate_error(url: &str) -> Option<String> {
    let address = url.strip_prefix("https://")?.to_owned();
    tokio::task::spawn_blocking(move || shake_hands(&address)).await.ok()?
}

#[cfg(any(feature = "milvus", feature = "qdrant"))]
fn shake_hands(address: &str) -> Option<String> {
    use std::net::{TcpStream, ToSocketAddrs};
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::pki_types::ServerName;
    use rustls::{CertificateError, ClientConfig, ClientConnection, Error, RootCertStore};

    /// The client has waited for this server already.
    const PATIENCE: Duration = Duration::from_secs(1);

    prepare();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let (host, _) = address.rsplit_once(':')?;
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).ok()?;
    let mut connection = ClientConnection::new(Arc::new(config), name).ok()?;
    let to = address.to_socket_addrs().ok()?.next()?;
    let mut stream = TcpStream::connect_timeout(&to, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    let failure = connection.complete_io(&mut stream).err()?;
    match failure.get_ref()?.downcast_ref()? {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            Some("it is of an authority that is not known here".into())
        }
        Error::InvalidCertificate(other) => Some(other.to_string()),
        _ => None,
    }
}
