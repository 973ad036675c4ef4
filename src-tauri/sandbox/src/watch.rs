use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::shared::Shared;

/// Stands before every request: refuses foreign hosts, counts, holds back, answers with a planned fault.
pub(crate) async fn watch(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if !is_own_host(request.headers(), shared.port) {
        return (StatusCode::MISDIRECTED_REQUEST, "Not a host of the sandbox").into_response();
    }
    let path = request.uri().path();
    shared.record.request(path);
    let latency = shared.options().latency;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    if let Some(fault) = shared.faults.take(path) {
        return fault;
    }
    next.run(request).await
}

/// A web page whose name resolves to loopback must not drive the sandbox (DNS rebinding).
fn is_own_host(headers: &HeaderMap, port: u16) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    ["127.0.0.1", "localhost"].iter().any(|name| host == Some(format!("{name}:{port}").as_str()))
}
