//! How a connection's tokens come to an end: here, at the server, and in every other process.

use std::sync::PoisonError;

use super::owner::Owner;
use super::slot::Slot;
use super::tokens::Tokens;
use super::{Revocations, TokenSet};
use crate::error::{Error, ErrorCode, Result};
use crate::event::{KeptIn, Signal};

/// What came of a log-out.
pub struct Ended {
    /// What the server confirmed, and what it did not.
    pub at_server: Revocations,
    /// Why something is still kept, where that is so. It is deleted as soon as that can be.
    pub not_deleted: Option<Error>,
}

impl Tokens {
    /// Deletes everything that is kept for a connection.
    ///
    /// # Errors
    /// `keychain_*`: it may still be there, and everything is as it was.
    pub async fn forget(&self, connection: &str) -> Result<()> {
        let slot = self.slot(connection);
        let _held = slot.gate.pass().await?;
        let owed = match self.store.delete_what_is_there(connection).await {
            Ok(()) => false,
            // As in a session without one: it may be back.
            Err(error) if error.code == ErrorCode::KeychainAbsent => true,
            Err(error) => return Err(error),
        };
        if let Err(error) = self.end(&slot, connection, owed) {
            tracing::warn!(code = ?error.code, "other processes do not hear that a token is gone");
        }
        Ok(())
    }

    /// Ends a connection's tokens at the server, and deletes everything that is kept for it. Nobody renews meanwhile: what a renewal
    /// has just given is what is ended.
    ///
    /// # Errors
    /// `keychain_*`, `passphrase_needed`, `store_failed`: it cannot be known what there is to end, or it stays kept; `timed_out` when
    /// another process holds it for long.
    pub async fn log_out(&self, owner: &Owner) -> Result<Ended> {
        let (slot, connection) = (self.slot(&owner.connection), &owner.connection);
        let _held = slot.gate.pass().await?;
        let read = self.read_again(&slot, connection).await;
        let set = slot.state().set.clone();
        let behind = set.as_ref().is_some_and(|set| self.is_behind(set, owner));
        let at_server = match (&set, &read) {
            // What the store has would live on at the server.
            (None, Err(error)) => return Err(error.clone()),
            (Some(_), Err(error)) if behind => return Err(error.clone()),
            (Some(set), _) => set.revoke(owner).await,
            (None, Ok(())) => Revocations::default(),
        };
        let at_server = if behind { at_server.of_an_older_token() } else { at_server };
        let left = self.store.delete_what_is_there(connection).await.err();
        let marked = self.end(&slot, connection, left.is_some() || read.is_err());
        // Where there is no keychain, there is none to wait for either.
        let not_deleted = left.filter(|error| error.code != ErrorCode::KeychainAbsent);
        match (not_deleted, marked) {
            (Some(error), Err(_)) => Err(error),
            (not_deleted, Ok(())) => Ok(Ended { at_server, not_deleted }),
            (None, Err(error)) => {
                tracing::warn!(code = ?error.code, "other processes do not hear of a log-out");
                Ok(Ended { at_server, not_deleted: None })
            }
        }
    }

    /// Knows nothing of it any more, and lets other processes know. `owed` says whether something may still be kept.
    fn end(&self, slot: &Slot, connection: &str, owed: bool) -> Result<()> {
        let now = self.clock.now();
        // By a clock that was set back, what is over may be of later.
        let at = slot.state().set.as_ref().map_or(now, |set| now.max(set.obtained_at));
        slot.forget();
        self.forgotten(connection);
        self.journal.done(connection);
        self.journal.forget(connection);
        self.failures.forget(connection);
        self.logged_out.mark(connection, at, owed)
    }

    /// Forgets what other processes have logged out, and deletes what they could not. Gives the connections that
    /// were forgotten since the last time, here or by whoever came upon it before.
    pub async fn follow_log_outs(&self) -> Vec<String> {
        // Else it stays owed.
        if self.store.ready().is_ok() {
            // Of connections too that were removed.
            for connection in self.logged_out.owed() {
                let _ = self.delete_what_is_owed(&self.slot(&connection), &connection).await;
            }
        }
        for (connection, slot) in self.slots() {
            self.follow_log_out(&slot, &connection);
        }
        let mut ended = self.ended_elsewhere.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *ended).into_iter().collect()
    }

    /// The same of one. Whether it was forgotten.
    pub fn follow_log_out_of(&self, connection: &str) -> bool {
        self.follow_log_out(&self.slot(connection), connection);
        self.ended_elsewhere.lock().unwrap_or_else(PoisonError::into_inner).remove(connection)
    }

    /// Forgets a token that another process has logged out.
    pub(super) fn follow_log_out(&self, slot: &Slot, connection: &str) {
        let ended = |set: Option<&TokenSet>| set.is_some_and(|set| self.logged_out.ended(connection, set));
        if slot.forget_if(ended) {
            self.forgotten(connection);
            let mut ended = self.ended_elsewhere.lock().unwrap_or_else(PoisonError::into_inner);
            ended.insert(connection.to_owned());
        }
    }

    /// Deletes what a log-out could not. Behind the gate: another login may have come.
    pub(super) async fn delete_what_is_owed(&self, slot: &Slot, connection: &str) -> Result<()> {
        if self.store.kept_in() == KeptIn::Memory || !self.logged_out.is_owed(connection) {
            return Ok(());
        }
        let _held = slot.gate.pass().await?;
        if self.logged_out.is_owed(connection) {
            // Another login may be there by now, and what was owed is gone.
            if self.stored(connection).await?.is_none() {
                self.store.delete_what_is_there(connection).await?;
            }
            self.logged_out.settle(connection);
        }
        Ok(())
    }

    fn forgotten(&self, connection: &str) {
        self.redactor.forget(connection);
        self.transport.hang_up();
        self.hang_up_later();
        self.events.signal(Signal::TokenChanged(connection.to_owned()));
    }
}
