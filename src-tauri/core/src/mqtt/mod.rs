//! Live messages: a connection's line to the MQTT broker of its provider, kept up while the person wants it.
//!
//! offer.rs says what a provider's file offers. line.rs is what the façade and a running session share; session.rs keeps it
//! up, with a live token for each connection (link.rs); frames.rs reads what comes. The last messages are in memory only
//! (ring.rs).

mod frames;
mod line;
mod link;
mod message;
mod offer;
mod ring;
mod session;
mod topic;
mod view;

use std::collections::{BTreeMap, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use rumqttc::{Publish, QoS};
use tokio::sync::{mpsc, oneshot};

use crate::account::Account;
use crate::clock::Clock;
use crate::dial::Broker;
use crate::error::{Error, ErrorCode, Result};
use crate::event::Events;
use crate::provider::{Encoding, fill};
use crate::redact::Redactor;
use crate::token::Tokens;
use line::Line;
use link::Order;
use session::Session;

pub use view::{
    MessagePage, MessagePlace, MessageQuery, MessageRow, MqttOffer, MqttState, MqttSubscription, MqttSuggestion,
    MqttView, SubscriptionState,
};

/// How many filters one connection hears.
const MOST_FILTERS: usize = 100;

/// The lines of all connections.
pub struct Lines {
    tokens: Arc<Tokens>,
    clock: Arc<dyn Clock>,
    events: Events,
    redactor: Arc<Redactor>,
    lines: Mutex<HashMap<String, Arc<Line>>>,
}

impl Lines {
    /// All are off.
    pub fn new(tokens: Arc<Tokens>, clock: Arc<dyn Clock>, events: Events, redactor: Arc<Redactor>) -> Self {
        Self { tokens, clock, events, redactor, lines: Mutex::default() }
    }

    /// What can be heard with a connection; none where there is nothing.
    ///
    /// # Errors
    /// `internal` when the provider's file is wrong.
    pub fn offer(&self, account: &Account) -> Result<Option<MqttOffer>> {
        let line = self.line(&account.connection.id);
        let values = line.state().values.clone();
        offer::offer(account, Some(&values))
    }

    /// Connects, and stays so. Where it is connected with the same values, it goes on.
    ///
    /// # Errors
    /// `invalid_input` that names the field.
    pub fn connect(&self, account: Account, values: BTreeMap<String, String>) -> Result<MqttView> {
        let Some(mqtt) = offer::of(&account).cloned() else {
            return Err(Error::new(ErrorCode::InvalidInput, "This connection has no live messages."));
        };
        offer::check(&mqtt, &values)?;
        let known = account.owner.variables.as_ref();
        let broker = Broker::parse(&fill(&mqtt.url, known, Encoding::Plain)?)?;
        let names = offer::names(&mqtt, known, &values);
        let line = self.line(&account.connection.id);
        let (give, orders) = mpsc::unbounded_channel();
        let number = {
            let mut state = line.state();
            let up = matches!(state.state, MqttState::Connecting | MqttState::Connected);
            if up && state.values == values {
                drop(state);
                return Ok(line.view());
            }
            (state.prefix, state.place) = (offer::prefix(&mqtt, &names), mqtt.place.clone());
            state.values = values;
            state.orders = Some(give);
            state.session += 1;
            state.session
        };
        line.of_session_is(number, MqttState::Connecting, None, None);
        let session = Session {
            number,
            line: line.clone(),
            account,
            mqtt,
            broker,
            names,
            tokens: self.tokens.clone(),
            events: self.events.clone(),
            redactor: self.redactor.clone(),
        };
        let at_work = line.clone();
        tokio::spawn(async move {
            if AssertUnwindSafe(session.run(orders)).catch_unwind().await.is_err() {
                let error = Error::internal("hear messages", "a fault ended it");
                at_work.of_session_is(number, MqttState::Failed, Some(error), None);
            }
        });
        Ok(line.view())
    }

    /// Ends a connection's line. Its subscriptions and messages stay.
    pub fn disconnect(&self, connection: &str) -> MqttView {
        let line = self.line(connection);
        {
            let mut state = line.state();
            state.orders = None;
            state.session += 1;
        }
        line.is(MqttState::Off, None, None);
        line.view()
    }

    /// Ends a connection's line, and forgets all that came by it.
    pub fn forget(&self, connection: &str) {
        let line = self.lines().remove(connection);
        if let Some(line) = line {
            let mut state = line.state();
            let session = state.session + 1;
            *state = line::State { session, ..line::State::default() };
            drop(state);
            line.changed();
        }
    }

    /// How it stands.
    pub fn view(&self, connection: &str) -> MqttView {
        self.line(connection).view()
    }

    /// Hears what a filter means, from now on and after each time that it is connected again.
    ///
    /// # Errors
    /// `invalid_input` of `filter`.
    pub fn subscribe(&self, connection: &str, filter: &str) -> Result<MqttView> {
        let (line, filter) = (self.line(connection), filter.trim());
        if !topic::is_filter(filter) {
            let what = "This is not a topic filter: + stands for one level, # for all that follow at the end.";
            return Err(Error::input("filter", what));
        }
        let mut state = line.state();
        let known = state.subscriptions.iter().position(|it| it.filter == filter);
        // What was refused is asked again.
        if known.is_none_or(|at| state.subscriptions[at].state == SubscriptionState::Refused) {
            if let Some(at) = known {
                state.subscriptions.remove(at);
            }
            if state.subscriptions.len() == MOST_FILTERS {
                return Err(Error::input("filter", format!("No more than {MOST_FILTERS} filters are heard at once.")));
            }
            let asked = MqttSubscription { filter: filter.to_owned(), state: SubscriptionState::Asked };
            state.subscriptions.push(asked);
            state.order(Order::Subscribe(filter.to_owned()));
        }
        drop(state);
        line.changed();
        Ok(line.view())
    }

    /// Hears it no more.
    ///
    /// # Errors
    /// `invalid_input` of `filter` where it is not heard.
    pub fn unsubscribe(&self, connection: &str, filter: &str) -> Result<MqttView> {
        let line = self.line(connection);
        {
            let mut state = line.state();
            let at = state.subscriptions.iter().position(|it| it.filter == filter);
            let at = at.ok_or_else(|| Error::input("filter", "This is not heard."))?;
            state.subscriptions.remove(at);
            state.order(Order::Unsubscribe(filter.to_owned()));
        }
        line.changed();
        Ok(line.view())
    }

    /// Publishes a message, and returns when the broker has it.
    ///
    /// # Errors
    /// `invalid_input` of `topic` or `payload`, `unreachable` when it is not connected: nothing was sent; `no_reply` when the
    /// connection ends before the broker says that it has it, `timed_out` when it does not say so.
    pub async fn publish(&self, connection: &str, topic: &str, payload: String, retain: bool) -> Result<()> {
        let line = self.line(connection);
        let (done, answer) = oneshot::channel();
        {
            let state = line.state();
            check_message(topic, &payload, state.prefix.as_deref())?;
            let connected = state.state == MqttState::Connected;
            let mut publish = Publish::new(topic, QoS::AtLeastOnce, payload);
            publish.retain = retain;
            let ordered = connected && state.order(Order::Publish(publish, done));
            if !ordered {
                return Err(Error::new(ErrorCode::Unreachable, "It is not connected: nothing was sent."));
            }
        }
        let lost = |code, what: &str| Err(Error::new(code, what));
        match tokio::time::timeout(link::PATIENCE, answer).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => lost(ErrorCode::NoReply, "The connection ended before the broker had it for sure."),
            Err(_) => lost(ErrorCode::TimedOut, "The broker does not say that it has it."),
        }
    }

    /// The messages that are asked for, the newest first.
    ///
    /// # Errors
    /// `invalid_input` of `filter`.
    pub fn messages(&self, connection: &str, query: &MessageQuery) -> Result<MessagePage> {
        self.line(connection).state().messages.read(query)
    }

    /// Forgets the messages.
    pub fn clear(&self, connection: &str) {
        let line = self.line(connection);
        line.state().messages.clear();
        line.changed();
    }

    fn line(&self, connection: &str) -> Arc<Line> {
        let new = || Arc::new(Line::new(connection, self.clock.clone(), self.events.clone(), self.redactor.clone()));
        self.lines().entry(connection.to_owned()).or_insert_with(new).clone()
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Line>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a message may be published.
fn check_message(topic: &str, payload: &str, prefix: Option<&str>) -> Result<()> {
    if !topic::is_topic(topic) {
        return Err(Error::input("topic", "This is not a topic: + and # stand in filters only."));
    }
    if let Some(prefix) = prefix.filter(|prefix| !topic.starts_with(prefix) || topic.len() == prefix.len()) {
        return Err(Error::input("topic", format!("Only topics that begin with {prefix} can be published under.")));
    }
    if topic.len() + payload.len() > frames::LARGEST - 16 {
        return Err(Error::input("payload", "A message holds 256 KB at most."));
    }
    Ok(())
}
