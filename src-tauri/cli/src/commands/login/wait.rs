//! Waits for a login that goes on in a browser.

use std::sync::Arc;
use std::time::{Duration, Instant};

use keydesk_core::{Error, ErrorCode, Keydesk, LoginState, LoginView, ReceiveBy, Signal};
use tokio::sync::broadcast::Receiver;

use super::expired;
use crate::failure::Failure;
use crate::interrupt::Stop;
use crate::output::Output;

/// As long as the core's listener stays for the page that the browser fetches last.
const LINGER: Duration = Duration::from_millis(900);
/// A signal that was missed is made up for.
const LOOK: Duration = Duration::from_secs(1);

/// Returns when the login is done.
///
/// # Errors
/// Why it failed, that its time is over, or that the person gave it up.
pub async fn until_over(
    output: Output,
    keydesk: &Arc<Keydesk>,
    login: &LoginView,
    mut signals: Receiver<Signal>,
    mut stop: Stop,
) -> Result<(), Failure> {
    let mut answered: Option<Instant> = None;
    let mut told = false;
    loop {
        let now = view(keydesk, &login.id)?;
        if now.state != LoginState::Waiting {
            answered.get_or_insert_with(Instant::now);
        }
        match now.state {
            LoginState::Waiting if !now.browser_opened && !told => {
                told = true;
                output.note("No browser could be started here. On a machine without one, use --paste.");
            }
            LoginState::Waiting | LoginState::Exchanging => {}
            LoginState::Done => {
                linger(login, answered).await;
                return Ok(());
            }
            LoginState::Failed => {
                linger(login, answered).await;
                let unknown = || Error::new(ErrorCode::Internal, "The login failed.");
                return Err(now.error.unwrap_or_else(unknown).into());
            }
            LoginState::Cancelled => return Err(Failure::interrupted()),
            LoginState::Expired => return Err(expired()),
        }
        tokio::select! {
            _ = signals.recv() => {}
            () = tokio::time::sleep(LOOK) => {}
            // A code that is being exchanged is not called back.
            () = stop.asked() => {
                keydesk.cancel_login(&login.id)?;
            }
        }
    }
}

fn view(keydesk: &Keydesk, id: &str) -> Result<LoginView, Error> {
    let found = keydesk.list_logins().into_iter().find(|login| login.id == id);
    found.ok_or_else(|| Error::new(ErrorCode::LoginEnded, "This login is over."))
}

/// With this process the listener goes away, and the browser would show an error instead of the last page.
async fn linger(login: &LoginView, answered: Option<Instant>) {
    let listens = login.device.is_none() && login.receive_by == ReceiveBy::Loopback;
    if let Some(answered) = answered.filter(|_| listens) {
        tokio::time::sleep(LINGER.saturating_sub(answered.elapsed())).await;
    }
}
