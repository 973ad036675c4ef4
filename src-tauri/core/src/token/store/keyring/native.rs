//! The keychains of macOS and Windows.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error as Answer};

use super::{SERVICE, absent, locked, refused, text};
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::token::store::split::Items;

/// CRED_MAX_CREDENTIAL_BLOB_SIZE; macOS sets none that a token reaches.
const LIMIT: usize = if cfg!(windows) { 2560 } else { usize::MAX };

pub(in crate::token::store) struct Keyring(Arc<CredentialStore>);

impl Keyring {
    /// Connects to it.
    #[cfg(target_os = "macos")]
    pub fn connect() -> Result<Self> {
        apple_native_keyring_store::keychain::Store::new().map(|store| Self(store)).map_err(no_store)
    }

    /// Connects to it.
    #[cfg(windows)]
    pub fn connect() -> Result<Self> {
        windows_native_keyring_store::Store::new().map(|store| Self(store)).map_err(no_store)
    }

    fn entry(&self, name: &str) -> Result<Entry> {
        self.0.build(SERVICE, name, None).map_err(failed)
    }
}

impl Items for Keyring {
    fn limit(&self) -> usize {
        LIMIT
    }

    fn get(&self, name: &str) -> Result<Option<Secret>> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => text(bytes).map(Some),
            Err(Answer::NoEntry) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    fn set(&self, name: &str, value: &str) -> Result<()> {
        self.entry(name)?.set_secret(value.as_bytes()).map_err(failed)
    }

    fn delete(&self, name: &str) -> Result<()> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Answer::NoEntry) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

fn no_store(error: Answer) -> Error {
    absent(&cause(&error))
}

/// Locked and broken are told apart; neither means that nothing is kept.
fn failed(error: Answer) -> Error {
    match error {
        Answer::NoStorageAccess(_) => locked(),
        other => refused(&cause(&other)),
    }
}

/// The kind of failure only: some variants carry the secret itself.
fn cause(error: &Answer) -> String {
    match error {
        Answer::PlatformFailure(cause) => cause.to_string(),
        Answer::TooLong(name, most) => format!("{name} may have {most} characters"),
        Answer::Ambiguous(_) => "several items have this name".to_owned(),
        Answer::BadEncoding(_) | Answer::BadDataFormat(..) => "foreign data".to_owned(),
        _ => "no reason given".to_owned(),
    }
}
