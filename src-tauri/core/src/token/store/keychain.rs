//! The system keychain, on a thread of its own and with a time limit: it may draw a dialog and wait for the person, or
//! never answer at all.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry};
use tokio::sync::oneshot;

use super::split::{self, Items};
use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;

/// How long one call may take. A person who unlocks takes longer; then it is asked again.
const TIME: Duration = Duration::from_millis(2500);
/// The name that our items have in common.
const SERVICE: &str = "Keydesk";
/// CRED_MAX_CREDENTIAL_BLOB_SIZE; the other systems set none that a token reaches.
const LIMIT: usize = if cfg!(windows) { 2560 } else { usize::MAX };

enum Order {
    Read(String),
    Write(String, Secret),
    Delete(String),
}

type Reply = oneshot::Sender<Result<Option<Secret>>>;

/// The thread that talks to the keychain.
pub(super) struct Keychain {
    orders: mpsc::Sender<(Order, Reply)>,
}

impl Keychain {
    pub fn start() -> Self {
        let (orders, received) = mpsc::channel();
        let spawned = std::thread::Builder::new().name("keychain".to_owned()).spawn(move || serve(&received));
        if let Err(error) = spawned {
            // Every order then finds nobody, which reads as a silent keychain.
            tracing::error!(%error, "no thread for the keychain");
        }
        Self { orders }
    }

    pub async fn read(&self, name: &str) -> Result<Option<Secret>> {
        self.order(Order::Read(name.to_owned())).await
    }

    pub async fn write(&self, name: &str, secret: &Secret) -> Result<()> {
        self.order(Order::Write(name.to_owned(), secret.clone())).await.map(drop)
    }

    pub async fn delete(&self, name: &str) -> Result<()> {
        self.order(Order::Delete(name.to_owned())).await.map(drop)
    }

    async fn order(&self, order: Order) -> Result<Option<Secret>> {
        let silent = || Error::new(ErrorCode::KeychainSilent, "The keychain does not answer.");
        let (reply, answer) = oneshot::channel();
        self.orders.send((order, reply)).map_err(|_| silent())?;
        match tokio::time::timeout(TIME, answer).await {
            Ok(Ok(outcome)) => outcome,
            _ => Err(silent()),
        }
    }
}

fn serve(orders: &mpsc::Receiver<(Order, Reply)>) {
    let mut open: Option<Arc<CredentialStore>> = None;
    while let Ok((order, reply)) = orders.recv() {
        // Whoever asked has given up: a read or delete would be for nobody. A write is still wanted.
        if reply.is_closed() && !matches!(order, Order::Write(..)) {
            continue;
        }
        let outcome = carry_out(&order, &mut open);
        if matches!(&outcome, Err(error) if error.code == ErrorCode::KeychainFailed) {
            // The keychain may have been restarted: connect anew next time.
            open = None;
        }
        let _ = reply.send(outcome);
    }
}

fn carry_out(order: &Order, open: &mut Option<Arc<CredentialStore>>) -> Result<Option<Secret>> {
    let store = match open {
        Some(store) => store.clone(),
        None => open.insert(connect().map_err(|error| absent(&error))?).clone(),
    };
    let items = Keyring(store);
    match order {
        Order::Read(name) => split::read(&items, name),
        Order::Write(name, secret) => split::write(&items, name, secret).map(|()| None),
        Order::Delete(name) => split::delete(&items, name).map(|()| None),
    }
}

#[cfg(target_os = "linux")]
fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

struct Keyring(Arc<CredentialStore>);

impl Keyring {
    fn entry(&self, name: &str) -> Result<Entry> {
        let label = format!("Keydesk, {name}");
        let attributes = HashMap::from([("label", label.as_str())]);
        let attributes = cfg!(target_os = "linux").then_some(&attributes);
        self.0.build(SERVICE, name, attributes).map_err(failed)
    }
}

impl Items for Keyring {
    fn limit(&self) -> usize {
        LIMIT
    }

    fn get(&self, name: &str) -> Result<Option<Secret>> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => String::from_utf8(bytes).map(|text| Some(Secret::new(text))).map_err(|_| foreign()),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    fn set(&self, name: &str, value: &str) -> Result<()> {
        self.entry(name)?.set_secret(value.as_bytes()).map_err(failed)
    }

    fn delete(&self, name: &str) -> Result<()> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

fn foreign() -> Error {
    Error::new(ErrorCode::KeychainFailed, "The keychain holds something under our name that is not ours.")
}

fn absent(error: &keyring_core::Error) -> Error {
    Error::new(ErrorCode::KeychainAbsent, format!("No keychain was found ({}).", cause(error)))
}

/// Locked and broken are told apart; neither means that nothing is kept.
fn failed(error: keyring_core::Error) -> Error {
    match error {
        keyring_core::Error::NoStorageAccess(_) => Error::new(ErrorCode::KeychainLocked, "The keychain is locked."),
        other => Error::new(ErrorCode::KeychainFailed, format!("The keychain refused ({}).", cause(&other))),
    }
}

/// The kind of failure only: some variants carry the secret itself.
fn cause(error: &keyring_core::Error) -> String {
    match error {
        keyring_core::Error::PlatformFailure(cause) => crate::redact::one_line(&cause.to_string(), 160),
        keyring_core::Error::TooLong(name, most) => format!("{name} may have {most} characters"),
        keyring_core::Error::Ambiguous(_) => "several items have this name".to_owned(),
        keyring_core::Error::BadEncoding(_) | keyring_core::Error::BadDataFormat(..) => "foreign data".to_owned(),
        _ => "no reason given".to_owned(),
    }
}
