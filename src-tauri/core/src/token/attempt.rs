//! One attempt to renew, behind the gate: ask (asking.rs), keep, and only then hand out. What was refused may have been renewed by
//! somebody else (security.md E2, E3).

use std::sync::Arc;
use std::time::Instant;

use super::TokenSet;
use super::owner::{Owner, belongs};
use super::renew_by::{self, login_needed};
use super::renewal::clamp;
use super::slot::Slot;
use super::tokens::Tokens;
use crate::clock::after;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, KeptIn, RenewalCause};

/// For how many seconds a token counts as good that its server has just called so, whatever its end says by our clock.
const STILL_GOOD: i64 = 60;

impl Tokens {
    /// Asks for a new token, keeps it, and only then hands it out.
    pub(super) async fn attempt(&self, slot: &Slot, owner: &Owner, cause: RenewalCause) -> Result<Arc<TokenSet>> {
        let set = renewable(slot, owner)?;
        let begun = Instant::now();
        let (set, response) = match self.ask(slot, owner, &set).await {
            Err(error) if error.code == ErrorCode::TokenRefused => {
                // Another process was faster, past our lock: its token is the one that counts. Renewed once more, that process
                // would be left with a refresh token that is spent.
                let newer = self.renewed_elsewhere(slot, owner, &set).await.ok_or(error)?;
                if newer.usable(owner, self.clock.now()) {
                    slot.state().take(Some((*newer).clone()), self.store.kept_in());
                    return Ok(newer);
                }
                let response = self.ask(slot, owner, &newer).await?;
                (newer, response)
            }
            outcome => (set, outcome?),
        };
        let fresh = Arc::new(set.renewed(response, &owner.provider.renewal, self.clock.now()));
        let (seconds, rotated) = (fresh.lifetime().map(clamp), fresh.rotates == Some(true));
        owner.record(&self.events, ActivityEvent::TokenRenewed { cause, seconds, rotated }, Some(begun));
        self.keep_renewed(slot, owner, &set, &fresh).await;
        renew_by::afterwards(&set, &fresh, owner).await;
        Ok(fresh)
    }

    /// Keeps what was given in place of `old`, and has it known that this one is spent.
    async fn keep_renewed(&self, slot: &Slot, owner: &Owner, old: &TokenSet, fresh: &Arc<TokenSet>) {
        let connection = &owner.connection;
        fresh.refresh_token.iter().for_each(|token| self.journal.given(connection, token));
        let begun = Instant::now();
        let kept = self.keep(slot, connection, fresh).await;
        if kept {
            owner.record(&self.events, ActivityEvent::TokenKept { kept_in: self.store.kept_in() }, Some(begun));
        }
        {
            let (mut state, now) = (slot.state(), self.clock.now());
            let same = fresh.access_token.same_as(old.access_token.expose()) && fresh.expires_at == old.expires_at;
            // One that has not ended by our clock will have, when it has.
            let left = fresh.seconds_left(now).filter(|left| *left > 0).unwrap_or(STILL_GOOD);
            state.still_good_until = same.then(|| after(now, STILL_GOOD.min(left)));
            state.set = Some(fresh.clone());
            // The file may have been locked meanwhile.
            state.loaded = true;
        }
        if let Some(spent) = old.refresh_token.as_ref().filter(|_| fresh.rotates == Some(true)) {
            // Whoever still has it, or finds it where secrets are kept, must not send it again.
            let outlives_us = kept && self.store.kept_in() != KeptIn::Memory;
            self.journal.rotated(connection, spent, outlives_us);
        }
        self.journal.done(connection);
    }

    /// What the keychain has by now, if that came after the one that was refused, with another refresh token.
    async fn renewed_elsewhere(&self, slot: &Slot, owner: &Owner, refused: &TokenSet) -> Option<Arc<TokenSet>> {
        if self.store.kept_in() == KeptIn::Memory {
            return None;
        }
        let stored = self.stored(&owner.connection).await.ok()??;
        let same = match (&stored.refresh_token, &refused.refresh_token) {
            (Some(stored), Some(refused)) => stored.same_as(refused.expose()),
            _ => true,
        };
        let newer = !same && self.is_newer(&slot.state(), &owner.connection, &stored, refused);
        (newer && belongs(&stored, owner)).then(|| Arc::new(stored))
    }
}

/// What there is to renew.
fn renewable(slot: &Slot, owner: &Owner) -> Result<Arc<TokenSet>> {
    let state = slot.state();
    let set = state.set.clone().ok_or_else(|| login_needed("There is no token yet."))?;
    if !belongs(&set, owner) {
        return Err(login_needed("The token was made for another server than this connection now has."));
    }
    if state.ended {
        // Told as it was the first time: this login is over, whoever asks and however often.
        return Err(Error::new(ErrorCode::TokenRefused, "The authorization server has ended this login."));
    }
    Ok(set)
}
