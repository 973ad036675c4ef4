//! Live messages. The token does not pass here.

use std::collections::BTreeMap;

use keydesk_core::{MessagePage, MessageQuery, MqttOffer, MqttView};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn mqtt_offer(here: Here<'_>, connection: String) -> Answer<Option<MqttOffer>> {
    here.keydesk.mqtt_offer(&connection)
}

#[tauri::command]
#[specta::specta]
pub async fn connect_mqtt(here: Here<'_>, connection: String, values: BTreeMap<String, String>) -> Answer<MqttView> {
    here.keydesk.connect_mqtt(&connection, values)
}

#[tauri::command]
#[specta::specta]
pub async fn disconnect_mqtt(here: Here<'_>, connection: String) -> Answer<MqttView> {
    here.keydesk.disconnect_mqtt(&connection)
}

#[tauri::command]
#[specta::specta]
pub async fn read_mqtt(here: Here<'_>, connection: String) -> Answer<MqttView> {
    here.keydesk.read_mqtt(&connection)
}

#[tauri::command]
#[specta::specta]
pub async fn subscribe_mqtt(here: Here<'_>, connection: String, filter: String) -> Answer<MqttView> {
    here.keydesk.subscribe_mqtt(&connection, &filter)
}

#[tauri::command]
#[specta::specta]
pub async fn unsubscribe_mqtt(here: Here<'_>, connection: String, filter: String) -> Answer<MqttView> {
    here.keydesk.unsubscribe_mqtt(&connection, &filter)
}

#[tauri::command]
#[specta::specta]
pub async fn publish_mqtt(
    here: Here<'_>,
    connection: String,
    topic: String,
    payload: String,
    retain: bool,
) -> Answer<()> {
    here.keydesk.publish_mqtt(&connection, &topic, payload, retain).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_messages(
    here: Here<'_>,
    connection: String,
    filter: Option<String>,
    search: Option<String>,
    before: Option<u32>,
    limit: u32,
) -> Answer<MessagePage> {
    here.keydesk.read_messages(&connection, &MessageQuery { filter, search, before, limit })
}

#[tauri::command]
#[specta::specta]
pub async fn clear_messages(here: Here<'_>, connection: String) -> Answer<()> {
    here.keydesk.clear_messages(&connection)
}
