//! Ctrl-C while something is under way.

use std::io;
use std::time::Duration;

use crate::failure::Failure;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlC as Signal, ctrl_c};

/// How long what is under way is waited for.
const GRACE: Duration = Duration::from_secs(5);

/// Ctrl-C, heard from here on: who makes it before telling the person of Ctrl-C misses none.
pub struct CtrlC(Signal);

impl CtrlC {
    /// # Errors
    /// It cannot be listened for.
    pub fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        return signal(SignalKind::interrupt()).map(Self);
        #[cfg(windows)]
        return ctrl_c().map(Self);
    }

    /// Waits until it is pressed.
    pub async fn pressed(&mut self) {
        self.0.recv().await;
    }
}

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
    let mut ctrl_c = CtrlC::listen()?;
    let mut work = std::pin::pin!(work);
    tokio::select! {
        done = &mut work => return Ok(Ended::Done(done)),
        () = ctrl_c.pressed() => {}
    }
    stop();
    Ok(Ended::Stopped(tokio::select! {
        done = &mut work => Some(done),
        () = tokio::time::sleep(GRACE) => None,
        () = ctrl_c.pressed() => None,
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

/// Ctrl-C, or the system that ends a command which goes on by itself; heard from here on.
pub struct Stop {
    ctrl_c: CtrlC,
    #[cfg(unix)]
    terminated: Signal,
}

impl Stop {
    /// # Errors
    /// They cannot be listened for.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            ctrl_c: CtrlC::listen()?,
            #[cfg(unix)]
            terminated: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for either.
    pub async fn asked(mut self) {
        #[cfg(unix)]
        tokio::select! {
            () = self.ctrl_c.pressed() => {}
            _ = self.terminated.recv() => {}
        }
        #[cfg(not(unix))]
        self.ctrl_c.pressed().await;
    }
}

/// Gives what is under way a moment to end; Ctrl-C takes that too.
pub async fn briefly(work: impl Future<Output = ()>) {
    let mut ctrl_c = CtrlC::listen().ok();
    let pressed = async {
        match &mut ctrl_c {
            Some(ctrl_c) => ctrl_c.pressed().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = work => {}
        () = pressed => {}
        () = tokio::time::sleep(GRACE) => {}
    }
}
