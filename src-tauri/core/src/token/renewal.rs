//! The life of a token.
//!
//! 1. The token at hand can be used past its margin: it is used, and nobody waits.
//! 2. Else the connection's gate is passed (in this process, then among processes), and the store is read again behind
//!    it: somebody else may have renewed. Then the one at hand is used.
//! 3. Else it is renewed in the way that its provider's file gives (renew_by.rs). The answer is kept before it is used; no
//!    refresh token in it keeps the old one. Where that fails for now, a token that has not ended is still used.
//! 4. A server that refuses a token: it is renewed unless it changed since, and the request is sent once more.
//! 5. `invalid_grant`: log in. Anything else keeps everything. Only the person deletes a token.
//!
//! *Refresh* is `grant_type=refresh_token`; *renew* is any way to a new access token.

use std::sync::Arc;
use std::time::Instant;

use super::TokenSet;
use super::failure::Failure;
use super::owner::{Owner, belongs};
use super::patience::Patience;
use super::slot::Slot;
use super::tokens::Tokens;
use crate::concurrent::each;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, RenewalCause, Signal};
use crate::secret::Secret;

/// What a caller wants.
struct Wish {
    cause: RenewalCause,
    /// A token that does not do: a server has refused it, or it ends too soon.
    other_than: Option<Secret>,
    /// How many renewals there had been when the caller began to wait.
    before: u64,
}

impl Tokens {
    /// A token set that can be used now, renewed if need be.
    ///
    /// # Errors
    /// `login_needed`, `token_refused`, or why it could not be read or renewed.
    pub async fn usable(self: &Arc<Self>, owner: &Owner) -> Result<Arc<TokenSet>> {
        let slot = self.slot(&owner.connection);
        self.load(&slot, owner).await?;
        let now = self.clock.now();
        let at_hand = {
            let state = slot.state();
            let good = |set: &Arc<TokenSet>| set.usable(owner, now) || state.was_found_good(now);
            state.set.clone().filter(|set| good(set) && belongs(set, owner))
        };
        if let Some(set) = at_hand {
            if slot.tell_once(owner) {
                let seconds_left = set.seconds_left(now).map(clamp);
                owner.record(&self.events, ActivityEvent::TokenAtHand { seconds_left }, None);
            }
            return Ok(set);
        }
        match self.renew(owner, RenewalCause::Expired, None).await {
            // Past its margin and not past its end: it is used while no other can be had.
            Err(error) => {
                // The attempt took its time.
                let now = self.clock.now();
                let live = slot.state().set.clone();
                let live = live.filter(|set| set.seconds_left(now).is_some_and(|left| left > 0) && belongs(set, owner));
                live.ok_or(error)
            }
            outcome => outcome,
        }
    }

    /// A token set other than the one that a server refused.
    ///
    /// # Errors
    /// As for [`Tokens::usable`].
    pub async fn other_than(self: &Arc<Self>, refused: &TokenSet, owner: &Owner) -> Result<Arc<TokenSet>> {
        self.renew(owner, RenewalCause::Refused, Some(refused.access_token.clone())).await
    }

    /// Renews because the person says so.
    ///
    /// # Errors
    /// As for [`Tokens::usable`].
    pub async fn renew_now(self: &Arc<Self>, owner: &Owner) -> Result<Arc<TokenSet>> {
        self.load(&self.slot(&owner.connection), owner).await?;
        self.renew(owner, RenewalCause::Asked, None).await
    }

    /// Renews what is nearly over, so that nobody waits for it. Called again and again while the app runs; by the wall
    /// clock, so that a machine that slept goes on where it should (security.md E12).
    pub async fn renew_ahead(self: &Arc<Self>, owners: Vec<Owner>) {
        for owner in owners.iter().filter(|owner| self.may_have_healed(owner)) {
            self.reread(owner).await;
        }
        let now = self.clock.now();
        let due = owners.into_iter().filter(|owner| {
            let slot = self.slot(&owner.connection);
            let state = slot.state();
            let set = state.set.as_ref().filter(|set| belongs(set, owner) && !state.ended && !state.in_doubt);
            let at = set.and_then(|set| set.renews_at(owner, now));
            at.is_some_and(|at| at <= now) && !state.is_settled(now)
        });
        let asks = due.map(|owner| {
            let this = self.clone();
            async move { drop(this.renew(&owner, RenewalCause::Ahead, None).await) }
        });
        // Not all at once: after a night's sleep every connection is due.
        let asks: Vec<_> = asks.collect();
        each(asks.into_iter(), 2, |()| ()).await;
    }

    /// Stuck here (ended, or in doubt), while no failure is on file: another process may have settled it.
    fn may_have_healed(&self, owner: &Owner) -> bool {
        let slot = self.slot(&owner.connection);
        let state = slot.state();
        let stands = state.set.as_ref().filter(|_| state.in_doubt || state.ended);
        self.store.ready().is_ok() && stands.is_some_and(|set| self.failures.of(&owner.connection, set).is_none())
    }

    /// Shares what somebody else's renewal comes to, or renews in a task of its own: a caller that goes away must not lose
    /// the answer of a server that rotates.
    pub(super) async fn renew(
        self: &Arc<Self>,
        owner: &Owner,
        cause: RenewalCause,
        other_than: Option<Secret>,
    ) -> Result<Arc<TokenSet>> {
        let slot = self.slot(&owner.connection);
        let wish = Wish { cause, other_than, before: slot.state().renewals };
        let turn = slot.gate.turn().await;
        // Most that wait do so for a renewal in this process: they need not read the store for what it came to.
        if let Some(outcome) = self.shared(&slot, owner, &wish) {
            return outcome;
        }
        let (this, owner) = (self.clone(), owner.clone());
        let task = tokio::spawn(async move {
            let _held = slot.gate.pass_among_processes(turn).await?;
            this.renew_behind_the_gate(&slot, &owner, &wish).await
        });
        task.await.map_err(|fault| Error::of_task("renew the token", &fault))?
    }

    async fn renew_behind_the_gate(&self, slot: &Slot, owner: &Owner, wish: &Wish) -> Result<Arc<TokenSet>> {
        if let Err(error) = self.read_again(slot, &owner.connection).await {
            let newest = slot.state().newer_than_kept();
            let behind = slot.state().set.as_ref().is_some_and(|set| self.is_behind(set, owner));
            if !newest && (error.code == ErrorCode::PassphraseNeeded || behind) {
                // Somebody else renews, or has renewed: the refresh token at hand may be spent.
                return Err(error);
            }
            // Whether somebody else renewed cannot be told; what is at hand may still be good.
            tracing::warn!(code = ?error.code, "could not read the store again before renewing");
        }
        if let Some(outcome) = self.shared(slot, owner, wish) {
            return outcome;
        }
        let cause = wish.cause;
        if let Some(error) = self.must_wait(slot, cause) {
            return Err(error);
        }
        let begun = Instant::now();
        let old = slot.state().set.clone();
        let outcome = self.attempt(slot, owner, cause).await;
        self.note(slot, owner, &outcome, old.as_ref());
        if let Err(error) = &outcome {
            owner.record(&self.events, ActivityEvent::RenewalFailed { cause, code: error.code }, Some(begun));
        }
        self.events.signal(Signal::TokenChanged(owner.connection.clone()));
        outcome
    }

    /// Whether the refresh token of this set is known to be spent: there is a newer one somewhere.
    pub(super) fn is_behind(&self, set: &TokenSet, owner: &Owner) -> bool {
        let token = set.spent_by_renewal(owner);
        token.is_some_and(|token| self.journal.is_spent(&owner.connection, token))
    }

    /// What somebody else's renewal came to that is good for this caller too.
    fn shared(&self, slot: &Slot, owner: &Owner, wish: &Wish) -> Option<Result<Arc<TokenSet>>> {
        let state = slot.state();
        let renewed = state.renewals != wish.before;
        // Somebody was ahead of us and failed: the same would happen again.
        if renewed && let Some(error) = &state.last_error {
            return Some(Err(error.clone()));
        }
        let now = self.clock.now();
        let set = state.set.clone().filter(|set| match (wish.cause, &wish.other_than) {
            (RenewalCause::Asked, _) => renewed,
            // Or the server has called the same one good while we waited.
            (cause, Some(not)) => {
                let other = !set.access_token.same_as(not.expose()) && !set.is_over(now);
                other || cause == RenewalCause::Ahead && renewed
            }
            // Somebody renewed it ahead of its time before us.
            (RenewalCause::Ahead, _) => set.renews_at(owner, now).is_none_or(|at| at > now),
            // Renewed while we waited: as fresh as it gets, however short its life.
            _ => renewed && !set.is_over(now) || set.usable(owner, now),
        });
        set.filter(|set| belongs(set, owner)).map(Ok)
    }

    /// Why nothing is sent now, where that is so. The person may always try.
    fn must_wait(&self, slot: &Slot, cause: RenewalCause) -> Option<Error> {
        let state = slot.state();
        if cause == RenewalCause::Asked || state.ended {
            return None;
        }
        let error = state.last_error.clone()?;
        if state.in_doubt {
            return Some(error);
        }
        let left = state.patience.seconds_left(self.clock.now())?;
        let message = format!("{} It is tried again in {left} s.", error.message);
        Some(Error { message, retry_after: u32::try_from(left).ok(), ..error })
    }

    /// What the renewal of `old` came to.
    fn note(&self, slot: &Slot, owner: &Owner, outcome: &Result<Arc<TokenSet>>, old: Option<&Arc<TokenSet>>) {
        let mut state = slot.state();
        state.renewals += 1;
        if outcome.is_err() && state.set.as_ref().map(Arc::as_ptr) != old.map(Arc::as_ptr) {
            // A new login came meanwhile, and has nothing to do with it.
            return;
        }
        state.last_error = outcome.as_ref().err().cloned();
        state.ended |= matches!(outcome, Err(error) if ENDS.contains(&error.code));
        state.patience = match outcome {
            Err(error) if error.code != ErrorCode::LoginNeeded => state.patience.after(error, self.clock.now()),
            _ => Patience::default(),
        };
        match (outcome, &state.set) {
            (Err(error), Some(set)) if error.code != ErrorCode::LoginNeeded => {
                let patience = state.patience.clone();
                let failure = Failure::new(set, state.ended, state.in_doubt, patience, error);
                self.failures.keep(&owner.connection, &failure);
            }
            (Err(_), _) => {}
            (Ok(_), _) => self.failures.forget(&owner.connection),
        }
    }
}

/// What a server says that ends a login: the same would be refused again.
pub(super) const ENDS: [ErrorCode; 2] = [ErrorCode::TokenRefused, ErrorCode::CredentialsRefused];

pub(super) fn clamp(seconds: i64) -> i32 {
    i32::try_from(seconds).unwrap_or(if seconds < 0 { i32::MIN } else { i32::MAX })
}
