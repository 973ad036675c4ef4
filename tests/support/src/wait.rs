//! Waiting for something to become so, with an end and a reason.

use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use crate::{Failure, Outcome};

/// How long something may take that comes in a moment. A machine that has much else to do is slow at everything, and who waits
/// goes on as soon as it is there.
pub const SOON: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(40);

/// A port nobody listens on just now. Only for programs that cannot be told to choose one themselves.
///
/// # Errors
/// No port can be bound.
pub fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Asks until the answer is yes.
///
/// # Errors
/// It was still no after `timeout`; the message names `what`.
pub async fn wait_until(mut predicate: impl AsyncFnMut() -> bool, timeout: Duration, what: &str) -> Outcome {
    wait_for(async || predicate().await.then_some(()), timeout, what).await
}

/// Asks until there is something, and returns it.
///
/// # Errors
/// There was nothing after `timeout`; the message names `what`.
pub async fn wait_for<T>(mut ask: impl AsyncFnMut() -> Option<T>, timeout: Duration, what: &str) -> Outcome<T> {
    let end = Instant::now() + timeout;
    loop {
        if let Some(found) = ask().await {
            return Ok(found);
        }
        if Instant::now() >= end {
            return Err(too_late(timeout, what));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The same for the few places that run before there is anything asynchronous.
pub(crate) fn wait_blocking<T>(mut ask: impl FnMut() -> Option<T>, timeout: Duration, what: &str) -> Outcome<T> {
    let end = Instant::now() + timeout;
    loop {
        if let Some(found) = ask() {
            return Ok(found);
        }
        if Instant::now() >= end {
            return Err(too_late(timeout, what));
        }
        std::thread::sleep(PAUSE);
    }
}

fn too_late(timeout: Duration, what: &str) -> Failure {
    Failure::new(format!("waited {:.1} s for {what}", timeout.as_secs_f64()))
}
