//! What is known of the tokens of one connection in this process, and the gate before their renewal.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::gate::Gate;
use super::journal::digest;
use super::patience::Patience;
use super::{Owner, TokenSet};
use crate::error::{Error, ErrorCode, Result};
use crate::event::KeptIn;
use crate::secret::Secret;

/// When a login began, as far as log-outs are concerned.
#[derive(Debug, Clone, Copy)]
pub struct Begun(pub(super) u64);

/// The tokens of one connection.
pub(super) struct Slot {
    pub gate: Gate,
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub set: Option<Arc<TokenSet>>,
    /// Whether the store was read.
    pub loaded: bool,
    /// Where `set` is kept; none where it could not be.
    pub kept_in: Option<KeptIn>,
    /// The access token that the store had when it was last read or written here, by its digest.
    pub seen: Option<String>,
    /// Whether the authorization server has said that the refresh token is no longer good.
    pub ended: bool,
    /// Whether a renewal was sent and its answer lost: the refresh token may be spent, so only the person tries it again.
    pub in_doubt: bool,
    /// After failures.
    pub patience: Patience,
    /// Until when a server has just said that the token is still good: nobody asks again before.
    pub still_good_until: Option<Timestamp>,
    pub last_error: Option<Error>,
    /// Whether `ended`, `in_doubt`, `patience` and `last_error` are what another process has learned.
    pub learned: bool,
    /// The run, or the chain, that was told last that the token at hand is used.
    told: Option<String>,
    /// Counts renewals, also failed ones, so that who waited shares the outcome.
    pub renewals: u64,
    /// Counts how often everything was forgotten: a login that began before keeps nothing.
    pub forgotten: u64,
}

impl State {
    pub fn was_found_good(&self, now: Timestamp) -> bool {
        self.still_good_until.is_some_and(|until| now < until)
    }

    /// Whether nothing would come of renewing it unasked: it is too early after a failure or after the server called the token good,
    /// or only a login helps.
    pub fn is_settled(&self, now: Timestamp) -> bool {
        let only_a_login = self.last_error.as_ref().is_some_and(|error| error.code == ErrorCode::LoginNeeded);
        only_a_login || self.was_found_good(now) || self.patience.seconds_left(now).is_some()
    }

    /// Whether `set` is in memory only: what is kept is older, or nothing.
    pub fn newer_than_kept(&self) -> bool {
        self.set.is_some() && matches!(self.kept_in, None | Some(KeptIn::Memory))
    }

    /// Knows nothing more than this; what is counted goes on.
    fn begin_anew(&mut self, known: Self) {
        *self = Self { renewals: self.renewals, forgotten: self.forgotten, ..known };
    }

    /// Takes what is kept in `place`. The same as before leaves what is known of it.
    pub fn take(&mut self, set: Option<TokenSet>, place: KeptIn) {
        let seen = set.as_ref().map(|set| digest(&set.access_token));
        let same = matches!((&self.set, &set), (Some(old), Some(new)) if same_tokens(old, new));
        if same {
            self.kept_in = Some(place);
        } else {
            let kept_in = set.is_some().then_some(place);
            self.begin_anew(Self { set: set.map(Arc::new), kept_in, ..Self::default() });
        }
        (self.loaded, self.seen) = (true, seen);
    }
}

impl Slot {
    /// Nothing is read yet.
    pub fn new(gate: Gate) -> Self {
        Self { gate, state: Mutex::default() }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the token set of a new login, unless everything was forgotten since that began.
    pub fn hold(&self, set: &Arc<TokenSet>, begun: Begun) -> Result<()> {
        let mut state = self.state();
        if state.forgotten != begun.0 {
            return Err(Error::new(ErrorCode::LoginEnded, "The connection was logged out in the meantime."));
        }
        state.renewals += 1;
        let seen = state.seen.take();
        state.begin_anew(State { set: Some(set.clone()), loaded: true, seen, ..State::default() });
        Ok(())
    }

    /// Knows of nothing any more, and of nothing that began before.
    pub fn forget(&self) {
        self.forget_if(|_| true);
    }

    /// The same, where what there is by now is meant. Whether it is.
    pub fn forget_if(&self, is_meant: impl FnOnce(Option<&TokenSet>) -> bool) -> bool {
        let mut state = self.state();
        if !is_meant(state.set.as_deref()) {
            return false;
        }
        state.renewals += 1;
        state.forgotten += 1;
        state.begin_anew(State { loaded: true, ..State::default() });
        true
    }

    /// What it has is kept there now.
    pub fn is_kept_in(&self, place: KeptIn) {
        let mut state = self.state();
        if let Some(set) = &state.set {
            state.seen = Some(digest(&set.access_token));
            state.kept_in = Some(place);
        }
    }

    /// Knows no more what is kept in `place`, because of this. What is in memory only stays: it is nowhere else.
    pub fn forget_kept(&self, place: KeptIn, error: &Error) -> bool {
        let mut state = self.state();
        if state.kept_in != Some(place) {
            return false;
        }
        state.begin_anew(State { last_error: Some(error.clone()), ..State::default() });
        true
    }

    /// Whether a run, or a chain outside of one, hears for the first time that the token at hand is used.
    pub fn tell_once(&self, owner: &Owner) -> bool {
        if owner.quiet {
            return false;
        }
        let whole = owner.run.as_ref().unwrap_or(&owner.chain);
        let told = &mut self.state().told;
        let first = told.as_ref() != Some(whole);
        *told = Some(whole.clone());
        first
    }
}

fn same_tokens(one: &TokenSet, other: &TokenSet) -> bool {
    one.access_token.same_as(other.access_token.expose())
        && one.refresh_token.as_ref().map(Secret::expose) == other.refresh_token.as_ref().map(Secret::expose)
}
