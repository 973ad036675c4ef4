//! Between what is in memory and what the store has: read once, read again behind the gate, written before it is used.

use std::sync::Arc;

use super::TokenSet;
use super::journal::digest;
use super::owner::Owner;
use super::patience::Patience;
use super::slot::{Slot, State};
use super::tokens::Tokens;
use crate::error::{ErrorCode, Result};
use crate::event::{ActivityEvent, KeptIn, Signal};
use crate::secret::Secret;

impl Tokens {
    /// Reads what the store has, once.
    pub async fn preload(&self, owner: &Owner) {
        let slot = self.slot(&owner.connection);
        {
            // Without a token nothing is lost by asking again: the store may have been out of reach before. Nor with one
            // that another process has moved to another place.
            let (mut state, place) = (slot.state(), self.store.kept_in());
            let stays = place == KeptIn::Memory || state.newer_than_kept() || state.kept_in == Some(place);
            state.loaded = state.set.is_some() && stays;
        }
        if let Err(error) = self.load(&slot, owner).await {
            slot.state().last_error = Some(error);
        }
        self.events.signal(Signal::TokenChanged(owner.connection.clone()));
    }

    /// Tries again to keep what could not be kept.
    pub async fn keep_unsaved(&self) {
        let unsaved: Vec<_> = self.slots().into_iter().filter(|(_, slot)| self.is_unsaved(slot)).collect();
        if unsaved.is_empty() || self.store.would_ask_again().await {
            return;
        }
        for (connection, slot) in unsaved {
            let Ok(_held) = slot.gate.pass().await else { continue };
            // What another process has kept since then is not written over.
            let read = self.read_again(&slot, &connection).await;
            // One that is damaged there may be written over.
            let reached = read.map_or_else(|error| error.code == ErrorCode::KeychainFailed, |()| true);
            let unsaved = reached && self.is_unsaved(&slot);
            let set = slot.state().set.clone().filter(|_| unsaved);
            if let Some(set) = set
                && self.keep_over(&slot, &connection, &set).await
            {
                self.events.record(&connection, ActivityEvent::TokenKept { kept_in: self.store.kept_in() });
            }
            self.events.signal(Signal::TokenChanged(connection));
            if self.store.ready().is_err() {
                // Each of the others would ask the person once more.
                return;
            }
        }
    }

    fn is_unsaved(&self, slot: &Slot) -> bool {
        let state = slot.state();
        state.newer_than_kept() && state.kept_in != Some(self.store.kept_in())
    }

    pub(super) async fn load(&self, slot: &Slot, owner: &Owner) -> Result<()> {
        if slot.state().loaded {
            return Ok(());
        }
        self.delete_what_is_owed(slot, &owner.connection).await?;
        let set = self.stored(&owner.connection).await?;
        let mut state = slot.state();
        // While the keychain was asked, a login may have been faster.
        if !state.loaded {
            state.take(set, self.store.kept_in());
            self.learn(&mut state, &owner.connection);
        }
        Ok(())
    }

    /// Adopts, or drops again, what another process noted of this token's failed renewal.
    fn learn(&self, state: &mut State, connection: &str) {
        let Some(set) = &state.set else { return };
        match self.failures.of(connection, set) {
            Some(failure) => {
                state.last_error = Some(failure.error());
                state.ended |= failure.ended;
                state.in_doubt |= failure.in_doubt;
                (state.patience, state.learned) = (failure.patience, true);
            }
            None if state.learned => {
                (state.ended, state.in_doubt, state.learned) = (false, false, false);
                (state.patience, state.last_error) = (Patience::default(), None);
            }
            None => {}
        }
    }

    /// Takes what the store has by now, behind the gate. What is in memory only stays, unless that is newer.
    pub(super) async fn read_again(&self, slot: &Slot, connection: &str) -> Result<()> {
        self.follow_log_out(slot, connection);
        if self.store.kept_in() == KeptIn::Memory {
            return Ok(());
        }
        let kept = self.stored(connection).await?;
        self.take_what_is_newer(slot, connection, kept, self.store.kept_in());
        Ok(())
    }

    /// Takes what was read from `place`, unless what is in memory only is newer than that.
    pub(super) fn take_what_is_newer(&self, slot: &Slot, connection: &str, kept: Option<TokenSet>, place: KeptIn) {
        let mut state = slot.state();
        let spent = |set: &TokenSet| set.refresh_token.as_ref().is_some_and(|it| self.journal.is_spent(connection, it));
        let takes = match (&state.set, &kept) {
            (Some(ours), Some(kept)) if state.newer_than_kept() => self.is_newer(&state, connection, kept, ours),
            (Some(_), None) => !state.newer_than_kept(),
            // As after a backup was put back: ours is the one that counts, and is to be kept again.
            (Some(ours), Some(kept)) if spent(kept) && !spent(ours) => {
                state.kept_in = None;
                false
            }
            _ => true,
        };
        if takes {
            state.take(kept, place);
        }
        self.learn(&mut state, connection);
    }

    /// Whether what is kept came after what is known here. The clock may have been set back: what was there before ours was made
    /// is older whatever it says.
    pub(super) fn is_newer(&self, state: &State, connection: &str, kept: &TokenSet, ours: &TokenSet) -> bool {
        let known = state.seen.as_ref() == Some(&digest(&kept.access_token));
        let spent = kept.refresh_token.as_ref().is_some_and(|token| self.journal.is_spent(connection, token));
        !known && !spent && (kept.logged_in_at, kept.obtained_at) > (ours.logged_in_at, ours.obtained_at)
    }

    /// Takes what another process has kept since the last look, as a token that it renewed: the server may have ended the one here.
    ///
    /// # Errors
    /// As for [`SecretStore::read`]: what is there cannot be known.
    ///
    /// [`SecretStore::read`]: super::SecretStore::read
    pub async fn look(&self, owner: &Owner) -> Result<()> {
        let kept = self.stored(&owner.connection).await?;
        let slot = self.slot(&owner.connection);
        let seen = slot.state().seen.clone();
        // Behind the gate only where there is something new: a renewal that is under way makes nobody wait.
        if kept.map(|set| digest(&set.access_token)) != seen {
            self.reread(owner).await;
        }
        Ok(())
    }

    /// Reads again what another process may have kept since: a login, most of all.
    pub async fn reread(&self, owner: &Owner) {
        let slot = self.slot(&owner.connection);
        let before = slot.state().set.clone();
        {
            let Ok(_held) = slot.gate.pass().await else { return };
            if let Err(error) = self.read_again(&slot, &owner.connection).await {
                tracing::warn!(code = ?error.code, "could not read again what another process may have kept");
            }
        }
        if before.as_ref().map(Arc::as_ptr) != slot.state().set.as_ref().map(Arc::as_ptr) {
            self.events.signal(Signal::TokenChanged(owner.connection.clone()));
        }
    }

    pub(super) async fn stored(&self, connection: &str) -> Result<Option<TokenSet>> {
        if self.store.kept_in() == KeptIn::Memory {
            return Ok(None);
        }
        let kept = self.store.read(connection).await?;
        let set = kept.and_then(|kept| self.as_kept(&kept, connection));
        set.iter().flat_map(TokenSet::secrets).for_each(|secret| self.redactor.add(connection, secret));
        Ok(set)
    }

    /// What the store gave, if it is understood and was not logged out.
    pub(super) fn as_kept(&self, kept: &Secret, connection: &str) -> Option<TokenSet> {
        understood(kept, connection).filter(|set| !self.logged_out.ended(connection, set))
    }

    /// The same over what another login has left there: a process that has that yet, and cannot see this one, must not renew it.
    pub(super) async fn keep_over(&self, slot: &Slot, connection: &str, set: &TokenSet) -> bool {
        let there = self.stored(connection).await.ok().flatten();
        let kept = self.keep(slot, connection, set).await;
        let same = |old: &Secret| set.refresh_token.as_ref().is_some_and(|new| new.same_as(old.expose()));
        let old = there.and_then(|there| there.refresh_token).filter(|old| kept && !same(old));
        if let Some(old) = old.filter(|_| self.store.kept_in() != KeptIn::Memory) {
            self.journal.rotated(connection, &old, true);
        }
        kept
    }

    /// Whether it is kept. If not it stays in memory, and is tried again later.
    pub(super) async fn keep(&self, slot: &Slot, connection: &str, set: &TokenSet) -> bool {
        self.logged_out.spare(connection, set);
        if self.store.kept_in() == KeptIn::Memory {
            slot.state().kept_in = Some(KeptIn::Memory);
            return true;
        }
        let outcome = self.store.write(connection, &set.to_json()).await;
        match &outcome {
            Ok(()) => {
                let mut state = slot.state();
                state.kept_in = Some(self.store.kept_in());
                state.seen = Some(digest(&set.access_token));
                drop(state);
                self.journal.kept(connection);
                // What was logged out is written over.
                self.logged_out.settle(connection);
            }
            Err(error) => {
                slot.state().kept_in = None;
                self.events.record(connection, ActivityEvent::TokenNotKept { code: error.code });
                self.events.signal(Signal::StatusChanged);
            }
        }
        outcome.is_ok()
    }
}

fn understood(kept: &Secret, connection: &str) -> Option<TokenSet> {
    serde_json::from_str(kept.expose())
        // The error is not told: it could quote what is kept.
        .inspect_err(|_| tracing::warn!(connection, "what the keychain holds is not understood"))
        .ok()
}
