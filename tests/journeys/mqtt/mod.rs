//! Live messages, by a line to a broker: the sandbox's, Debian's mosquitto, and one that misbehaves.

mod hostile;
mod line;
mod sandbox;
mod tls;
mod token;

use std::collections::BTreeMap;
use std::time::Duration;

use keydesk_core::{
    AddConnection, ConnectionView, LogIn, MessagePage, MessageQuery, MessageRow, MqttState, MqttView, SaveProvider,
    Secret, SubscriptionState,
};
use keydesk_support::{Answer, FakeServer, wait_for};
use serde_json::json;

use crate::house::House;

/// Long enough for a busy machine.
const SOON: Duration = Duration::from_secs(30);

/// An API with a broker. mosquitto wants a password too, whatever it is.
const LIVE: &str = r#"
id = "live"
name = "Live"
summary = "A token that a broker takes"
[[parameter]]
id = "base_url"
label = "Address"
[[address]]
id = "mqtt_url"
label = "MQTT"
url = "mqtts://io.live.example"
[api]
base_url = "{base_url}"
[mqtt]
url = "{mqtt_url}"
password = "mosquitto-wants-one"
publish_prefix = "d/{device}/"
[[mqtt.field]]
id = "device"
label = "Device"
[[mqtt.suggest]]
label = "All of it"
filter = "d/{device}/#"
[mqtt.place]
filter = "d/+/location"
lat = ["/lat"]
long = ["/lon"]
heading = ["/heading"]
[[login]]
id = "key"
label = "Key"
summary = "From the machine's display."
[[login.field]]
id = "key"
label = "Key"
kind = "secret"
keep = "always"
[login.grant.token_request.request]
url = "{base_url}/token"
encoding = "json"
body = { key = "{key}" }
[login.grant.token_request.response]
access_token = "/token"
expires = { at = "/seconds" }
[login.renewal]
repeat = true
"#;

/// The first token of the API, and the one after it.
pub const FIRST: &str = "canary-first-token-5d1f7c02a9";
pub const SECOND: &str = "canary-second-token-8c20be11f3";

/// A house with a connection that is logged in, and the server that gives its tokens.
pub struct Stage {
    pub house: House,
    pub server: FakeServer,
    pub connection: ConnectionView,
}

impl Stage {
    /// The broker is at this address.
    pub async fn new(mqtt_url: &str) -> Self {
        Self::trusting(mqtt_url, None).await
    }

    pub async fn trusting(mqtt_url: &str, ca: Option<&str>) -> Self {
        let (house, server) = (House::new(), FakeServer::start().await.unwrap());
        for token in [FIRST, SECOND] {
            server.answer("/token", Answer::json(200, &json!({"token": token, "seconds": 7200})));
        }
        let file = SaveProvider { text: LIVE.to_owned(), replaces: None, file: None };
        house.keydesk.save_provider(&file).unwrap();
        let base_url = format!("http://127.0.0.1:{}", server.address().port());
        let parameters = [("base_url", base_url), ("mqtt_url", mqtt_url.to_owned())];
        let parameters: BTreeMap<_, _> = parameters.map(|(name, value)| (name.to_owned(), value)).into();
        let ca = ca.map(str::to_owned);
        let request = AddConnection { provider: "live".to_owned(), label: None, parameters, ca, sandbox: false };
        let connection = house.keydesk.add_connection(request).unwrap();
        let stage = Self { house, server, connection };
        stage.log_in().await;
        stage
    }

    pub async fn log_in(&self) {
        let fields = [("key".to_owned(), Secret::new("a-key-of-the-machine"))].into();
        let (connection, login) = (self.connection.id.clone(), "key".to_owned());
        self.house.keydesk.log_in(LogIn { connection, login, fields, keep: Vec::new() }).await.unwrap();
    }

    /// Connects as this device.
    pub fn connect(&self, device: &str) -> MqttView {
        self.house.keydesk.connect_mqtt(&self.connection.id, device_of(device)).unwrap()
    }

    pub fn view(&self) -> MqttView {
        self.house.mqtt(&self.connection)
    }

    pub async fn becomes(&self, state: MqttState) -> MqttView {
        self.house.mqtt_becomes(&self.connection, state).await
    }

    pub async fn hear(&self, filter: &str) {
        self.house.hear(&self.connection, filter).await;
    }

    pub async fn publish(&self, topic: &str, payload: &str, retain: bool) {
        let published = self.house.keydesk.publish_mqtt(&self.connection.id, topic, payload.to_owned(), retain);
        published.await.unwrap();
    }

    pub async fn message(&self, topic: &str) -> MessageRow {
        self.house.message(&self.connection, topic).await
    }

    pub fn messages(&self) -> Vec<MessageRow> {
        self.house.messages(&self.connection, None).messages
    }

    /// How often a token was asked for.
    pub fn tokens(&self) -> usize {
        self.server.received().iter().filter(|request| request.path == "/token").count()
    }
}

pub fn device_of(device: &str) -> BTreeMap<String, String> {
    [("device".to_owned(), device.to_owned())].into()
}

impl House {
    pub fn mqtt(&self, connection: &ConnectionView) -> MqttView {
        self.keydesk.read_mqtt(&connection.id).unwrap()
    }

    pub async fn mqtt_becomes(&self, connection: &ConnectionView, state: MqttState) -> MqttView {
        let reached = async || Some(self.mqtt(connection)).filter(|view| view.state == state);
        match wait_for(reached, SOON, "the line").await {
            Ok(view) => view,
            Err(late) => panic!("{late}: not {state:?}: {:?}", self.mqtt(connection)),
        }
    }

    /// Subscribes, and waits until the broker says yes.
    pub async fn hear(&self, connection: &ConnectionView, filter: &str) {
        self.keydesk.subscribe_mqtt(&connection.id, filter).unwrap();
        self.hears(connection, filter, SubscriptionState::Granted).await;
    }

    pub async fn hears(&self, connection: &ConnectionView, filter: &str, state: SubscriptionState) {
        let answered = async || {
            let subscriptions = self.mqtt(connection).subscriptions;
            subscriptions.into_iter().find(|it| it.filter == filter && it.state == state)
        };
        wait_for(answered, SOON, filter).await.unwrap();
    }

    pub fn messages(&self, connection: &ConnectionView, filter: Option<&str>) -> MessagePage {
        let query = MessageQuery { filter: filter.map(str::to_owned), limit: 1000, ..MessageQuery::default() };
        self.keydesk.read_messages(&connection.id, &query).unwrap()
    }

    /// The newest message under a topic that was not published from here.
    pub async fn message(&self, connection: &ConnectionView, topic: &str) -> MessageRow {
        let came = async || {
            let rows = self.messages(connection, None).messages;
            rows.into_iter().find(|row| row.topic == topic && !row.own)
        };
        wait_for(came, SOON, topic).await.unwrap()
    }
}
