//! What a provider file says of messages: the MQTT broker, how a token is presented to it, what can be heard there.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::Field;

/// A broker of MQTT 3.1.1, for live messages.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mqtt {
    /// The broker: mqtts, or mqtt on this machine.
    pub url: String,
    /// The user name; by default the access token.
    #[serde(default = "access_token")]
    pub username: String,
    /// The password; empty: none.
    #[serde(default)]
    pub password: String,
    /// What the topics begin with that may be published under. Without it: any.
    pub publish_prefix: Option<String>,
    /// What topics are made of.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// What is worth hearing.
    #[serde(default, rename = "suggest")]
    pub suggestions: Vec<Suggestion>,
    /// Messages that say where something is.
    pub place: Option<MqttPlace>,
}

/// A topic filter that is worth hearing.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suggestion {
    /// As it is offered.
    pub label: String,
    /// The topic filter.
    pub filter: String,
}

/// Where in a message its place stands. Of each, the first pointer that leads to a number counts.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MqttPlace {
    /// The topics of such messages.
    pub filter: String,
    /// Where the latitude stands, in degrees.
    pub lat: Vec<String>,
    /// Where the longitude stands, in degrees.
    pub long: Vec<String>,
    /// Where the direction stands, in degrees from north.
    #[serde(default)]
    pub heading: Vec<String>,
    /// Where the speed stands.
    #[serde(default)]
    pub speed: Vec<String>,
}

fn access_token() -> String {
    "{access_token}".to_owned()
}
