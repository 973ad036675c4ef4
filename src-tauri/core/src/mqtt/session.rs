//! Keeps a line up until nobody wants it any more: a live token for each connection, and another try when one ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rumqttc::{Connect, Login};
use tokio::sync::mpsc;

use super::line::Line;
use super::link::{Link, Order};
use super::view::MqttState;
use crate::account::Account;
use crate::clock::after;
use crate::dial::Broker;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, Events};
use crate::provider::{Encoding, Inputs, Mqtt, Variables, fill};
use crate::redact::Redactor;
use crate::secret::Secret;
use crate::token::{Owner, TokenSet, Tokens};

/// The longest wait before another try, in seconds.
const LONGEST: u64 = 60;
/// MQTT 3.1.1 section 1.5.3, in bytes.
const LONGEST_NAME: usize = 65_535;

/// What keeps a line up.
pub struct Session {
    /// Which it is of those that the line had.
    pub number: u64,
    pub line: Arc<Line>,
    pub account: Account,
    pub mqtt: Mqtt,
    pub broker: Broker,
    /// What the placeholders in user name and password stand for, beside the token.
    pub names: Variables,
    pub tokens: Arc<Tokens>,
    pub events: Events,
    pub redactor: Arc<Redactor>,
}

impl Session {
    /// Runs until nobody gives orders any more, or trying again by itself makes no sense.
    pub async fn run(self, mut orders: mpsc::UnboundedReceiver<Order>) {
        // What a log-out forgets meanwhile stays masked in what still comes.
        let _at_work = self.redactor.at_work(&self.account.owner.connection);
        let mut told = None;
        let mut wait = 1;
        loop {
            if !self.is(MqttState::Connecting, None, None) {
                return;
            }
            let Some(opened) = unless_ended(&mut orders, self.open()).await else { return };
            let error = match opened {
                Ok(link) => {
                    told = None;
                    let begun = Instant::now();
                    let Some(error) = self.serve(link, &mut orders).await else { return };
                    if begun.elapsed() >= Duration::from_secs(LONGEST) {
                        wait = 1;
                    }
                    error
                }
                Err(error) => {
                    // Said once of what goes on.
                    if told != Some(error.code) {
                        self.record(ActivityEvent::MqttRefused { server: self.broker.authority(), code: error.code });
                        told = Some(error.code);
                    }
                    error
                }
            };
            if !makes_sense_again(&error) {
                self.is(MqttState::Failed, Some(error), None);
                return;
            }
            let until = after(self.tokens.now(), i64::try_from(wait).unwrap_or_default());
            self.is(MqttState::Waiting, Some(error), Some(until));
            let pause = tokio::time::sleep(Duration::from_secs(wait));
            if unless_ended(&mut orders, pause).await.is_none() {
                return;
            }
            wait = (wait * 2).min(LONGEST);
        }
    }

    /// Until the connection ends: why; none where it was ended here.
    async fn serve(&self, mut link: Link, orders: &mut mpsc::UnboundedReceiver<Order>) -> Option<Error> {
        let server = self.broker.authority();
        self.record(ActivityEvent::MqttConnected { server: server.clone() });
        self.is(MqttState::Connected, None, None);
        let outcome = link.serve(&self.line, orders).await;
        let error = outcome.err();
        self.record(ActivityEvent::MqttDisconnected { server, code: error.as_ref().map(|error| error.code) });
        // Ended here, though the last packet did not get through.
        error.filter(|_| !orders.is_closed())
    }

    /// Connects with a live token. A broker that refuses it gets another one, once.
    async fn open(&self) -> Result<Link> {
        let owner = self.account.owner.in_chain();
        let set = self.tokens.usable(&owner).await?;
        match self.present(&owner, &set).await {
            Err(error) if error.code == ErrorCode::Refused => {
                let fresh = self.tokens.other_than(&set, &owner).await?;
                self.present(&owner, &fresh).await
            }
            outcome => outcome,
        }
    }

    async fn present(&self, owner: &Owner, set: &TokenSet) -> Result<Link> {
        let server = self.broker.authority();
        // To no other server than it was made for (security.md H2).
        if !set.bound.origins.contains(&self.broker.origin()) {
            return Err(Error::new(ErrorCode::LoginNeeded, format!("The token was not made for {server}.")));
        }
        let stream = self.broker.dial(self.account.connection.ca.as_deref()).await?;
        let (username, password) = (self.named(&self.mqtt.username, set)?, self.named(&self.mqtt.password, set)?);
        let mut connect = Connect::new(client_id());
        connect.login = Some(Login::new(username.expose(), password.expose()));
        let opened = Link::open(stream, server, connect).await;
        opened.map_err(|error| self.redactor.mask_error(error)).inspect_err(|error| {
            tracing::debug!(connection = owner.connection, code = ?error.code, "the broker was not reached");
        })
    }

    /// User name or password.
    fn named(&self, template: &str, set: &TokenSet) -> Result<Secret> {
        let secret = [("access_token".to_owned(), set.access_token.clone())].into();
        let inputs = Inputs { plain: self.names.clone(), secret, ..Inputs::default() };
        let filled = Secret::new(fill(template, &inputs, Encoding::Plain)?);
        if filled.expose().len() > LONGEST_NAME {
            return Err(Error::new(ErrorCode::InvalidInput, "The token is too long for a user name of MQTT."));
        }
        Ok(filled)
    }

    fn is(&self, state: MqttState, error: Option<Error>, waits_until: Option<Timestamp>) -> bool {
        self.line.of_session_is(self.number, state, error, waits_until)
    }

    fn record(&self, event: ActivityEvent) {
        self.account.owner.record(&self.events, event, None);
    }
}

/// Does something unless the line is ended meanwhile. Orders that come have their effect when it is up.
async fn unless_ended<T>(orders: &mut mpsc::UnboundedReceiver<Order>, work: impl Future<Output = T>) -> Option<T> {
    let ended = async { while orders.recv().await.is_some() {} };
    tokio::select! {
        outcome = work => Some(outcome),
        () = ended => None,
    }
}

/// Whether the same may succeed without the person. What is locked draws a dialog each time.
fn makes_sense_again(error: &Error) -> bool {
    error.retryable && !matches!(error.code, ErrorCode::KeychainLocked | ErrorCode::PassphraseNeeded)
}

/// As every server takes it (section 3.1.3.1), and no other one's: a server ends the connection of whom it takes for the same.
fn client_id() -> String {
    format!("keydesk{:.16}", uuid::Uuid::new_v4().simple().to_string())
}
