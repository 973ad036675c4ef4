//! The broker, asked by a client that others wrote.

use std::time::Duration;

use keydesk_sandbox::USERNAME;
use rumqttc::{
    AsyncClient, ConnectReturnCode, ConnectionError, Event, EventLoop, MqttOptions, Packet, Publish, QoS,
    SubscribeReasonCode,
};
use serde_json::Value;

use crate::client::{Client, DEVICE};

const LONG: Duration = Duration::from_secs(20);

fn connect(client: &Client, name: &str, token: &str) -> (AsyncClient, EventLoop) {
    // The port of HTTP.
    let mut options = MqttOptions::new(name, "127.0.0.1", client.sandbox.port());
    options.set_credentials(token, "");
    AsyncClient::new(options, 10)
}

async fn until<T>(events: &mut EventLoop, wanted: impl Fn(Packet) -> Option<T>) -> T {
    let search = async {
        loop {
            if let Event::Incoming(packet) = events.poll().await.unwrap()
                && let Some(found) = wanted(packet)
            {
                break found;
            }
        }
    };
    tokio::time::timeout(LONG, search).await.unwrap()
}

async fn subscribe(client: &AsyncClient, events: &mut EventLoop, filter: &str) -> SubscribeReasonCode {
    client.subscribe(filter, QoS::AtLeastOnce).await.unwrap();
    until(events, |packet| match packet {
        Packet::SubAck(answer) => Some(answer.return_codes[0]),
        _ => None,
    })
    .await
}

async fn message(events: &mut EventLoop, topic: &str) -> Publish {
    until(events, |packet| match packet {
        Packet::Publish(publish) if publish.topic == topic => Some(publish),
        _ => None,
    })
    .await
}

const GRANTED: SubscribeReasonCode = SubscribeReasonCode::Success(QoS::AtLeastOnce);

#[tokio::test]
async fn a_token_is_the_user_name_and_without_a_live_one_nobody_comes_in() {
    let client = Client::start().await;
    for token in ["", "no-token"] {
        let (_client, mut events) = connect(&client, "a", token);
        let refused = events.poll().await.unwrap_err();
        let refused = matches!(refused, ConnectionError::ConnectionRefused(ConnectReturnCode::BadUserNamePassword));
        assert!(refused, "{token}");
    }
    let token = client.device_token().await;
    let (_client, mut events) = connect(&client, "a", &token);
    until(&mut events, |packet| matches!(packet, Packet::ConnAck(_)).then_some(())).await;
    client.sandbox.expire_access_tokens();
    // Its end is the connection's.
    let end = async { while events.poll().await.is_ok() {} };
    tokio::time::timeout(LONG, end).await.unwrap();
}

#[tokio::test]
async fn a_device_tells_where_it_is_and_hears_its_own_topics_only() {
    let client = Client::start().await;
    let token = client.device_token().await;
    let (device, mut events) = connect(&client, "a", &token);
    assert_eq!(subscribe(&device, &mut events, "mrs/d/1001/mon/#").await, GRANTED);
    let location = message(&mut events, "mrs/d/1001/mon/location").await;
    let place: Value = serde_json::from_slice(&location.payload).unwrap();
    assert!(location.retain, "kept for who comes");
    for member in ["lat", "lon", "heading", "speed"] {
        assert!(place[member].is_number(), "{place}");
    }
    for filter in ["#", "mrs/d/+/mon/location", "mrs/d/1002/#", "mrs/d/1001"] {
        assert_eq!(subscribe(&device, &mut events, filter).await, SubscribeReasonCode::Failure, "{filter}");
    }
}

#[tokio::test]
async fn what_a_device_publishes_comes_to_its_customers_user_and_not_under_anothers_name() {
    let client = Client::start().await;
    let (of_device, of_user) = (client.device_token().await, client.log_in(USERNAME).await);
    let (user, mut heard) = connect(&client, "user", &of_user);
    for filter in ["mrs/d/+/mon/door", "mrs/d/1002/mon/door"] {
        assert_eq!(subscribe(&user, &mut heard, filter).await, GRANTED);
    }
    let (device, mut events) = connect(&client, "device", &of_device);
    for topic in ["mrs/d/1002/mon/door", "mrs/d/1001/mon/door"] {
        device.publish(topic, QoS::AtLeastOnce, false, topic).await.unwrap();
        until(&mut events, |packet| matches!(packet, Packet::PubAck(_)).then_some(())).await;
    }
    let first = until(&mut heard, |packet| match packet {
        Packet::Publish(publish) if publish.topic.ends_with("/door") => Some(publish),
        _ => None,
    })
    .await;
    assert_eq!((first.topic.as_str(), first.retain), ("mrs/d/1001/mon/door", false));
    // HTTP goes on at the same port meanwhile.
    assert_eq!(client.get(DEVICE, &of_user).await.0, 200);
}
