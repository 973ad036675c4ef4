//! Live messages as the interface shows them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::Error;
use crate::provider::FieldView;

/// What can be heard with a connection.
#[derive(Debug, Clone, Serialize, Type)]
pub struct MqttOffer {
    /// The broker.
    pub url: String,
    /// What is asked for before.
    pub fields: Vec<FieldView>,
    /// What of it is known.
    pub values: BTreeMap<String, String>,
    /// What topics begin with that may be published under, as far as the values are known; none: any.
    pub publish_prefix: Option<String>,
    /// What is worth hearing, as far as the values are known.
    pub suggestions: Vec<MqttSuggestion>,
}

/// A topic filter that is worth hearing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct MqttSuggestion {
    /// As it is offered.
    pub label: String,
    /// The topic filter.
    pub filter: String,
}

/// How it stands with the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MqttState {
    /// Nobody wants it.
    #[default]
    Off,
    /// It is being connected.
    Connecting,
    /// Messages come in.
    Connected,
    /// It is tried again by itself.
    Waiting,
    /// It is not tried again by itself.
    Failed,
}

/// How it stands with a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionState {
    /// The broker has not answered yet.
    Asked,
    /// The broker sends what it has.
    Granted,
    /// The broker does not let this token hear it.
    Refused,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct MqttSubscription {
    /// The topic filter.
    pub filter: String,
    /// How it stands.
    pub state: SubscriptionState,
}

/// A connection's line to its broker.
#[derive(Debug, Clone, Serialize, Type)]
pub struct MqttView {
    /// The connection.
    pub connection: String,
    /// How it stands.
    pub state: MqttState,
    /// Why it is not connected.
    pub error: Option<Error>,
    /// Since when it is as it is.
    pub since: Option<String>,
    /// When it is tried again.
    pub waits_until: Option<String>,
    /// What is heard, in the order in which it was asked for.
    pub subscriptions: Vec<MqttSubscription>,
    /// How many messages came in.
    pub received: u32,
    /// How many are kept.
    pub kept: u32,
    /// What topics begin with that may be published under; none: any.
    pub publish_prefix: Option<String>,
}

/// A message. Text from outside: data, never markup.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct MessageRow {
    /// Counts up.
    pub number: u32,
    /// When it came.
    pub at: String,
    /// Its topic.
    pub topic: String,
    /// Its text, cut at 64 KB; the bytes in hexadecimal where it is none.
    pub payload: String,
    /// Whether it is no text.
    pub binary: bool,
    /// Its length in bytes.
    pub size: u32,
    /// Whether the broker had kept it from before.
    pub retained: bool,
    /// Whether it was published from here. Where it is heard too, it stands there once more.
    pub own: bool,
    /// Where something is, where it says so.
    pub place: Option<MessagePlace>,
}

/// Where something is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Type)]
#[allow(missing_docs)] // as in the provider's `MqttPlace`
pub struct MessagePlace {
    pub lat: f64,
    pub long: f64,
    pub heading: Option<f64>,
    pub speed: Option<f64>,
}

/// Which messages.
#[derive(Debug, Clone, Default, Deserialize, Type)]
pub struct MessageQuery {
    /// Of these topics: a topic filter.
    pub filter: Option<String>,
    /// With this in topic or text, in any case.
    pub search: Option<String>,
    /// Older than this one.
    pub before: Option<u32>,
    /// How many at most.
    pub limit: u32,
}

/// Messages, the newest first.
#[derive(Debug, Clone, Serialize, Type)]
pub struct MessagePage {
    /// These.
    pub messages: Vec<MessageRow>,
    /// How many there are of which these are.
    pub total: u32,
}
