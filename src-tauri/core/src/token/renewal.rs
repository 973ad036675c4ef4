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

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::failure::{Failure, Failures};
use super::gate::Gate;
use super::journal::Journal;
use super::patience::Patience;
use super::slot::{Begun, Slot};
use super::view::Standing;
use super::{SecretStore, TokenSet, TokenView};
use jiff::Timestamp;

use crate::clock::Clock;
use crate::concurrent::each;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, Events, Happening, KeptIn, RenewalCause, Signal};
use crate::grant::TokenClient;
use crate::provider::{Provider, Variables};
use crate::redact::Redactor;
use crate::secret::Secret;
use crate::transport::Transport;

/// Whose token it is, and what its provider says of renewal.
#[derive(Clone)]
pub struct Owner {
    /// The connection's id, which is also the name of its keychain item.
    pub connection: String,
    /// Its provider.
    pub provider: Arc<Provider>,
    /// What the placeholders in the provider's file stand for.
    pub variables: Arc<Variables>,
    /// Where its tokens may be presented.
    pub origins: Vec<String>,
    /// The way to its token endpoint.
    pub client: TokenClient,
    /// The run that asks, for the activity.
    pub run: Option<String>,
    /// What it belongs to, for the activity: a request and what it causes.
    pub chain: String,
    /// Whether a request is worth no word in the activity: one of many look-ups for a list.
    pub quiet: bool,
}

impl Owner {
    /// For one request of many: a chain of its own.
    #[must_use]
    pub fn in_chain(&self) -> Self {
        Self { chain: crate::event::chain(), ..self.clone() }
    }

    /// Records something that happened to the connection, in the run that asks.
    pub fn record(&self, events: &Events, event: ActivityEvent, begun: Option<Instant>) {
        events.happened(Happening {
            event,
            connection: Some(self.connection.clone()),
            run: self.run.clone(),
            chain: Some(self.chain.clone()),
            took: begun.map(|begun| begun.elapsed()),
        });
    }
}

/// The tokens of all connections.
pub struct Tokens {
    pub(super) store: Arc<SecretStore>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) journal: Journal,
    failures: Failures,
    pub(super) transport: Transport,
    pub(super) redactor: Arc<Redactor>,
    pub(super) events: Events,
    locks: PathBuf,
    slots: Mutex<HashMap<String, Arc<Slot>>>,
}

impl Tokens {
    /// Nothing is read yet. `locks` and `journal` are folders.
    pub fn new(
        store: Arc<SecretStore>,
        clock: Arc<dyn Clock>,
        transport: Transport,
        redactor: Arc<Redactor>,
        events: Events,
        locks: PathBuf,
        journal: PathBuf,
    ) -> Self {
        let (failures, journal) = (Failures::new(journal.clone()), Journal::new(journal));
        Self { journal, failures, store, clock, transport, redactor, events, locks, slots: Mutex::default() }
    }

    /// What time it is, by this machine's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

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
            let good = |set: &Arc<TokenSet>| set.usable(&owner.provider.renewal, now) || state.was_found_good(now);
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

    /// The token set at hand, without renewing it; none where there is none.
    ///
    /// # Errors
    /// `keychain_*`.
    pub async fn at_hand(&self, owner: &Owner) -> Result<Option<Arc<TokenSet>>> {
        let slot = self.slot(&owner.connection);
        self.load(&slot, owner).await?;
        Ok(slot.state().set.clone())
    }

    /// The token set, of what was read so far.
    pub fn known(&self, owner: &Owner) -> Option<Arc<TokenSet>> {
        self.slot(&owner.connection).state().set.clone()
    }

    /// Takes the token set of a new login in place of the old one. What cannot be kept stays in memory and is tried
    /// again: a login is not lost because the keychain was locked in the meantime.
    ///
    /// `begun` is what [`Tokens::begin`] gave when the login began.
    ///
    /// # Errors
    /// `login_ended` when the connection was logged out meanwhile, `timed_out` when another process holds it for long.
    pub async fn replace(&self, owner: &Owner, set: TokenSet, begun: Begun) -> Result<()> {
        let slot = self.slot(&owner.connection);
        let set = Arc::new(set);
        // Held before it is kept: a wait at the gate that fails must not lose it.
        slot.hold(&set, begun)?;
        set.secrets().for_each(|secret| self.redactor.add(&owner.connection, secret));
        let _held = slot.gate.pass().await?;
        // Once more: a renewal of the old token may have ended in between.
        slot.hold(&set, begun)?;
        let begun = Instant::now();
        if self.keep(&slot, &owner.connection, &set).await {
            owner.record(&self.events, ActivityEvent::TokenKept { kept_in: self.store.kept_in() }, Some(begun));
        }
        self.events.signal(Signal::TokenChanged(owner.connection.clone()));
        Ok(())
    }

    /// Deletes everything that is kept for a connection.
    ///
    /// # Errors
    /// `keychain_*`: it may still be there.
    pub async fn forget(&self, connection: &str) -> Result<()> {
        let slot = self.slot(connection);
        let _held = slot.gate.pass().await?;
        // First here, so that nothing is kept again; what the keychain says then is the outcome.
        slot.forget();
        self.journal.done(connection);
        self.journal.kept(connection);
        self.failures.forget(connection);
        self.redactor.forget(connection);
        self.transport.hang_up();
        self.hang_up_later();
        self.store.delete(connection).await?;
        self.events.signal(Signal::TokenChanged(connection.to_owned()));
        Ok(())
    }

    /// A request that was under way leaves its connection open when it ends, with the token in its buffers.
    pub(super) fn hang_up_later(&self) {
        let transport = self.transport.clone();
        tokio::spawn(async move {
            for pause in [2, 6] {
                tokio::time::sleep(Duration::from_secs(pause)).await;
                transport.hang_up();
            }
        });
    }

    /// What can be seen of a connection's token, of what was read so far.
    pub fn view(&self, owner: &Owner) -> TokenView {
        let slot = self.slot(&owner.connection);
        let state = slot.state();
        let Some(set) = &state.set else { return TokenView::none(state.last_error.clone()) };
        let ended = state.ended || !belongs(set, owner);
        let ahead = set.renews_at(owner).filter(|_| !ended && !state.in_doubt);
        let standing = Standing {
            ended,
            in_doubt: state.in_doubt,
            kept_in: state.kept_in.unwrap_or(KeptIn::Memory),
            last_error: state.last_error.clone(),
            renews_at: ahead.map(|at| state.patience.until().map_or(at, |until| at.max(until))),
        };
        TokenView::of(set, owner, standing, self.clock.now())
    }

    /// Renews what is nearly over, so that nobody waits for it. Called again and again while the app runs; by the wall
    /// clock, so that a machine that slept goes on where it should (security.md E12).
    pub async fn renew_ahead(self: &Arc<Self>, owners: Vec<Owner>) {
        let now = self.clock.now();
        let due = owners.into_iter().filter(|owner| {
            let slot = self.slot(&owner.connection);
            let state = slot.state();
            let set = state.set.as_ref().filter(|set| belongs(set, owner) && !state.ended && !state.in_doubt);
            let at = set.and_then(|set| set.renews_at(owner));
            at.is_some_and(|at| at <= now) && state.patience.seconds_left(now).is_none()
        });
        let asks = due.map(|owner| {
            let this = self.clone();
            async move { drop(this.renew(&owner, RenewalCause::Ahead, None).await) }
        });
        // Not all at once: after a night's sleep every connection is due.
        let asks: Vec<_> = asks.collect();
        each(asks.into_iter(), 2, |()| ()).await;
    }

    /// The token set of the last login, of what was read so far, if it was by this way in at these servers.
    pub fn of_login(&self, owner: &Owner, login: &str) -> Option<Arc<TokenSet>> {
        self.known(owner).filter(|set| set.bound.login.as_deref() == Some(login) && belongs(set, owner))
    }

    /// A login begins.
    pub fn begin(&self, connection: &str) -> Begun {
        Begun(self.slot(connection).state().forgotten)
    }

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
        if matches!(self.store.ready(), Err(error) if error.code == ErrorCode::PassphraseNeeded) {
            // It would fail, and be told, each time.
            return;
        }
        for (connection, slot) in self.slots() {
            let unsaved = slot.state().newer_than_kept();
            let in_its_place = slot.state().kept_in == Some(self.store.kept_in());
            if unsaved
                && !in_its_place
                && let Ok(_held) = slot.gate.pass().await
            {
                let Some(set) = slot.state().set.clone() else { continue };
                if self.keep(&slot, &connection, &set).await {
                    self.events.record(&connection, ActivityEvent::TokenKept { kept_in: self.store.kept_in() });
                    self.events.signal(Signal::TokenChanged(connection));
                }
            }
        }
    }

    /// Returns when no renewal is under way: a process that ends would lose its answer.
    pub async fn at_rest(&self) {
        for (_, slot) in self.slots() {
            drop(slot.gate.pass().await);
        }
    }

    pub(super) fn slot(&self, connection: &str) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let gate = Gate::new(self.locks.join(format!("{connection}.lock")));
            Arc::new(Slot::new(gate))
        };
        slots.entry(connection.to_owned()).or_insert_with(new).clone()
    }

    /// All of them, by connection.
    pub(super) fn slots(&self) -> Vec<(String, Arc<Slot>)> {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.iter().map(|(connection, slot)| (connection.clone(), slot.clone())).collect()
    }

    async fn load(&self, slot: &Slot, owner: &Owner) -> Result<()> {
        if slot.state().loaded {
            return Ok(());
        }
        let set = self.stored(owner).await?;
        let mut state = slot.state();
        // While the keychain was asked, a login may have been faster.
        if !state.loaded {
            let failure = set.as_ref().and_then(|set| self.failures.of(&owner.connection, set));
            state.take(set, self.store.kept_in());
            if let Some(failure) = failure {
                state.last_error = Some(failure.error());
                (state.ended, state.in_doubt, state.patience) = (failure.ended, failure.in_doubt, failure.patience);
            }
        }
        Ok(())
    }

    /// Takes what the store has by now, behind the gate. What is in memory only is newer and stays.
    async fn read_again(&self, slot: &Slot, owner: &Owner) -> Result<()> {
        if slot.state().newer_than_kept() || self.store.kept_in() == KeptIn::Memory {
            return Ok(());
        }
        let set = self.stored(owner).await?;
        slot.state().take(set, self.store.kept_in());
        Ok(())
    }

    pub(super) async fn stored(&self, owner: &Owner) -> Result<Option<TokenSet>> {
        if self.store.kept_in() == KeptIn::Memory {
            return Ok(None);
        }
        let kept = self.store.read(&owner.connection).await?;
        let set = kept.and_then(|kept| understood(&kept, &owner.connection));
        set.iter().flat_map(TokenSet::secrets).for_each(|secret| self.redactor.add(&owner.connection, secret));
        Ok(set)
    }

    /// Shares what somebody else's renewal comes to, or renews in a task of its own: a caller that goes away must not lose
    /// the answer of a server that rotates.
    pub(super) async fn renew(
        self: &Arc<Self>,
        owner: &Owner,
        cause: RenewalCause,
        refused: Option<Secret>,
    ) -> Result<Arc<TokenSet>> {
        let slot = self.slot(&owner.connection);
        let before = slot.state().renewals;
        let turn = slot.gate.turn().await;
        // Most that wait do so for a renewal in this process: they need not read the store for what it came to.
        if let Some(outcome) = self.shared(&slot, owner, before, cause, refused.as_ref()) {
            return outcome;
        }
        let (this, owner) = (self.clone(), owner.clone());
        let task = tokio::spawn(async move {
            let _held = slot.gate.pass_among_processes(turn).await?;
            this.renew_behind_the_gate(&slot, &owner, before, cause, refused.as_ref()).await
        });
        task.await.map_err(|fault| Error::of_task("renew the token", &fault))?
    }

    async fn renew_behind_the_gate(
        &self,
        slot: &Slot,
        owner: &Owner,
        before: u64,
        cause: RenewalCause,
        refused: Option<&Secret>,
    ) -> Result<Arc<TokenSet>> {
        if let Err(error) = self.read_again(slot, owner).await {
            if error.code == ErrorCode::PassphraseNeeded {
                // Who has the passphrase goes on renewing: the refresh token at hand may be spent.
                return Err(error);
            }
            // Whether somebody else renewed cannot be told; what is at hand may still be good.
            tracing::warn!(code = ?error.code, "could not read the store again before renewing");
        }
        if let Some(outcome) = self.shared(slot, owner, before, cause, refused) {
            return outcome;
        }
        if let Some(error) = self.must_wait(slot, cause) {
            return Err(error);
        }
        let begun = Instant::now();
        let outcome = self.attempt(slot, owner, cause).await;
        self.note(slot, owner, cause, &outcome, begun);
        outcome
    }

    /// What somebody else's renewal came to that is good for this caller too. `before` is how many there had been when it
    /// began to wait.
    fn shared(
        &self,
        slot: &Slot,
        owner: &Owner,
        before: u64,
        cause: RenewalCause,
        refused: Option<&Secret>,
    ) -> Option<Result<Arc<TokenSet>>> {
        let state = slot.state();
        // Somebody was ahead of us and failed: the same would happen again.
        if state.renewals != before
            && let Some(error) = &state.last_error
        {
            return Some(Err(error.clone()));
        }
        let now = self.clock.now();
        let set = state.set.clone().filter(|set| match (cause, refused) {
            (RenewalCause::Asked, _) => state.renewals != before,
            // Or the server has called the same one good while we waited.
            (cause, Some(refused)) => {
                let other = !set.access_token.same_as(refused.expose());
                other || cause == RenewalCause::Ahead && state.renewals != before
            }
            // Somebody renewed it ahead of its time before us.
            (RenewalCause::Ahead, _) => set.renews_at(owner).is_none_or(|at| at > now),
            // Renewed while we waited: as fresh as it gets, however short its life.
            _ => state.renewals != before || set.usable(&owner.provider.renewal, now),
        });
        set.filter(|set| belongs(set, owner)).map(Ok)
    }

    /// Whether it is kept. If not it stays in memory, and is tried again later.
    pub(super) async fn keep(&self, slot: &Slot, connection: &str, set: &TokenSet) -> bool {
        if self.store.kept_in() == KeptIn::Memory {
            slot.state().kept_in = Some(KeptIn::Memory);
            return true;
        }
        let outcome = self.store.write(connection, &set.to_json()).await;
        slot.state().kept_in = outcome.is_ok().then(|| self.store.kept_in());
        match &outcome {
            Ok(()) => self.journal.kept(connection),
            Err(error) => {
                self.events.record(connection, ActivityEvent::TokenNotKept { code: error.code });
                self.events.signal(Signal::StatusChanged);
            }
        }
        outcome.is_ok()
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

    fn note(&self, slot: &Slot, owner: &Owner, cause: RenewalCause, outcome: &Result<Arc<TokenSet>>, begun: Instant) {
        {
            let mut state = slot.state();
            state.renewals += 1;
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
        if let Err(error) = outcome {
            owner.record(&self.events, ActivityEvent::RenewalFailed { cause, code: error.code }, Some(begun));
        }
        self.events.signal(Signal::TokenChanged(owner.connection.clone()));
    }
}

/// What a server says that ends a login: the same would be refused again.
const ENDS: [ErrorCode; 2] = [ErrorCode::TokenRefused, ErrorCode::CredentialsRefused];

/// A token is never presented to another origin than it was made for, nor by another provider's rules (security.md F2,
/// H2).
pub(super) fn belongs(set: &TokenSet, owner: &Owner) -> bool {
    let provider = set.bound.provider.as_ref();
    set.bound.origins == owner.origins && provider.is_none_or(|provider| *provider == owner.provider.id)
}

fn understood(kept: &Secret, connection: &str) -> Option<TokenSet> {
    serde_json::from_str(kept.expose())
        // The error is not told: it could quote what is kept.
        .inspect_err(|_| tracing::warn!(connection, "what the keychain holds is not understood"))
        .ok()
}

pub(super) fn clamp(seconds: i64) -> i32 {
    i32::try_from(seconds).unwrap_or(if seconds < 0 { i32::MIN } else { i32::MAX })
}
