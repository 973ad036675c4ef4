//! `keydesk mqtt`: live messages, by a line to the provider's broker.

use std::collections::BTreeMap;
use std::sync::Arc;

use clap::Args;
use keydesk_core::{
    ErrorCode, Keydesk, MessageQuery, MessageRow, MqttOffer, MqttState, MqttView, Signal, SubscriptionState,
};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::providers;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::interrupt::Stop;
use crate::{find, pairs};

/// Messages that are read at once.
const PAGE: u32 = 500;

/// What `keydesk mqtt` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id
    connection: String,
    /// A field that topics are made of
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Prints the messages that this topic filter means, until Ctrl-C. Without any, what is offered is listed
    #[arg(long, value_name = "FILTER")]
    subscribe: Vec<String>,
    /// Publishes a message under this topic
    #[arg(long, value_name = "TOPIC", requires = "payload")]
    publish: Option<String>,
    /// The message
    #[arg(long, value_name = "TEXT", requires = "publish", allow_hyphen_values = true)]
    payload: Option<String>,
    /// The broker keeps it for who comes later
    #[arg(long, requires = "publish")]
    retain: bool,
    /// Ends after so many messages
    #[arg(long, value_name = "NUMBER", requires = "subscribe")]
    count: Option<u32>,
}

pub async fn run(context: &Context, arguments: Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let connection = find::connection(&keydesk, &arguments.connection)?;
    let Some(offer) = keydesk.mqtt_offer(&connection.id)? else {
        return Err(Failure::usage("connection", format!("{} has no live messages.", connection.provider_name)));
    };
    if arguments.subscribe.is_empty() && arguments.publish.is_none() {
        context.output.result(&offer, offered)?;
        return Ok(Exit::Ok);
    }
    context.unlock().await?;
    let mut values = offer.values;
    values.extend(pairs::by_key(pairs::read(&arguments.set)?));
    // Heard from here on: who makes it after telling the person of Ctrl-C may miss one.
    let mut stop = Stop::listen()?;
    let listener = Listener::new(context, &keydesk, connection.id);
    tokio::select! {
        outcome = listener.run(arguments, values) => outcome,
        () = stop.asked() => Ok(Exit::Ok),
    }
}

fn offered(offer: &MqttOffer) -> String {
    let mut lines = vec![offer.url.clone()];
    if !offer.fields.is_empty() {
        lines.push(providers::fields(&offer.fields));
    }
    lines.extend(offer.suggestions.iter().map(|it| format!("  --subscribe '{}'  {}", it.filter, it.label)));
    lines.extend(offer.publish_prefix.iter().map(|prefix| format!("  --publish '{prefix}…'")));
    lines.join("\n")
}

/// A connection's line, as this command follows it.
struct Listener<'a> {
    context: &'a Context,
    keydesk: &'a Arc<Keydesk>,
    connection: String,
    signals: Receiver<Signal>,
    /// The newest message that was printed.
    printed: u32,
    /// What was said last of a line that is down.
    told: Option<ErrorCode>,
}

impl<'a> Listener<'a> {
    fn new(context: &'a Context, keydesk: &'a Arc<Keydesk>, connection: String) -> Self {
        Self { context, keydesk, connection, signals: keydesk.signals(), printed: 0, told: None }
    }

    async fn run(mut self, arguments: Arguments, values: BTreeMap<String, String>) -> Outcome {
        for filter in &arguments.subscribe {
            self.keydesk.subscribe_mqtt(&self.connection, filter)?;
        }
        self.keydesk.connect_mqtt(&self.connection, values)?;
        self.keydesk.tend();
        while !self.is_ready()? {
            self.changes().await;
        }
        if let (Some(topic), Some(payload)) = (&arguments.publish, arguments.payload) {
            self.keydesk.publish_mqtt(&self.connection, topic, payload, arguments.retain).await?;
        }
        if arguments.subscribe.is_empty() {
            return Ok(Exit::Ok);
        }
        let mut left = arguments.count;
        loop {
            for row in self.unseen()? {
                self.print(&row)?;
                left = left.map(|left| left.saturating_sub(1));
                if left == Some(0) {
                    return Ok(Exit::Ok);
                }
            }
            self.changes().await;
            self.is_ready()?;
        }
    }

    /// Whether it is connected and the broker has said of each filter whether it may be heard.
    fn is_ready(&mut self) -> Result<bool, Failure> {
        let MqttView { state, error, subscriptions, .. } = self.keydesk.read_mqtt(&self.connection)?;
        if let Some(error) = error {
            if state == MqttState::Failed {
                return Err(error.into());
            }
            if self.told != Some(error.code) {
                self.context.output.note(&format!("keydesk: {} It is tried again.", error.message));
                self.told = Some(error.code);
            }
            return Ok(false);
        }
        let refused = subscriptions.iter().find(|it| it.state == SubscriptionState::Refused);
        if let Some(refused) = refused {
            let what = format!("The broker does not let this token hear {}.", refused.filter);
            return Err(keydesk_core::Error::new(ErrorCode::NoPermission, what).into());
        }
        if state == MqttState::Connected {
            self.told = None;
        }
        Ok(state == MqttState::Connected && subscriptions.iter().all(|it| it.state == SubscriptionState::Granted))
    }

    async fn changes(&mut self) {
        loop {
            match self.signals.recv().await {
                Ok(Signal::MessagesChanged(connection)) if connection == self.connection => return,
                Ok(_) => {}
                Err(RecvError::Lagged(_) | RecvError::Closed) => return,
            }
        }
    }

    /// What came and was not printed, the oldest first.
    fn unseen(&mut self) -> Result<Vec<MessageRow>, Failure> {
        let (mut unseen, mut before) = (Vec::new(), None);
        loop {
            let query = MessageQuery { before, limit: PAGE, ..MessageQuery::default() };
            let page = self.keydesk.read_messages(&self.connection, &query)?.messages;
            before = page.last().map(|row| row.number);
            let whole = page.len();
            unseen.extend(page.into_iter().take_while(|row| row.number > self.printed));
            if whole < PAGE as usize || before.is_none_or(|before| before <= self.printed) {
                break;
            }
        }
        self.printed = unseen.first().map_or(self.printed, |row| row.number);
        unseen.reverse();
        // What was published from here comes once more where it is heard.
        unseen.retain(|row| !row.own);
        Ok(unseen)
    }

    fn print(&self, row: &MessageRow) -> Result<(), Failure> {
        if self.context.output.is_json() {
            // One line each: it has no end.
            let line = serde_json::to_string(row).map_err(std::io::Error::from)?;
            return self.context.output.print(&line);
        }
        let cut = if row.payload.is_empty() && row.size > 0 { format!("({} bytes)", row.size) } else { String::new() };
        self.context.output.print(&format!("{}  {}{cut}", row.topic, row.payload))
    }
}
