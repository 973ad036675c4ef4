//! TLS with the certificate rules of the HTTP client, for what is dialled otherwise.

use std::sync::Arc;

use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, Error as TlsError};

use super::no_certificate;
use crate::error::{Error, Result};

/// Who is trusted: the authorities of this machine, and the one in PEM that is given (security.md D1).
///
/// # Errors
/// `invalid_input` of `ca` when it is no certificate.
pub(crate) fn verifier(ca: Option<&str>) -> Result<Arc<dyn ServerCertVerifier>> {
    let provider = provider();
    Ok(match ca {
        None => Arc::new(rustls_platform_verifier::Verifier::new(provider).map_err(|error| internal(&error))?),
        Some(ca) => {
            let read: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(ca.as_bytes()).collect();
            let certificates = read.map_err(|_| no_certificate())?;
            let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(certificates, provider);
            Arc::new(verifier.map_err(|_| no_certificate())?)
        }
    })
}

/// TLS with servers that the verifier trusts.
///
/// # Errors
/// `internal` when the library cannot be set up.
pub(crate) fn config(verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
    let config = config.map_err(|error| internal(&error))?;
    Ok(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()))
}

fn internal(error: &TlsError) -> Error {
    Error::internal("set up TLS", error)
}
