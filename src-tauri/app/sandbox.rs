//! The sandbox, inside the app: started when asked, and again where a connection of last time needs it.

use std::collections::BTreeMap;

use keydesk_core::{Error, ErrorCode, Keydesk};
use keydesk_sandbox::{Options, Sandbox};
use serde::Serialize;
use specta::Type;
use tokio::sync::Mutex;

use crate::App;

/// The sandbox, while it runs.
#[derive(Default)]
pub struct BuiltInSandbox(Mutex<Option<Sandbox>>);

/// A provider that the sandbox plays.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SandboxOffer {
    /// The provider.
    pub provider: String,
    /// As it is shown.
    pub label: String,
    /// What leads a connection to the sandbox.
    pub parameters: BTreeMap<String, String>,
    /// What to fill in to log in, by way in and field. Demo values, no secrets.
    pub logins: BTreeMap<String, BTreeMap<String, String>>,
}

/// The running sandbox.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SandboxView {
    /// Its address.
    pub url: String,
    /// What it plays.
    pub offers: Vec<SandboxOffer>,
}

impl BuiltInSandbox {
    /// Starts it, on the port of last time where that is free. Started already, it stays.
    ///
    /// # Errors
    /// `sandbox_failed`.
    pub async fn start(&self, app: &App) -> Result<SandboxView, Error> {
        let mut running = self.0.lock().await;
        if let Some(sandbox) = running.as_ref() {
            return Ok(view(sandbox));
        }
        let port = port_of_last_time(&app.keydesk).unwrap_or(0);
        let started = match Sandbox::start(Options { port, ..Options::default() }).await {
            Err(_) if port != 0 => Sandbox::start(Options::default()).await,
            other => other,
        };
        let sandbox = started
            .map_err(|error| Error::new(ErrorCode::SandboxFailed, format!("The sandbox did not start ({error}).")))?;
        Ok(view(running.insert(sandbox)))
    }

    /// Its address, while it runs.
    pub async fn url(&self) -> Option<String> {
        self.0.lock().await.as_ref().map(|sandbox| sandbox.url().to_owned())
    }
}

/// The port that a sandbox connection was made with, so that it finds the sandbox again.
fn port_of_last_time(keydesk: &Keydesk) -> Option<u16> {
    let connections = keydesk.list_connections();
    let to_sandbox = connections.iter().rev().find(|connection| connection.sandbox)?;
    let url = to_sandbox.parameters.values().find(|value| value.contains("127.0.0.1:"))?;
    url.split("127.0.0.1:").nth(1)?.split('/').next()?.parse().ok()
}

/// Starts it for the connections that go to it.
pub async fn start_if_used(app: &App) {
    if app.keydesk.list_connections().iter().any(|connection| connection.sandbox)
        && let Err(error) = app.sandbox.start(app).await
    {
        tracing::warn!(%error, "the sandbox did not start");
    }
}

fn view(sandbox: &Sandbox) -> SandboxView {
    let offers = keydesk_sandbox::offers(sandbox.url()).into_iter();
    let offers = offers.map(|offer| SandboxOffer {
        provider: offer.provider,
        label: offer.label,
        parameters: offer.parameters,
        logins: offer.logins,
    });
    SandboxView { url: sandbox.url().to_owned(), offers: offers.collect() }
}
