//! Where secrets are kept: the system keychain, or this process's memory where the person chose so. Never a file.

mod keychain;
mod split;

use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

use serde::Serialize;
use specta::Type;

use crate::error::{Error, ErrorCode, Result};
use crate::event::KeptIn;
use crate::secret::Secret;
use keychain::Keychain;

/// How it stands with the keychain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum KeychainState {
    /// It was asked and has not answered yet.
    Checking,
    /// It keeps and gives back.
    Ready,
    /// It is there and locked.
    Locked,
    /// There is none.
    Absent,
    /// It does not answer.
    Silent,
    /// The person chose to keep tokens in memory only.
    MemoryOnly,
}

/// The store of this process. In memory only it keeps nothing: the tokens are in memory already.
pub struct SecretStore {
    keychain: Option<Keychain>,
    state: RwLock<(KeychainState, Option<String>)>,
}

/// The beginning of the name of the item that shows whether the keychain keeps and gives back.
const PROBE: &str = "probe";

impl SecretStore {
    /// The system's keychain. Nothing is asked of it before [`SecretStore::probe`].
    pub fn system() -> Self {
        Self::new(Some(Keychain::start()), KeychainState::Checking)
    }

    /// Memory only.
    pub fn in_memory() -> Self {
        Self::new(None, KeychainState::MemoryOnly)
    }

    fn new(keychain: Option<Keychain>, state: KeychainState) -> Self {
        Self { keychain, state: RwLock::new((state, None)) }
    }

    /// How it stands, and what the keychain said.
    pub fn state(&self) -> (KeychainState, Option<String>) {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where secrets are kept now.
    pub fn kept_in(&self) -> KeptIn {
        if self.state().0 == KeychainState::MemoryOnly { KeptIn::Memory } else { KeptIn::Keychain }
    }

    /// Writes, reads and deletes an item, so that what is said of the keychain was seen (security.md F4). This is also
    /// the way back from memory only.
    pub async fn probe(&self) {
        let Some(keychain) = &self.keychain else { return };
        *self.held() = (KeychainState::Checking, None);
        match try_out(keychain).await {
            Ok(()) => self.observe(KeychainState::Ready, None),
            Err(error) => self.observe(state_of(error.code), Some(error.message)),
        }
    }

    /// From now on nothing is kept, because the person said so.
    pub fn use_memory_only(&self) {
        *self.held() = (KeychainState::MemoryOnly, None);
    }

    /// Reads a secret; none where nothing is kept under this name.
    ///
    /// # Errors
    /// `keychain_*`: whether something is kept cannot be told.
    pub async fn read(&self, name: &str) -> Result<Option<Secret>> {
        let found = self.seen(self.keychain()?.read(name).await)?;
        // A locked keychain answers "none" as well: only what it gives shows that it is open.
        if found.is_some() {
            self.observe(KeychainState::Ready, None);
        }
        Ok(found)
    }

    /// Keeps a secret, and has read it back before it says so.
    ///
    /// # Errors
    /// `keychain_*`: it is not kept.
    pub async fn write(&self, name: &str, secret: &Secret) -> Result<()> {
        let keychain = self.keychain()?;
        self.seen(keychain.write(name, secret).await)?;
        match self.seen(keychain.read(name).await)? {
            Some(kept) if kept.same_as(secret.expose()) => {
                self.observe(KeychainState::Ready, None);
                Ok(())
            }
            _ => Err(Error::new(ErrorCode::KeychainFailed, "The keychain gave back other than it was given.")),
        }
    }

    /// Deletes a secret, also in memory only: it may have been kept before. Nothing kept is no error.
    ///
    /// # Errors
    /// `keychain_*`: it may still be there.
    pub async fn delete(&self, name: &str) -> Result<()> {
        let Some(keychain) = &self.keychain else { return Ok(()) };
        match self.seen(keychain.delete(name).await) {
            // Without a keychain nothing is in it.
            Err(error) if error.code == ErrorCode::KeychainAbsent => Ok(()),
            outcome => outcome,
        }
    }

    /// The keychain, where there is one. Locked and silent may have passed: it is asked.
    fn keychain(&self) -> Result<&Keychain> {
        let (state, message) = self.state();
        match &self.keychain {
            Some(keychain) if state != KeychainState::Absent => Ok(keychain),
            _ => {
                let message = message.unwrap_or_else(|| "This machine has no keychain.".to_owned());
                Err(Error::new(ErrorCode::KeychainAbsent, message))
            }
        }
    }

    /// Notes what a failure says of the keychain.
    fn seen<T>(&self, outcome: Result<T>) -> Result<T> {
        outcome.inspect_err(|error| {
            if error.code != ErrorCode::KeychainFailed {
                self.observe(state_of(error.code), Some(error.message.clone()));
            }
        })
    }

    /// What was seen never overrules what the person chose.
    fn observe(&self, state: KeychainState, message: Option<String>) {
        let mut held = self.held();
        if held.0 != KeychainState::MemoryOnly {
            *held = (state, message);
        }
    }

    fn held(&self) -> RwLockWriteGuard<'_, (KeychainState, Option<String>)> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn state_of(code: ErrorCode) -> KeychainState {
    match code {
        ErrorCode::KeychainAbsent => KeychainState::Absent,
        ErrorCode::KeychainSilent => KeychainState::Silent,
        _ => KeychainState::Locked,
    }
}

async fn try_out(keychain: &Keychain) -> Result<()> {
    let probe = Secret::new(uuid::Uuid::new_v4().to_string());
    // A name of its own: another process may be trying it out as well.
    let name = format!("{PROBE}-{}", probe.expose());
    keychain.write(&name, &probe).await?;
    let kept = keychain.read(&name).await?;
    keychain.delete(&name).await?;
    match kept {
        Some(kept) if kept.same_as(probe.expose()) => Ok(()),
        _ => Err(Error::new(ErrorCode::KeychainFailed, "The keychain gave back other than it was given.")),
    }
}
