//! A certificate authority of one's own, as somebody has who runs a server at home.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, KeyUsagePurpose};
use tempfile::TempDir;

/// Files of the authority and of a server on this machine.
pub(crate) struct Authority(TempDir);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let authority = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let server = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let server = server.signed_by(&key, &authority).unwrap();
        let files = Self(tempfile::tempdir().unwrap());
        std::fs::write(files.authority(), authority.pem()).unwrap();
        std::fs::write(files.server(), server.pem()).unwrap();
        std::fs::write(files.key(), key.serialize_pem()).unwrap();
        files
    }

    /// What a client must trust.
    pub(crate) fn authority(&self) -> PathBuf {
        self.0.path().join("authority.pem")
    }

    /// The certificate of `localhost`.
    pub(crate) fn server(&self) -> PathBuf {
        self.0.path().join("server.pem")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.0.path().join("server.key")
    }
}
