//! The items of this system's keychain.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry};

use super::split::Items;
use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;

/// The name that our items have in common.
const SERVICE: &str = "Keydesk";
/// CRED_MAX_CREDENTIAL_BLOB_SIZE; the other systems set none that a token reaches.
const LIMIT: usize = if cfg!(windows) { 2560 } else { usize::MAX };

pub(super) struct Keyring {
    store: Arc<CredentialStore>,
    #[cfg(target_os = "linux")]
    lock: super::lock::Lock,
}

impl Keyring {
    /// Connects to it.
    #[cfg(target_os = "linux")]
    pub fn connect() -> Result<Self> {
        let store = zbus_secret_service_keyring_store::Store::new().map_err(|error| absent(&error))?;
        Ok(Self { store, lock: super::lock::Lock::default() })
    }

    /// Connects to it.
    #[cfg(target_os = "macos")]
    pub fn connect() -> Result<Self> {
        Ok(Self { store: apple_native_keyring_store::keychain::Store::new().map_err(|error| absent(&error))? })
    }

    /// Connects to it.
    #[cfg(windows)]
    pub fn connect() -> Result<Self> {
        Ok(Self { store: windows_native_keyring_store::Store::new().map_err(|error| absent(&error))? })
    }

    fn entry(&self, name: &str) -> Result<Entry> {
        let label = format!("Keydesk, {name}");
        let attributes = HashMap::from([("label", label.as_str())]);
        let attributes = cfg!(target_os = "linux").then_some(&attributes);
        self.store.build(SERVICE, name, attributes).map_err(failed)
    }

    /// No item was found. A keychain that is locked may say so of what it has, too, such as one that was just started anew:
    /// that must not read as "nothing is kept".
    fn no_entry(&self) -> Result<()> {
        #[cfg(target_os = "linux")]
        if self.lock.is_locked()? {
            return Err(locked());
        }
        Ok(())
    }
}

impl Items for Keyring {
    fn limit(&self) -> usize {
        LIMIT
    }

    fn get(&self, name: &str) -> Result<Option<Secret>> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => String::from_utf8(bytes).map(|text| Some(Secret::new(text))).map_err(|_| foreign()),
            Err(keyring_core::Error::NoEntry) => self.no_entry().map(|()| None),
            Err(error) => Err(failed(error)),
        }
    }

    fn set(&self, name: &str, value: &str) -> Result<()> {
        self.entry(name)?.set_secret(value.as_bytes()).map_err(failed)
    }

    fn delete(&self, name: &str) -> Result<()> {
        match self.entry(name)?.delete_credential() {
            Ok(()) => Ok(()),
            Err(keyring_core::Error::NoEntry) => self.no_entry(),
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

fn locked() -> Error {
    Error::new(ErrorCode::KeychainLocked, "The keychain is locked.")
}

/// Locked and broken are told apart; neither means that nothing is kept.
fn failed(error: keyring_core::Error) -> Error {
    match error {
        keyring_core::Error::NoStorageAccess(_) => locked(),
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
