//! The certificate under which the registry is served, where nothing before it ends TLS.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Why a certificate or key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsInvalid {
    #[error("{file} cannot be read: {why}")]
    Unread { file: String, why: PemError },
    #[error("the certificate and its key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

/// A certificate with its key, ready to be served under TLS 1.2 and 1.3.
#[derive(Debug, Clone)]
pub struct Tls(ServerConfig);

impl Tls {
    /// Reads a chain of certificates, the registry's own first, and its key, as PEM.
    pub fn read(certificates: &Path, key: &Path) -> Result<Self, TlsInvalid> {
        let unread = |file: &Path| {
            let file = file.display().to_string();
            move |why| TlsInvalid::Unread { file, why }
        };
        let chain = CertificateDer::pem_file_iter(certificates).and_then(Iterator::collect);
        let chain: Vec<_> = chain.map_err(unread(certificates))?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(unread(key))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        Ok(Self(config))
    }

    /// As the server takes it.
    pub fn config(self) -> ServerConfig {
        self.0
    }
}
