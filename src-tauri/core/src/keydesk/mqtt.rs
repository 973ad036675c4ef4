//! Live messages of a connection.

use std::collections::BTreeMap;

use super::Keydesk;
use crate::error::Result;
use crate::mqtt::{MessagePage, MessageQuery, MqttOffer, MqttView};

impl Keydesk {
    /// What can be heard with a connection; none where its provider has no live messages.
    ///
    /// # Errors
    /// `unknown_connection`.
    pub fn mqtt_offer(&self, connection: &str) -> Result<Option<MqttOffer>> {
        self.lines.offer(&self.account(connection)?)
    }

    /// Connects to the broker with the connection's token, and stays connected. What comes of it is in the view.
    ///
    /// # Errors
    /// `unknown_connection`, or `invalid_input` that names the field.
    pub fn connect_mqtt(&self, connection: &str, values: BTreeMap<String, String>) -> Result<MqttView> {
        self.lines.connect(self.account(connection)?, values)
    }

    /// Ends it. Subscriptions and messages stay.
    ///
    /// # Errors
    /// `unknown_connection`.
    pub fn disconnect_mqtt(&self, connection: &str) -> Result<MqttView> {
        self.connections.get(connection)?;
        Ok(self.lines.disconnect(connection))
    }

    /// How it stands.
    ///
    /// # Errors
    /// `unknown_connection`.
    pub fn read_mqtt(&self, connection: &str) -> Result<MqttView> {
        self.connections.get(connection)?;
        Ok(self.lines.view(connection))
    }

    /// Hears what a topic filter means, also after it was connected again.
    ///
    /// # Errors
    /// `unknown_connection`, or `invalid_input` of `filter`.
    pub fn subscribe_mqtt(&self, connection: &str, filter: &str) -> Result<MqttView> {
        self.connections.get(connection)?;
        self.lines.subscribe(connection, filter)
    }

    /// Hears it no more.
    ///
    /// # Errors
    /// As for [`Keydesk::subscribe_mqtt`].
    pub fn unsubscribe_mqtt(&self, connection: &str, filter: &str) -> Result<MqttView> {
        self.connections.get(connection)?;
        self.lines.unsubscribe(connection, filter)
    }

    /// Publishes a message, under the prefix of the provider's file where it has one. Returns when the broker has it.
    ///
    /// # Errors
    /// `invalid_input` of `topic` or `payload`, `unreachable` when it is not connected, `no_reply`.
    pub async fn publish_mqtt(&self, connection: &str, topic: &str, payload: String, retain: bool) -> Result<()> {
        self.connections.get(connection)?;
        self.lines.publish(connection, topic, payload, retain).await
    }

    /// Messages that came, the newest first.
    ///
    /// # Errors
    /// `unknown_connection`, or `invalid_input` of `filter`.
    pub fn read_messages(&self, connection: &str, query: &MessageQuery) -> Result<MessagePage> {
        self.connections.get(connection)?;
        self.lines.messages(connection, query)
    }

    /// Forgets them.
    ///
    /// # Errors
    /// `unknown_connection`.
    pub fn clear_messages(&self, connection: &str) -> Result<()> {
        self.connections.get(connection)?;
        self.lines.clear(connection);
        Ok(())
    }
}
