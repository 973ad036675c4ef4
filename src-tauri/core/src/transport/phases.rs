//! How long each phase of a request took: looking the name up, connecting, TLS, waiting, the body. Measured by a client of its
//! own, without kept connections, since one that is there already has none of the first three.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde::{Deserialize, Serialize};
use specta::Type;
use tokio_rustls::rustls::NamedGroup;
use tokio_rustls::rustls::client::{ClientSessionStore, Resumption, Tls12ClientSessionValue, Tls13ClientSessionValue};
use tokio_rustls::rustls::pki_types::ServerName;
use tower_layer::Layer;
use tower_service::Service;

/// How long each phase took, in milliseconds. What did not happen has no length: the address of a server that is given as a
/// number is not looked up, and plain HTTP has no TLS. Through a proxy, what it takes to reach the server counts as connecting.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, Type)]
pub struct Phases {
    /// Looking the name up.
    pub dns_ms: Option<f64>,
    /// Connecting.
    pub connect_ms: Option<f64>,
    /// The handshake of TLS.
    pub tls_ms: Option<f64>,
    /// From there until the head of the answer: sending, and what the server takes.
    pub wait_ms: Option<f64>,
    /// The body.
    pub transfer_ms: Option<f64>,
}

#[derive(Debug, Default)]
struct Marks {
    begun: Option<Instant>,
    looking_up: Option<Instant>,
    looked_up: Option<Instant>,
    connecting: Option<Instant>,
    shaking_hands: Option<Instant>,
    connected: Option<Instant>,
    head: Option<Instant>,
    end: Option<Instant>,
}

/// Marks when the phases of one request begin and end.
#[derive(Debug, Clone, Default)]
pub struct Stopwatch(Arc<Mutex<Marks>>);

impl Stopwatch {
    /// The request begins.
    pub fn begin(&self) {
        *self.marks() = Marks { begun: Some(Instant::now()), ..Marks::default() };
    }

    /// The head of the answer is there.
    pub fn head(&self) {
        self.marks().head = Some(Instant::now());
    }

    /// The body is there, or nothing more of it comes.
    pub fn end(&self) {
        self.marks().end = Some(Instant::now());
    }

    /// How long each phase took; the one that goes on is not in it.
    pub fn phases(&self) -> Phases {
        let marks = self.marks();
        let dialled = marks.looked_up.or(marks.connecting);
        Phases {
            dns_ms: between(marks.looking_up, marks.looked_up),
            connect_ms: between(dialled, marks.shaking_hands.or(marks.connected)),
            tls_ms: between(marks.shaking_hands, marks.connected),
            wait_ms: between(marks.connected.or(marks.begun), marks.head),
            transfer_ms: between(marks.head, marks.end),
        }
    }

    /// What a TLS session is resumed by: nothing, so that each handshake is a whole one. It is asked as one begins.
    pub(super) fn resumption(&self) -> Resumption {
        Resumption::store(Arc::new(self.clone()))
    }

    fn shake_hands(&self) {
        self.marks().shaking_hands.get_or_insert_with(Instant::now);
    }

    fn marks(&self) -> MutexGuard<'_, Marks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn between(from: Option<Instant>, to: Option<Instant>) -> Option<f64> {
    let took: Duration = to?.saturating_duration_since(from?);
    Some(took.as_secs_f64() * 1000.0)
}

impl Resolve for Stopwatch {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            this.marks().looking_up = Some(Instant::now());
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Addrs = Box::new(found.collect::<Vec<_>>().into_iter());
            this.marks().looked_up = Some(Instant::now());
            Ok(found)
        })
    }
}

impl ClientSessionStore for Stopwatch {
    fn set_kx_hint(&self, _: ServerName<'static>, _: NamedGroup) {}

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        self.shake_hands();
        None
    }

    fn set_tls12_session(&self, _: ServerName<'static>, _: Tls12ClientSessionValue) {}

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.shake_hands();
        None
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {}

    fn insert_tls13_ticket(&self, _: ServerName<'static>, _: Tls13ClientSessionValue) {}

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.shake_hands();
        None
    }
}

impl<S> Layer<S> for Stopwatch {
    type Service = Measured<S>;

    fn layer(&self, connector: S) -> Measured<S> {
        Measured { connector, stopwatch: self.clone() }
    }
}

/// A connector that is measured.
#[derive(Clone)]
pub struct Measured<S> {
    connector: S,
    stopwatch: Stopwatch,
}

type Connecting<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

impl<S, R> Service<R> for Measured<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Connecting<S::Response, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let stopwatch = self.stopwatch.clone();
        stopwatch.marks().connecting = Some(Instant::now());
        let connecting = self.connector.call(target);
        Box::pin(async move {
            let connection = connecting.await?;
            stopwatch.marks().connected = Some(Instant::now());
            Ok(connection)
        })
    }
}
