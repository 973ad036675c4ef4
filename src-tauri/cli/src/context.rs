//! What commands work on: where they speak, and the core, which is opened when it is first needed.

use std::sync::{Arc, OnceLock};

use keydesk_core::{
    Doors, Error, ErrorCode, KeptIn, KeychainState, Keydesk, Paths, SecretStore, SystemBrowser, SystemClock, Transport,
};

use crate::failure::Failure;
use crate::output::Output;

/// What commands work on.
pub struct Context {
    pub output: Output,
    opened: OnceLock<Arc<Keydesk>>,
}

impl Context {
    pub fn new(output: Output) -> Self {
        Self { output, opened: OnceLock::new() }
    }

    /// The core. Asks nothing of the keychain yet: a command reads what it needs.
    ///
    /// # Errors
    /// `internal` when the files cannot be opened.
    pub fn keydesk(&self) -> Result<Arc<Keydesk>, Failure> {
        self.open(SecretStore::system())
    }

    /// The core, for what ends in the keychain, and whether that can be used. It is tried with an item of its own,
    /// because a locked one says of what it does not have that there is nothing.
    ///
    /// # Errors
    /// As for [`Self::keydesk`].
    pub async fn keydesk_that_keeps(&self) -> Result<(Arc<Keydesk>, Result<(), Error>), Failure> {
        let store = SecretStore::system();
        store.probe().await;
        let (state, message) = store.state();
        let keeps = match code_of(state) {
            None => Ok(()),
            Some(code) => Err(Error::new(code, message.unwrap_or_else(|| "The keychain cannot be used.".to_owned()))),
        };
        Ok((self.open(store)?, keeps))
    }

    fn open(&self, store: SecretStore) -> Result<Arc<Keydesk>, Failure> {
        if let Some(keydesk) = self.opened.get() {
            return Ok(keydesk.clone());
        }
        let paths = Paths::of_this_person().map_err(|error| Error::internal("find the home folder", error))?;
        let keydesk = Keydesk::open(Doors {
            paths,
            clock: Arc::new(SystemClock),
            browser: Arc::new(SystemBrowser),
            store,
            transport: Transport::new()?,
        })?;
        Ok(self.opened.get_or_init(|| keydesk).clone())
    }

    /// Waits until what happened is written down, and sees to tokens that could not be kept: with this process they
    /// would be lost.
    pub async fn close(&self) {
        let Some(keydesk) = self.opened.get() else { return };
        if !unkept(keydesk).is_empty() {
            // Tries to keep them once more. What it says of the keychain is in `unkept` too.
            let _ = keydesk.retry_keychain().await;
        }
        for label in unkept(keydesk) {
            self.output.note(&format!(
                "keydesk: The new tokens of “{label}” could not be kept in the keychain and are lost now. If the \
                 server gives each refresh token once only, a new login is needed."
            ));
        }
        // Answered by the thread that writes, when it has written all before.
        let _ = keydesk.app_status().await;
    }
}

/// The connections whose tokens are in this process only.
fn unkept(keydesk: &Keydesk) -> Vec<String> {
    let connections = keydesk.list_connections().into_iter();
    connections.filter(|it| it.token.kept_in == Some(KeptIn::Memory)).map(|it| it.label).collect()
}

fn code_of(state: KeychainState) -> Option<ErrorCode> {
    match state {
        KeychainState::Absent => Some(ErrorCode::KeychainAbsent),
        KeychainState::Locked => Some(ErrorCode::KeychainLocked),
        KeychainState::Silent => Some(ErrorCode::KeychainSilent),
        KeychainState::Ready | KeychainState::Checking | KeychainState::MemoryOnly => None,
    }
}
