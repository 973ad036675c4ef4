//! What a broker sends is text from outside, of any length and form: it is shown as text, or ends the line, and no more.

use std::time::Duration;

use keydesk_core::{ErrorCode, MqttState};
use keydesk_support::Mosquitto;
use rumqttc::{AsyncClient, Event, MqttOptions, Outgoing, Packet, QoS};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{FIRST, SECOND, Stage};

/// Another client of the same broker: publishes, and returns when the broker has it all.
async fn publish(broker: &Mosquitto, messages: Vec<(&str, Vec<u8>)>) {
    let mut options = MqttOptions::new("another", "127.0.0.1", broker.port());
    options.set_credentials("another", Mosquitto::PASSWORD).set_max_packet_size(1 << 20, 1 << 23);
    let (client, mut events) = AsyncClient::new(options, 100);
    let mut left = messages.len();
    for (topic, payload) in messages {
        client.publish(topic, QoS::AtLeastOnce, true, payload).await.unwrap();
    }
    while left > 0 {
        if let Event::Incoming(Packet::PubAck(_)) = events.poll().await.unwrap() {
            left -= 1;
        }
    }
    client.disconnect().await.unwrap();
    while !matches!(events.poll().await, Ok(Event::Outgoing(Outgoing::Disconnect)) | Err(_)) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_hostile_topics_and_payloads_are_text_and_a_message_that_is_too_large_harms_no_other() {
    let broker = Mosquitto::start(&[FIRST, "another"]).unwrap();
    let stage = Stage::new(&format!("mqtt://127.0.0.1:{}", broker.port())).await;
    stage.connect("7");
    stage.becomes(MqttState::Connected).await;
    let topics = ["é/ü", "😀", "a b/<script>alert(1)</script>", "/", "a//b", "d/7/location"];
    let mut messages: Vec<(&str, Vec<u8>)> = topics.map(|topic| (topic, b"\x1b[31m<b>\r\n".to_vec())).into();
    messages.push(("bytes", vec![0xff, 0x00, 0x01]));
    messages.push(("nothing", Vec::new()));
    messages.push(("large", vec![b'x'; 300_000]));
    messages.push(("larger", vec![b'x'; 4_000_000]));
    messages.push(("just", vec![b'x'; 260_000]));
    messages.push(("z", b"still here".to_vec()));
    // First live, then as what the broker has kept.
    stage.hear("#").await;
    publish(&broker, messages).await;
    assert_eq!(stage.message("z").await.payload, "still here");
    for topic in topics {
        assert_eq!(stage.message(topic).await.payload, "\u{1b}[31m<b>\r\n", "{topic}");
    }
    let bytes = stage.message("bytes").await;
    assert_eq!((bytes.payload.as_str(), bytes.binary, bytes.size), ("ff0001", true, 3));
    for (topic, size, kept) in [("large", 300_000, 0), ("larger", 4_000_000, 0), ("just", 260_000, 65_536)] {
        let row = stage.message(topic).await;
        assert_eq!((row.size, row.payload.len()), (size, kept), "{topic}");
    }
    stage.house.keydesk.clear_messages(&stage.connection.id).unwrap();
    stage.house.keydesk.unsubscribe_mqtt(&stage.connection.id, "#").unwrap();
    stage.hear("+").await;
    assert_eq!(stage.message("larger").await.size, 4_000_000);
    assert_eq!(stage.message("z").await.payload, "still here");
    let view = stage.view();
    assert_eq!((view.state, view.error), (MqttState::Connected, None), "the line held");
}

/// A broker that answers each connection with the next of these bytes, and then reads on.
async fn broker_that_says(answers: Vec<Vec<u8>>) -> (String, tokio::sync::mpsc::UnboundedReceiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("mqtt://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let (tell, told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut read = vec![0; 4096];
            let length = stream.read(&mut read).await.unwrap_or_default();
            let _ = tell.send(read[..length].to_vec());
            stream.write_all(&answer).await.unwrap();
            while let Ok(1..) = stream.read(&mut read).await {}
            let _ = tell.send(Vec::new());
        }
    });
    (url, told)
}

const ACCEPTED: [u8; 4] = [0x20, 2, 0, 0];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_mqtt_ends_the_connection_and_the_next_one_is_made() {
    let noise = [
        b"HTTP/1.1 400 Bad Request\r\n".repeat(9),
        // An acknowledgement of nothing, a QoS that was not asked for, a length without end, a client's packet.
        vec![0x40, 2, 0, 9],
        vec![0x34, 7, 0, 1, b'a', 0, 1, b'x', b'y'],
        vec![0x30, 0xff, 0xff, 0xff, 0xff, 0x7f],
        vec![0x10, 2, 0, 0],
    ];
    for noise in noise {
        let answers = vec![[ACCEPTED.to_vec(), noise.clone()].concat(), ACCEPTED.to_vec()];
        let (url, mut told) = broker_that_says(answers).await;
        let stage = Stage::new(&url).await;
        stage.connect("7");
        for _ in 0..3 {
            // The first packet, the end, the first packet of the next.
            told.recv().await.unwrap();
        }
        stage.becomes(MqttState::Connected).await;
        assert_eq!(stage.tokens(), 1, "{noise:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_no_mqtt_is_said_and_a_busy_broker_is_asked_again() {
    for (answer, state, code) in [
        (b"220 smtp.example\r\n".to_vec(), MqttState::Failed, ErrorCode::UnexpectedAnswer),
        (vec![0x20, 2, 0, 9], MqttState::Failed, ErrorCode::UnexpectedAnswer),
        (vec![0x20, 2, 0, 1], MqttState::Failed, ErrorCode::BadRequest),
        (vec![0x20, 2, 0, 3], MqttState::Waiting, ErrorCode::ServerFailed),
    ] {
        let (url, _told) = broker_that_says(vec![answer]).await;
        let stage = Stage::new(&url).await;
        stage.connect("7");
        let view = stage.becomes(state).await;
        assert_eq!(view.error.map(|error| error.code), Some(code));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f13_after_a_log_out_the_broker_sees_the_connection_end() {
    let (url, mut told) = broker_that_says(vec![ACCEPTED.to_vec()]).await;
    let stage = Stage::new(&url).await;
    stage.connect("7");
    let first = told.recv().await.unwrap();
    let holds = |text: &str| first.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("MQTT") && holds(FIRST) && !holds(SECOND));
    stage.becomes(MqttState::Connected).await;
    stage.house.keydesk.log_out(&stage.connection.id).await.unwrap();
    let end = tokio::time::timeout(Duration::from_secs(30), told.recv()).await.unwrap();
    assert_eq!(end, Some(Vec::new()));
}
