//! The end of a command that the person or the system asks for while something is under way.

use std::io;
use std::time::Duration;

use crate::failure::Failure;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlC as Signal, ctrl_c};

/// How long what is under way is waited for.
const GRACE: Duration = Duration::from_secs(5);

/// Ctrl-C, or the system that ends the command: SIGTERM, or a terminal that is closed. Heard from here on: who makes it
/// before telling the person of Ctrl-C misses none.
pub struct Stop {
    ctrl_c: Signal,
    #[cfg(unix)]
    terminated: Signal,
    /// None where it is to be outlived.
    #[cfg(unix)]
    hung_up: Option<Signal>,
}

impl Stop {
    /// # Errors
    /// They cannot be listened for.
    #[cfg(unix)]
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            ctrl_c: signal(SignalKind::interrupt())?,
            terminated: signal(SignalKind::terminate())?,
            hung_up: if ends_with_its_terminal() { Some(signal(SignalKind::hangup())?) } else { None },
        })
    }

    /// # Errors
    /// It cannot be listened for.
    #[cfg(windows)]
    pub fn listen() -> io::Result<Self> {
        ctrl_c().map(|ctrl_c| Self { ctrl_c })
    }

    /// Waits for any of them.
    #[cfg(unix)]
    pub async fn asked(&mut self) {
        let hung_up = async {
            match &mut self.hung_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.ctrl_c.recv() => {}
            _ = self.terminated.recv() => {}
            _ = hung_up => {}
        }
    }

    /// Waits for it.
    #[cfg(windows)]
    pub async fn asked(&mut self) {
        self.ctrl_c.recv().await;
    }
}

/// Whether nobody asked for the contrary: `nohup` has the hang-up ignored, and listening for it would undo that. Only Linux tells;
/// elsewhere it is taken as the system takes it.
#[cfg(unix)]
fn ends_with_its_terminal() -> bool {
    const SIGHUP: u64 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & SIGHUP == 0)
}

/// How something ended.
pub enum Ended<T> {
    /// By itself.
    Done(T),
    /// Because that was asked; with what it came to, if it still came to an end.
    Stopped(Option<T>),
}

/// [`Stop`] ends the command, but not between a renewal and the keeping of what it gave: a server that rotates gives a
/// refresh token once. So what is under way has a moment to end; who asks again takes that too.
///
/// # Errors
/// It cannot be listened for.
pub async fn watched<T>(work: impl Future<Output = T>, stop: impl FnOnce()) -> Result<Ended<T>, Failure> {
    let mut stop_asked = Stop::listen()?;
    let mut work = std::pin::pin!(work);
    tokio::select! {
        done = &mut work => return Ok(Ended::Done(done)),
        () = stop_asked.asked() => {}
    }
    stop();
    Ok(Ended::Stopped(tokio::select! {
        done = &mut work => Some(done),
        () = tokio::time::sleep(GRACE) => None,
        () = stop_asked.asked() => None,
    }))
}

/// The same, for work that nobody wants to see after that.
///
/// # Errors
/// It was stopped.
pub async fn finishing<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    match watched(work, || ()).await? {
        Ended::Done(done) => Ok(done),
        Ended::Stopped(_) => Err(Failure::interrupted()),
    }
}

/// Gives what is under way a moment to end; being stopped again takes that too.
pub async fn briefly(work: impl Future<Output = ()>) {
    let mut stop = Stop::listen().ok();
    let asked = async {
        match &mut stop {
            Some(stop) => stop.asked().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = work => {}
        () = asked => {}
        () = tokio::time::sleep(GRACE) => {}
    }
}
