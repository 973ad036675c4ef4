//! A certificate authority that no machine knows, and servers under it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::{Outcome, Received};

/// What every server of an authority answers: as the sample of World of Workflows does.
const TOKEN: &str = r#"{"authToken":"a-token-of-this-server","expiresInMinutes":30}"#;

/// The authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    delay: Duration,
}

impl Authority {
    /// Makes one.
    ///
    /// # Errors
    /// Its key or its certificate cannot be made.
    pub fn new() -> Outcome<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate()?;
        let pem = params.self_signed(&key)?.pem();
        Ok(Self { issuer: Issuer::new(params, key), pem, delay: Duration::ZERO })
    }

    /// Its servers take so long for each answer.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Its certificate.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A server that answers any request with a token, under a certificate for `name` that ends in `year`. It ends with
    /// the test's runtime.
    ///
    /// # Errors
    /// No port can be bound, or the certificate cannot be made.
    pub async fn server(&self, name: &str, year: i32) -> Outcome<String> {
        let acceptor = TlsAcceptor::from(Arc::new(self.configuration(name, year)?));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (port, delay) = (listener.local_addr()?.port(), self.delay);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(acceptor.clone(), stream, delay));
            }
        });
        Ok(format!("https://localhost:{port}"))
    }

    /// A certificate for `name` that ends in `year`, and its key, both in PEM: for servers that others wrote.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn certificate(&self, name: &str, year: i32) -> Outcome<(String, String)> {
        let (certificate, key) = self.issued(name, year)?;
        Ok((certificate.pem(), key.serialize_pem()))
    }

    fn issued(&self, name: &str, year: i32) -> Outcome<(Certificate, KeyPair)> {
        let mut params = CertificateParams::new(vec![name.to_owned()])?;
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
        let key = KeyPair::generate()?;
        Ok((params.signed_by(&key, &self.issuer)?, key))
    }

    fn configuration(&self, name: &str, year: i32) -> Outcome<ServerConfig> {
        let (certificate, key) = self.issued(name, year)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)?;
        Ok(config)
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Authority")
    }
}

/// A client that does not trust the certificate goes away; another may ask as often as it likes.
async fn answer(acceptor: TlsAcceptor, stream: TcpStream, delay: Duration) {
    // An answer is one packet: waiting for more would only slow it down.
    let _ = stream.set_nodelay(true);
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let answer = format!("{head}content-length: {}\r\n\r\n{TOKEN}", TOKEN.len());
    while Received::read(&mut stream).await.is_some() {
        tokio::time::sleep(delay).await;
        if stream.write_all(answer.as_bytes()).await.and(stream.flush().await).is_err() {
            return;
        }
    }
}
