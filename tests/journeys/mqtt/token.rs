//! The token that a line is connected with: live, renewed where it is refused, gone after a log-out, and nowhere to be seen.

use keydesk_core::{ActivityEvent, ErrorCode, MqttState, RenewalCause};
use keydesk_support::{Answer, Canary, Mosquitto};
use serde_json::json;

use super::{FIRST, SECOND, Stage};

fn mqtt(broker: &Mosquitto) -> String {
    format!("mqtt://127.0.0.1:{}", broker.port())
}

#[tokio::test(flavor = "multi_thread")]
async fn e10_a_token_that_the_broker_refuses_is_renewed_once_and_then_it_connects() {
    let broker = Mosquitto::start(&[SECOND]).unwrap();
    let stage = Stage::new(&mqtt(&broker)).await;
    stage.connect("7");
    stage.becomes(MqttState::Connected).await;
    assert_eq!(stage.tokens(), 2);
    let told = stage.house.activity(&stage.connection).await;
    let renewed =
        |event: &ActivityEvent| matches!(event, ActivityEvent::TokenRenewed { cause: RenewalCause::Refused, .. });
    assert_eq!(told.iter().filter(|event| renewed(event)).count(), 1, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn e10_a_token_that_is_refused_again_ends_it_and_it_is_not_tried_by_itself() {
    let broker = Mosquitto::start(&["somebody-else"]).unwrap();
    let stage = Stage::new(&mqtt(&broker)).await;
    stage.connect("7");
    let failed = stage.becomes(MqttState::Failed).await;
    let error = failed.error.unwrap();
    assert_eq!((error.code, error.retryable), (ErrorCode::Refused, false));
    assert_eq!((stage.tokens(), failed.waits_until), (2, None));
    let refused = |event: &ActivityEvent| matches!(event, ActivityEvent::MqttRefused { code: ErrorCode::Refused, .. });
    assert!(stage.house.activity(&stage.connection).await.iter().any(refused));
    // The person may try again, and is told once more.
    let denied = json!({"message": "no"});
    stage.server.always("/token", Answer::json(401, &denied));
    stage.connect("7");
    let failed = stage.becomes(MqttState::Failed).await;
    assert_ne!(failed.error.unwrap().code, ErrorCode::Refused, "there is no other token");
}

#[tokio::test(flavor = "multi_thread")]
async fn f13_a_log_out_ends_the_line_and_forgets_what_came_by_it() {
    let broker = Mosquitto::start(&[FIRST, SECOND]).unwrap();
    let stage = Stage::new(&mqtt(&broker)).await;
    stage.connect("7");
    stage.hear("d/7/a").await;
    stage.publish("d/7/a", "x", false).await;
    stage.house.keydesk.log_out(&stage.connection.id).await.unwrap();
    let view = stage.view();
    assert_eq!((view.state, view.kept, view.subscriptions.len()), (MqttState::Off, 0, 0));
    stage.connect("7");
    let failed = stage.becomes(MqttState::Failed).await;
    assert_eq!(failed.error.map(|error| error.code), Some(ErrorCode::LoginNeeded));
    stage.log_in().await;
    stage.connect("7");
    stage.becomes(MqttState::Connected).await;
    stage.house.keydesk.remove_connection(&stage.connection.id).await.unwrap();
    assert_eq!(stage.house.keydesk.read_mqtt(&stage.connection.id).unwrap_err().code, ErrorCode::UnknownConnection);
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_f9_the_token_is_in_no_view_message_activity_or_file() {
    let broker = Mosquitto::start(&[FIRST]).unwrap();
    let stage = Stage::new(&mqtt(&broker)).await;
    stage.connect("7");
    stage.hear("d/7/#").await;
    // A device that repeats it, in topic and text.
    stage.publish(&format!("d/7/{FIRST}"), &format!("it is {FIRST}"), false).await;
    let masked = stage.message("d/7/•••").await;
    assert_eq!(masked.payload, "it is •••");
    drop(broker);
    stage.becomes(MqttState::Waiting).await;
    let offer = stage.house.keydesk.mqtt_offer(&stage.connection.id).unwrap();
    let activity = stage.house.activity(&stage.connection).await;
    let seen = format!("{:?} {:?} {offer:?} {activity:?}", stage.view(), stage.messages());
    stage.house.keydesk.settled().await;
    let canary = Canary::new("access", FIRST).unwrap();
    assert!(canary.forms_in(seen.as_bytes()).is_empty(), "{seen}");
    Canary::must_be_nowhere(stage.house.home.path(), &[canary]).unwrap();
}
