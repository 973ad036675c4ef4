//! How it stands with a connection's broker: what the façade and the session that runs share.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::link::Order;
use super::message::Incoming;
use super::ring::Ring;
use super::view::{MqttState, MqttSubscription, MqttView, SubscriptionState};
use crate::clock::Clock;
use crate::error::Error;
use crate::event::{Events, Signal};
use crate::provider::MqttPlace;
use crate::redact::Redactor;

/// The interface hears no more often what changed.
const PAUSE: Duration = Duration::from_millis(100);

/// A connection's line to its broker.
pub struct Line {
    connection: String,
    clock: Arc<dyn Clock>,
    events: Events,
    redactor: Arc<Redactor>,
    state: Mutex<State>,
    /// Whether the interface is about to hear that something changed.
    stale: Arc<AtomicBool>,
}

/// How it stands.
#[derive(Default)]
pub struct State {
    /// What the interface sees.
    pub state: MqttState,
    pub error: Option<Error>,
    pub since: Option<Timestamp>,
    pub waits_until: Option<Timestamp>,
    /// What is wanted, and what came of it.
    pub subscriptions: Vec<MqttSubscription>,
    pub messages: Ring,
    pub received: u32,
    /// With what it was connected last.
    pub values: BTreeMap<String, String>,
    pub prefix: Option<String>,
    pub place: Option<MqttPlace>,
    /// The way to the session that runs. Dropping it ends that.
    pub orders: Option<mpsc::UnboundedSender<Order>>,
    /// Counts sessions: what an older one says does not count.
    pub session: u64,
}

impl Line {
    /// Off.
    pub fn new(connection: &str, clock: Arc<dyn Clock>, events: Events, redactor: Arc<Redactor>) -> Self {
        let (state, stale) = (Mutex::default(), Arc::default());
        Self { connection: connection.to_owned(), clock, events, redactor, state, stale }
    }

    /// How it stands.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes how it stands, and says so.
    pub fn is(&self, state: MqttState, error: Option<Error>, waits_until: Option<Timestamp>) {
        let mut now = self.state();
        now.set(state, error, waits_until, self.clock.now());
        drop(now);
        self.changed();
    }

    /// The same, of a session: not when another one runs by now, or none.
    pub fn of_session_is(
        &self,
        session: u64,
        state: MqttState,
        error: Option<Error>,
        waits_until: Option<Timestamp>,
    ) -> bool {
        let mut now = self.state();
        if now.session != session {
            return false;
        }
        now.set(state, error, waits_until, self.clock.now());
        if state == MqttState::Failed {
            now.orders = None;
        }
        drop(now);
        self.changed();
        true
    }

    /// What is to be heard.
    pub fn wanted(&self) -> Vec<String> {
        self.state().subscriptions.iter().map(|it| it.filter.clone()).collect()
    }

    /// What the broker said of a subscription.
    pub fn answered(&self, filter: &str, answer: SubscriptionState) {
        let mut state = self.state();
        if let Some(subscription) = state.subscriptions.iter_mut().find(|it| it.filter == filter) {
            subscription.state = answer;
        }
        drop(state);
        self.changed();
    }

    /// Keeps a message.
    pub fn take(&self, incoming: &Incoming<'_>) {
        let now = self.clock.now();
        let mut state = self.state();
        let row = incoming.kept(state.messages.next(), now, state.place.as_ref(), &self.redactor);
        state.messages.push(row);
        if !incoming.own {
            state.received = state.received.saturating_add(1);
        }
        drop(state);
        self.changed();
    }

    /// What can be seen of it.
    pub fn view(&self) -> MqttView {
        let state = self.state();
        let at = |instant: Option<Timestamp>| instant.map(|instant| instant.to_string());
        MqttView {
            connection: self.connection.clone(),
            state: state.state,
            error: state.error.clone(),
            since: at(state.since),
            waits_until: at(state.waits_until),
            subscriptions: state.subscriptions.clone(),
            received: state.received,
            kept: u32::try_from(state.messages.len()).unwrap_or(u32::MAX),
            publish_prefix: state.prefix.clone(),
        }
    }

    /// Says that something changed: soon, and once for all that changes until then.
    pub fn changed(&self) {
        if self.stale.swap(true, Ordering::AcqRel) {
            return;
        }
        let (stale, events) = (self.stale.clone(), self.events.clone());
        let signal = Signal::MessagesChanged(self.connection.clone());
        tokio::spawn(async move {
            tokio::time::sleep(PAUSE).await;
            stale.store(false, Ordering::Release);
            events.signal(signal);
        });
    }
}

impl State {
    /// Gives an order to the session that runs; whether there is one.
    pub fn order(&self, order: Order) -> bool {
        self.orders.as_ref().is_some_and(|orders| orders.send(order).is_ok())
    }

    fn set(&mut self, state: MqttState, error: Option<Error>, waits_until: Option<Timestamp>, now: Timestamp) {
        if self.state != state {
            self.since = Some(now);
        }
        if state != MqttState::Connected {
            // What the broker said of them is over.
            self.subscriptions.iter_mut().for_each(|it| it.state = SubscriptionState::Asked);
        }
        (self.state, self.error, self.waits_until) = (state, error, waits_until);
    }
}
