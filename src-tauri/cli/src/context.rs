//! What commands work on: where they speak, and the core, which is opened when it is first needed.

use std::sync::{Arc, OnceLock};

use keydesk_core::{ConnectionView, DamagedFile, Doors, KeptIn, Keydesk};

use crate::failure::Failure;
use crate::find;
use crate::interrupt::briefly;
use crate::output::Output;
use crate::passphrase;

/// What commands work on.
pub struct Context {
    pub output: Output,
    opened: OnceLock<Arc<Keydesk>>,
}

impl Context {
    pub fn new(output: Output) -> Self {
        Self { output, opened: OnceLock::new() }
    }

    /// The core. Asks nothing of the store of secrets yet: a command reads what it needs.
    ///
    /// # Errors
    /// `internal` when the files cannot be opened.
    pub fn keydesk(&self) -> Result<Arc<Keydesk>, Failure> {
        if let Some(keydesk) = self.opened.get() {
            return Ok(keydesk.clone());
        }
        let keydesk = Keydesk::open(Doors::of_this_person()?)?;
        Ok(self.opened.get_or_init(|| keydesk).clone())
    }

    /// For what reads or keeps secrets: has the passphrase where one is needed.
    ///
    /// # Errors
    /// As for [`passphrase::unlock`].
    pub async fn unlock(&self) -> Result<(), Failure> {
        passphrase::unlock(&*self.keydesk()?, self.output).await
    }

    /// The connection with this label or id, for what reads or keeps its secrets. It is looked for first: a name that is
    /// wrong asks nobody for a passphrase.
    ///
    /// # Errors
    /// As for [`find::connection`] and [`Context::unlock`].
    pub async fn unlocked(&self, name: &str) -> Result<ConnectionView, Failure> {
        let connection = find::connection(&*self.keydesk()?, name)?;
        self.unlock().await?;
        Ok(connection)
    }

    /// Waits until what happened is written down, and sees to tokens that could not be kept: with this process they
    /// would be lost.
    pub async fn close(&self) {
        let Some(keydesk) = self.opened.get() else { return };
        // A server may give a refresh token only once: what it answers is kept before this process ends.
        briefly(keydesk.at_rest()).await;
        if !unkept(keydesk).is_empty() {
            // Tries to keep them once more.
            keydesk.look_at_store().await;
        }
        for label in unkept(keydesk) {
            self.output.note(&format!(
                "keydesk: The new tokens of “{label}” could not be kept and are lost now. If the \
                 server gives each refresh token once only, a new login is needed."
            ));
        }
        keydesk.settled().await;
        for DamagedFile { name, kept_as } in keydesk.damaged_files() {
            self.output.note(&format!(
                "keydesk: {name} could not be read, and a new one was begun. What was in it is kept: {kept_as}"
            ));
        }
    }
}

/// The connections whose tokens are in this process only.
fn unkept(keydesk: &Keydesk) -> Vec<String> {
    let connections = keydesk.list_connections().into_iter();
    connections.filter(|it| it.token.kept_in == Some(KeptIn::Memory)).map(|it| it.label).collect()
}
