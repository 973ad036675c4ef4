//! D1 for a broker: the same certificate rules as for HTTP, and no token before they are met.

use keydesk_core::{ErrorCode, MqttState};
use keydesk_support::{Authority, Mosquitto, free_port};

use super::{FIRST, SECOND, Stage};

fn secured(authority: &Authority, name: &str, year: i32) -> (Mosquitto, String) {
    let certificate = authority.certificate(name, year).unwrap();
    let broker = Mosquitto::start_at(free_port().unwrap(), &[FIRST, SECOND], Some(&certificate)).unwrap();
    let url = format!("mqtts://localhost:{}", broker.port());
    (broker, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn d1_a_brokers_authority_must_be_known_or_given_to_the_connection() {
    let authority = Authority::new().unwrap();
    let (_broker, url) = secured(&authority, "localhost", 2090);
    let stage = Stage::new(&url).await;
    stage.connect("7");
    let failed = stage.becomes(MqttState::Failed).await;
    let error = failed.error.unwrap();
    assert_eq!(error.code, ErrorCode::TlsUntrusted, "{error:?}");
    let trusting = Stage::trusting(&url, Some(authority.pem())).await;
    trusting.connect("7");
    trusting.becomes(MqttState::Connected).await;
    trusting.hear("d/7/a").await;
    trusting.publish("d/7/a", "in TLS", false).await;
    assert_eq!(trusting.message("d/7/a").await.payload, "in TLS");
    // Nor is another authority trusted for it.
    let other = Stage::trusting(&url, Some(Authority::new().unwrap().pem())).await;
    other.connect("7");
    let failed = other.becomes(MqttState::Failed).await;
    assert_eq!(failed.error.map(|error| error.code), Some(ErrorCode::TlsUntrusted));
}

#[tokio::test(flavor = "multi_thread")]
async fn d1_a_brokers_certificate_that_has_expired_or_is_for_another_name_is_refused_in_its_own_words() {
    let authority = Authority::new().unwrap();
    for (name, year, words) in [("localhost", 2021, "has expired"), ("other.example", 2090, "is for another name")] {
        let (_broker, url) = secured(&authority, name, year);
        let stage = Stage::trusting(&url, Some(authority.pem())).await;
        stage.connect("7");
        let error = stage.becomes(MqttState::Failed).await.error.unwrap();
        assert_eq!(error.code, ErrorCode::TlsFailed);
        assert!(error.message.contains(words), "{}", error.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_without_tls_where_tls_is_meant_gets_no_token() {
    let broker = Mosquitto::start(&[FIRST]).unwrap();
    let stage = Stage::new(&format!("mqtts://localhost:{}", broker.port())).await;
    stage.connect("7");
    let waiting = stage.becomes(MqttState::Waiting).await;
    assert!(waiting.error.is_some());
    assert_eq!(stage.tokens(), 1);
}
