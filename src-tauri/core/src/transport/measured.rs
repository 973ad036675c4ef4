//! Requests that are measured, each on a connection of its own.

use std::sync::{Arc, PoisonError};

use tokio_rustls::rustls::client::danger::ServerCertVerifier;

use super::opened::{Gauge, Opened, opened};
use super::{Stopwatch, Transport, authority, check_url, is_loopback, ours, tls};
use crate::error::{Error, Result};

impl Transport {
    /// As [`Transport::open`], on a connection of its own and measured. The body comes decompressed.
    ///
    /// # Errors
    /// As for [`Transport::open`].
    pub async fn open_measured(
        &self,
        request: reqwest::Request,
        gauge: &Gauge,
        stopwatch: &Stopwatch,
    ) -> Result<Opened> {
        check_url(request.url())?;
        let host = authority(request.url());
        let client = self.measured(is_loopback(request.url()), stopwatch)?;
        stopwatch.begin();
        let opened = opened(&client, host, request, gauge).await?;
        stopwatch.head();
        Ok(opened)
    }

    /// A client for one request, which is measured: it keeps no connection.
    fn measured(&self, here: bool, stopwatch: &Stopwatch) -> Result<reqwest::Client> {
        let mut config = tls::config(self.verifier()?)?;
        config.resumption = stopwatch.resumption();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(config)
            .dns_resolver(stopwatch.clone())
            .connector_layer(stopwatch.clone())
            .pool_max_idle_per_host(0);
        let builder = if here { builder.no_proxy() } else { builder };
        ours(builder).build().map_err(|error| Error::internal("set up the HTTP client", error))
    }

    /// Reading the authorities of this machine takes longer than most requests.
    fn verifier(&self) -> Result<Arc<dyn ServerCertVerifier>> {
        let mut verifiers = self.verifiers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(verifier) = verifiers.get(&self.ca) {
            return Ok(verifier.clone());
        }
        let verifier = tls::verifier(self.ca.as_deref())?;
        verifiers.insert(self.ca.clone(), verifier.clone());
        Ok(verifier)
    }
}
