//! A line to a broker that others wrote, from its first message to its end.

use keydesk_core::{ActivityEvent, EditConnection, ErrorCode, MessagePlace, MqttState, SubscriptionState};
use keydesk_support::{Mosquitto, free_port};

use super::{FIRST, SECOND, Stage, device_of};

fn mqtt(broker: &Mosquitto) -> String {
    format!("mqtt://127.0.0.1:{}", broker.port())
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_come_by_filter_live_and_retained_and_tell_where_something_is() {
    let broker = Mosquitto::start(&[FIRST]).unwrap();
    let stage = Stage::new(&mqtt(&broker)).await;
    stage.connect("7");
    let view = stage.becomes(MqttState::Connected).await;
    assert_eq!((view.publish_prefix.as_deref(), view.error.is_none()), (Some("d/7/"), true));
    stage.publish("d/7/location", r#"{"lat": 35.78, "lon": -78.64, "heading": 90}"#, true).await;
    stage.publish("d/7/unheard", "nobody", false).await;
    // What was kept comes to who asks later, what is live to who listens.
    stage.hear("d/+/location").await;
    let retained = stage.message("d/7/location").await;
    let place = MessagePlace { lat: 35.78, long: -78.64, heading: Some(90.0), speed: None };
    assert_eq!((retained.retained, retained.place), (true, Some(place)));
    stage.hear("d/7/note/#").await;
    stage.publish("d/7/note/a", "Grüße", false).await;
    let live = stage.message("d/7/note/a").await;
    assert_eq!((live.payload.as_str(), live.retained, live.size, live.place), ("Grüße", false, 7, None));
    let rows = stage.messages();
    let seen: Vec<(&str, bool)> = rows.iter().rev().map(|row| (row.topic.as_str(), row.own)).collect();
    let wanted = [
        ("d/7/location", true),
        ("d/7/unheard", true),
        ("d/7/location", false),
        ("d/7/note/a", false),
        ("d/7/note/a", true),
    ];
    // The broker may say that it has a message before or after it sends it.
    assert_eq!(seen[..3], wanted[..3]);
    assert_eq!(stage.house.messages(&stage.connection, Some("d/7/note/+")).total, 2);
    let view = stage.view();
    assert_eq!((view.received, view.kept), (2, 5));
    // What is heard no more does not come, also where it was kept.
    stage.house.keydesk.unsubscribe_mqtt(&stage.connection.id, "d/7/note/#").unwrap();
    stage.publish("d/7/note/b", "unheard", false).await;
    stage.publish("d/7/location", r#"{"lat": 1, "lon": 2}"#, true).await;
    let newest = async || stage.messages().into_iter().find(|row| !row.own && row.payload.contains("\"lat\": 1"));
    keydesk_support::wait_for(newest, super::SOON, "the last").await.unwrap();
    assert!(!stage.messages().iter().any(|row| row.topic == "d/7/note/b" && !row.own));
    stage.house.keydesk.clear_messages(&stage.connection.id).unwrap();
    assert_eq!(stage.view().kept, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_published_outside_the_prefix_and_what_cannot_be_a_topic_is_refused_at_its_field() {
    let broker = Mosquitto::start(&[FIRST]).unwrap();
    let stage = Stage::new(&mqtt(&broker)).await;
    let keydesk = &stage.house.keydesk;
    let publish = async |topic: &str, payload: &str| {
        keydesk.publish_mqtt(&stage.connection.id, topic, payload.to_owned(), false).await
    };
    // Before it is connected nothing is sent.
    assert_eq!(publish("d/7/x", "x").await.unwrap_err().code, ErrorCode::Unreachable);
    for device in ["", " ", "7/8", "+", "#"] {
        let error = keydesk.connect_mqtt(&stage.connection.id, device_of(device)).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("device"), "{device}");
    }
    stage.connect("7");
    stage.becomes(MqttState::Connected).await;
    for topic in ["d/8/x", "d/7", "d/7/", "e", "", "d/7/+", "d/7/#", "d/7/a\0b"] {
        let error = publish(topic, "x").await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("topic")), "{topic}");
    }
    let error = publish("d/7/x", &"x".repeat(256 * 1024)).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("payload"));
    for filter in ["", "a#", "#/a", "a+"] {
        let error = keydesk.subscribe_mqtt(&stage.connection.id, filter).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("filter"), "{filter}");
    }
    assert_eq!(stage.messages(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_dies_and_comes_back_is_heard_again_with_a_live_token_and_all_filters() {
    let port = free_port().unwrap();
    let broker = Mosquitto::start_at(port, &[FIRST], None).unwrap();
    let stage = Stage::new(&mqtt(&broker)).await;
    stage.connect("7");
    for filter in ["d/7/a", "d/7/b/#"] {
        stage.hear(filter).await;
    }
    drop(broker);
    let waiting = stage.becomes(MqttState::Waiting).await;
    assert!(waiting.error.is_some_and(|error| error.retryable) && waiting.waits_until.is_some());
    assert!(waiting.subscriptions.iter().all(|it| it.state == SubscriptionState::Asked), "nobody answers for them now");
    // Meanwhile the token ends, and the broker that comes back knows only the next one.
    stage.house.clock.forward(7200);
    let _broker = Mosquitto::start_at(port, &[SECOND], None).unwrap();
    stage.becomes(MqttState::Connected).await;
    assert_eq!(stage.tokens(), 2);
    for (filter, topic) in [("d/7/a", "d/7/a"), ("d/7/b/#", "d/7/b/c")] {
        stage.house.hears(&stage.connection, filter, SubscriptionState::Granted).await;
        stage.publish(topic, "back", false).await;
        assert_eq!(stage.message(topic).await.payload, "back");
    }
    let told = stage.house.activity(&stage.connection).await;
    let told: Vec<ActivityEvent> = told.into_iter().filter(is_mqtt).collect();
    let server = format!("127.0.0.1:{port}");
    assert_eq!(told.first(), Some(&ActivityEvent::MqttConnected { server: server.clone() }));
    assert_eq!(told.last(), Some(&ActivityEvent::MqttConnected { server: server.clone() }));
    let cut = ActivityEvent::MqttDisconnected { server, code: Some(ErrorCode::NoReply) };
    assert_eq!(told.iter().filter(|event| **event == cut).count(), 1, "{told:?}");
}

fn is_mqtt(event: &ActivityEvent) -> bool {
    use ActivityEvent::{MqttConnected, MqttDisconnected, MqttRefused};
    matches!(event, MqttConnected { .. } | MqttRefused { .. } | MqttDisconnected { .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_it_keeps_what_came_and_a_change_of_its_address_ends_it() {
    let broker = Mosquitto::start(&[FIRST]).unwrap();
    let stage = Stage::new(&mqtt(&broker)).await;
    let keydesk = &stage.house.keydesk;
    stage.connect("7");
    stage.hear("d/7/a").await;
    stage.publish("d/7/a", "kept", false).await;
    stage.message("d/7/a").await;
    let off = keydesk.disconnect_mqtt(&stage.connection.id).unwrap();
    assert_eq!((off.state, off.kept, off.subscriptions.len()), (MqttState::Off, 2, 1));
    assert_eq!(keydesk.mqtt_offer(&stage.connection.id).unwrap().unwrap().values, device_of("7"));
    stage.connect("7");
    stage.house.hears(&stage.connection, "d/7/a", SubscriptionState::Granted).await;
    let edit = |label: &str, parameters| EditConnection {
        connection: stage.connection.id.clone(),
        label: label.to_owned(),
        parameters,
        ca: None,
    };
    let parameters = stage.connection.parameters.clone();
    keydesk.edit_connection(edit("Another name", parameters.clone())).unwrap();
    assert_eq!(stage.view().state, MqttState::Connected, "a name changes nothing");
    let mut elsewhere = parameters;
    elsewhere.insert("mqtt_url".to_owned(), "mqtts://elsewhere.example".to_owned());
    keydesk.edit_connection(edit("Another name", elsewhere)).unwrap();
    assert_eq!(stage.view().state, MqttState::Off);
    // F2: the token was not made for that server.
    stage.connect("7");
    let failed = stage.becomes(MqttState::Failed).await;
    assert_eq!(failed.error.map(|error| error.code), Some(ErrorCode::LoginNeeded));
    let mut plain = stage.connection.parameters.clone();
    plain.insert("mqtt_url".to_owned(), "mqtt://elsewhere.example".to_owned());
    let error = keydesk.edit_connection(edit("Another name", plain)).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("mqtt_url"));
}
