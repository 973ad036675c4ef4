//! Ctrl-C while something is under way.

use std::io;
use std::time::Duration;

use crate::failure::Failure;

/// How long what is under way is waited for.
const GRACE: Duration = Duration::from_secs(5);

/// How something ended.
pub enum Ended<T> {
    /// By itself.
    Done(T),
    /// After Ctrl-C; with what it came to, if it still came to an end.
    Stopped(Option<T>),
}

/// Ctrl-C ends the command, but not between a renewal and the keeping of what it gave: a server that rotates gives a
/// refresh token once. So what is under way has a moment to end; a second Ctrl-C takes that too.
///
/// # Errors
/// Ctrl-C cannot be listened for.
pub async fn watched<T>(work: impl Future<Output = T>, stop: impl FnOnce()) -> Result<Ended<T>, Failure> {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        done = &mut work => return Ok(Ended::Done(done)),
        pressed = tokio::signal::ctrl_c() => pressed?,
    }
    stop();
    Ok(Ended::Stopped(tokio::select! {
        done = &mut work => Some(done),
        () = tokio::time::sleep(GRACE) => None,
        _ = tokio::signal::ctrl_c() => None,
    }))
}

/// The same, for work that nobody wants to see after Ctrl-C.
///
/// # Errors
/// Stopped by Ctrl-C.
pub async fn finishing<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    match watched(work, || ()).await? {
        Ended::Done(done) => Ok(done),
        Ended::Stopped(_) => Err(Failure::interrupted()),
    }
}

/// Waits for Ctrl-C, or for the system to end a command that goes on by itself.
///
/// # Errors
/// They cannot be listened for.
#[cfg(unix)]
pub async fn stopped() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = terminated.recv() => Ok(()),
    }
}

/// The same, where there is Ctrl-C only.
///
/// # Errors
/// It cannot be listened for.
#[cfg(not(unix))]
pub async fn stopped() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// Gives what is under way a moment to end.
pub async fn briefly(work: impl Future<Output = ()>) {
    // It had its moment.
    let _ = tokio::time::timeout(GRACE, work).await;
}
