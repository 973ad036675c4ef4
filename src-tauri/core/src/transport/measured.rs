//! Requests that are measured, each on a connection of its own.

use std::sync::{Arc, MutexGuard, PoisonError};

use tokio_rustls::rustls::client::danger::ServerCertVerifier;

use super::opened::{Gauge, Opened, opened};
use super::{Stopwatch, Transport, Verifiers, authority, check_url, is_loopback, ours, tls};
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
        let client = measured(self.verifier().await?, is_loopback(request.url()), stopwatch)?;
        stopwatch.begin();
        let opened = opened(&client, host, request, gauge).await?;
        stopwatch.head();
        Ok(opened)
    }

    /// Reading the authorities of this machine takes longer than most requests: it is done once, and holds up nobody else.
    async fn verifier(&self) -> Result<Arc<dyn ServerCertVerifier>> {
        let known = self.verifiers().get(&self.ca).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let ca = self.ca.clone();
        let made = tokio::task::spawn_blocking(move || tls::verifier(ca.as_deref())).await;
        let made = made.map_err(|fault| Error::of_task("read the authorities", &fault))??;
        Ok(self.verifiers().entry(self.ca.clone()).or_insert(made).clone())
    }

    fn verifiers(&self) -> MutexGuard<'_, Verifiers> {
        self.verifiers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client for one request, which is measured: it keeps no connection.
fn measured(verifier: Arc<dyn ServerCertVerifier>, here: bool, stopwatch: &Stopwatch) -> Result<reqwest::Client> {
    let mut config = tls::config(verifier)?;
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
