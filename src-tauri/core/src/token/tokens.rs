//! The tokens of all connections: what is known of them, and how they come and go. How they stay fresh is renewal.rs.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::failure::Failures;
use super::gate::Gate;
use super::journal::Journal;
use super::logged_out::LoggedOut;
use super::owner::{Owner, belongs};
use super::slot::{Begun, Slot};
use super::view::Standing;
use super::{SecretStore, TokenSet, TokenView};
use crate::clock::Clock;
use crate::error::Result;
use crate::event::{ActivityEvent, Events, KeptIn, Signal};
use crate::redact::Redactor;
use crate::transport::Transport;

/// The tokens of all connections.
pub struct Tokens {
    pub(super) store: Arc<SecretStore>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) journal: Journal,
    pub(super) failures: Failures,
    pub(super) logged_out: LoggedOut,
    /// What other processes have logged out, and was forgotten here, until that is told.
    pub(super) ended_elsewhere: Mutex<BTreeSet<String>>,
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
        journal: &Path,
    ) -> Self {
        Self {
            journal: Journal::new(journal),
            failures: Failures::new(journal),
            logged_out: LoggedOut::new(journal),
            ended_elsewhere: Mutex::default(),
            store,
            clock,
            transport,
            redactor,
            events,
            locks,
            slots: Mutex::default(),
        }
    }

    /// What time it is, by this machine's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The token set at hand, without renewing it; none where there is none.
    ///
    /// # Errors
    /// `keychain_*`.
    pub async fn at_hand(&self, owner: &Owner) -> Result<Option<Arc<TokenSet>>> {
        let slot = self.slot(&owner.connection);
        self.follow_log_out(&slot, &owner.connection);
        self.load(&slot, owner).await?;
        Ok(slot.state().set.clone())
    }

    /// The token set, of what was read so far.
    pub fn known(&self, owner: &Owner) -> Option<Arc<TokenSet>> {
        self.slot(&owner.connection).state().set.clone()
    }

    /// The token set of the last login, of what was read so far, if it was by this way in at these servers.
    pub fn of_login(&self, owner: &Owner, login: &str) -> Option<Arc<TokenSet>> {
        self.known(owner).filter(|set| set.bound.login.as_deref() == Some(login) && belongs(set, owner))
    }

    /// A login begins. A log-out in another process before it was followed: it is not one after it.
    pub fn begin(&self, connection: &str) -> Begun {
        Begun(self.slot(connection).state().forgotten)
    }

    /// What can be seen of a connection's token, of what was read so far.
    pub fn view(&self, owner: &Owner) -> TokenView {
        let slot = self.slot(&owner.connection);
        let state = slot.state();
        let Some(set) = &state.set else { return TokenView::none(state.last_error.clone()) };
        let ended = state.ended || !belongs(set, owner);
        let now = self.clock.now();
        let ahead = set.renews_at(owner, now).filter(|_| !ended && !state.in_doubt);
        let standing = Standing {
            ended,
            in_doubt: state.in_doubt,
            kept_in: state.kept_in.unwrap_or(KeptIn::Memory),
            last_error: state.last_error.clone(),
            renews_at: ahead.map(|at| state.patience.until().map_or(at, |until| at.max(until))),
        };
        TokenView::of(set, owner, standing, now)
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
        set.refresh_token.iter().for_each(|token| self.journal.given(&owner.connection, token));
        self.failures.forget(&owner.connection);
        let begun = Instant::now();
        if self.keep_over(&slot, &owner.connection, &set).await {
            owner.record(&self.events, ActivityEvent::TokenKept { kept_in: self.store.kept_in() }, Some(begun));
        }
        self.events.signal(Signal::TokenChanged(owner.connection.clone()));
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

    /// Returns when no renewal is under way: a process that ends would lose its answer.
    pub async fn at_rest(&self) {
        for (_, slot) in self.slots() {
            drop(slot.gate.turn().await);
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
}
