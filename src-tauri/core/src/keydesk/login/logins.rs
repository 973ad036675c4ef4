//! The logins of this process, as the interface shows them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use specta::Type;
use tokio::sync::{RwLock, RwLockReadGuard, watch};

use crate::error::{Error, ErrorCode, Result};
use crate::event::ReceiveBy;
use crate::provider::LoginGrant;

/// Where a login stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LoginState {
    /// For the person in the browser.
    Waiting,
    /// The code is being exchanged.
    Exchanging,
    /// The tokens are there.
    Done,
    /// It went wrong; `error` says how.
    Failed,
    /// The person gave it up.
    Cancelled,
    /// Its time ran out.
    Expired,
}

/// A login as the interface shows it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LoginView {
    /// Its id.
    pub id: String,
    /// The connection.
    pub connection: String,
    /// Which kind it is.
    pub grant: LoginGrant,
    /// Where it stands.
    pub state: LoginState,
    /// How the redirect comes back.
    pub receive_by: ReceiveBy,
    /// Where the browser is sent; for a device login where the code is entered.
    pub authorization_url: String,
    /// Where it comes back; empty for a device login.
    pub redirect_uri: String,
    /// What the person enters elsewhere.
    pub device: Option<DeviceView>,
    /// When it is given up.
    #[specta(type = String)]
    pub expires_at: Timestamp,
    /// Whether the browser was started, as far as can be told.
    pub browser_opened: bool,
    /// What went wrong.
    pub error: Option<Error>,
}

/// What the person enters elsewhere (RFC 8628 section 3.3).
#[derive(Debug, Clone, Serialize, Type)]
pub struct DeviceView {
    /// The code.
    pub user_code: String,
    /// Where it is entered.
    pub verification_uri: String,
    /// A QR code of the address with the code in it, in rows of “0” and “1”, without a margin.
    pub qr: Vec<String>,
}

/// The logins of this process.
#[derive(Default)]
pub(in crate::keydesk) struct Logins {
    all: Mutex<Vec<Known>>,
    /// Held by each login whose answer is under way.
    exchanging: RwLock<()>,
}

struct Known {
    view: LoginView,
    cancel: watch::Sender<bool>,
}

/// How many logins are remembered.
const REMEMBERED: usize = 32;

impl Logins {
    fn lock(&self) -> MutexGuard<'_, Vec<Known>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be held while a server's answer is under way, and until it is kept.
    pub async fn exchanging(&self) -> RwLockReadGuard<'_, ()> {
        self.exchanging.read().await
    }

    /// Returns when no server's answer is under way.
    pub async fn at_rest(&self) {
        drop(self.exchanging.write().await);
    }

    pub fn add(&self, view: LoginView) -> watch::Receiver<bool> {
        let (cancel, cancelled) = watch::channel(false);
        let mut all = self.lock();
        if all.len() == REMEMBERED {
            all.remove(0);
        }
        all.push(Known { view, cancel });
        cancelled
    }

    pub fn all(&self) -> Vec<LoginView> {
        self.lock().iter().map(|known| known.view.clone()).collect()
    }

    pub fn get(&self, id: &str) -> Result<LoginView> {
        let found = self.lock().iter().find(|known| known.view.id == id).map(|known| known.view.clone());
        found.ok_or_else(|| Error::new(ErrorCode::LoginEnded, "This login is over."))
    }

    /// Those that still wait.
    pub fn waiting(&self, connection: &str) -> Vec<String> {
        let all = self.lock();
        let of_it = all.iter().filter(|known| known.view.connection == connection);
        of_it.filter(|known| known.view.state == LoginState::Waiting).map(|known| known.view.id.clone()).collect()
    }

    /// Moves a login on, if it still waits. Whoever comes first decides.
    pub fn leave_waiting(&self, id: &str, to: LoginState) -> bool {
        let mut all = self.lock();
        let waiting = all.iter_mut().find(|known| known.view.id == id && known.view.state == LoginState::Waiting);
        waiting.map(|known| known.view.state = to).is_some()
    }

    /// Tells the task of a login that it was cancelled.
    pub fn call_off(&self, id: &str) {
        if let Some(known) = self.lock().iter().find(|known| known.view.id == id) {
            let _ = known.cancel.send(true);
        }
    }

    pub fn change(&self, id: &str, change: impl FnOnce(&mut LoginView)) {
        if let Some(known) = self.lock().iter_mut().find(|known| known.view.id == id) {
            change(&mut known.view);
        }
    }
}
