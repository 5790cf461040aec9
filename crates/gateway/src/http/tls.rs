//! The certificate under which the registry is served, where nothing before it ends TLS, and how it is renewed.
//!
//! Its files are looked at again and again: one that was renewed is served to whoever connects from then on, without a
//! restart; connections that stand go on. Files that cannot be used, as while one of the two is still the former, change
//! nothing until they can.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// How often it is looked whether the files were renewed.
const LOOKED_EVERY: Duration = Duration::from_secs(10);

/// Why a certificate or key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsInvalid {
    #[error("{file} cannot be read: {why}")]
    Unread { file: String, why: PemError },
    #[error("the certificate and its key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

/// A certificate with its key, served under TLS 1.2 and 1.3; clones share what is served.
#[derive(Debug, Clone)]
pub struct Tls {
    files: Files,
    served: Arc<Served>,
}

#[derive(Debug, Clone)]
struct Files {
    certificates: PathBuf,
    key: PathBuf,
}

/// What is served now.
#[derive(Debug)]
struct Served(RwLock<Arc<CertifiedKey>>);

impl Tls {
    /// Reads a chain of certificates, the registry's own first, and its key, as PEM.
    pub fn read(certificates: &Path, key: &Path) -> Result<Self, TlsInvalid> {
        let files = Files { certificates: certificates.to_owned(), key: key.to_owned() };
        let served = Arc::new(Served(RwLock::new(Arc::new(files.read()?))));
        Ok(Self { files, served })
    }

    /// As the server takes it.
    pub(super) fn config(&self) -> Result<ServerConfig, TlsInvalid> {
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth();
        Ok(config.with_cert_resolver(Arc::clone(&self.served) as Arc<dyn ResolvesServerCert>))
    }

    /// Looks for renewed files for as long as it is let run.
    pub(super) async fn keep(self) {
        let mut unusable = None;
        loop {
            tokio::time::sleep(LOOKED_EVERY).await;
            let tls = self.clone();
            let renewed = tokio::task::spawn_blocking(move || tls.renew()).await;
            let found = match renewed {
                Ok(Ok(false)) => None,
                Ok(Ok(true)) => {
                    tracing::info!("a renewed certificate is served");
                    None
                }
                Ok(Err(why)) => Some(why.to_string()),
                Err(why) => Some(why.to_string()),
            };
            // Told once, not every time it is looked.
            if let Some(why) = found.as_ref().filter(|why| unusable.as_ref() != Some(*why)) {
                tracing::error!(%why, "the certificate is not renewed: its files cannot be used");
            }
            unusable = found;
        }
    }

    /// Serves what the files hold now; whether that is another chain.
    fn renew(&self) -> Result<bool, TlsInvalid> {
        let found = self.files.read()?;
        let mut served = self.served.0.write().unwrap_or_else(PoisonError::into_inner);
        let is_other = served.cert != found.cert;
        if is_other {
            *served = Arc::new(found);
        }
        Ok(is_other)
    }
}

impl Files {
    fn read(&self) -> Result<CertifiedKey, TlsInvalid> {
        let unread = |file: &Path| {
            let file = file.display().to_string();
            move |why| TlsInvalid::Unread { file, why }
        };
        let chain = CertificateDer::pem_file_iter(&self.certificates).and_then(Iterator::collect);
        let chain = chain.map_err(unread(&self.certificates))?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(unread(&self.key))?;
        Ok(CertifiedKey::from_der(chain, key, &default_provider())?)
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
