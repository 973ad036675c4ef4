//! How long each phase takes, and answers that do not come to an end.

use std::time::Duration;

use keydesk_core::{AnswerKind, EditConnection, ErrorCode, SendState};
use keydesk_support::{Answer, Authority};
use tokio::sync::watch;

use super::stage::{get, stage};

#[tokio::test(flavor = "multi_thread")]
async fn each_phase_that_there_was_has_a_length_and_no_other() {
    let (server, acme) = stage().await;
    server.always("/v1/x", Answer::json(200, &serde_json::json!([1])).drip(1, Duration::from_millis(5)));
    let sent = acme.explore(&get("/x")).await;
    let phases = sent.phases;
    assert_eq!((phases.dns_ms, phases.tls_ms), (None, None), "an address that is a number, without TLS");
    assert!(phases.connect_ms.is_some() && phases.wait_ms.is_some(), "{phases:?}");
    assert!(phases.transfer_ms.unwrap() > 0.0, "{phases:?}");
    assert_eq!((sent.version.as_deref(), sent.size, sent.received), (Some("HTTP/1.1"), Some(3), 3));
    assert_eq!((sent.kind, sent.media_type.as_str()), (AnswerKind::Json, "application/json"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_looked_up_and_tls_is_begun_anew_for_each_request() {
    let (_server, acme) = stage().await;
    let authority = Authority::new().unwrap();
    let url = authority.server("localhost", 2090).await.unwrap();
    let edit = |ca: Option<&str>| {
        let parameters = [("base_url".to_owned(), url.clone())].into();
        let (connection, ca) = (acme.connection.id.clone(), ca.map(str::to_owned));
        let request = EditConnection { connection, label: "Acme".to_owned(), parameters, ca };
        acme.house.keydesk.edit_connection(request).unwrap();
    };
    edit(Some(authority.pem()));
    acme.log_in().await;
    for _ in 0..2 {
        let sent = acme.explore(&get("/x")).await;
        let phases = sent.phases;
        assert!(sent.status.is_some(), "{sent:?}");
        for phase in [phases.dns_ms, phases.connect_ms, phases.tls_ms, phases.wait_ms] {
            assert!(phase.is_some(), "{phases:?}");
        }
    }
    edit(None);
    let sent = acme.explore(&get("/x")).await;
    assert_eq!((sent.state, sent.error.map(|error| error.code)), (SendState::Failed, Some(ErrorCode::TlsUntrusted)));
}

#[tokio::test(flavor = "multi_thread")]
async fn h6_what_is_cancelled_ends_at_once_and_what_is_there_stays() {
    let (server, acme) = stage().await;
    server.always("/v1/endless", Answer::new(200).body(vec![b'x'; 1 << 20]).drip(1024, Duration::from_millis(5)));
    let sent = acme.begin(&get("/endless"), None).await.unwrap();
    acme.until(&sent, |sent| sent.received > 4096).await;
    let cancelled = acme.house.keydesk.cancel_sent(&sent.id).await.unwrap();
    assert_eq!(cancelled.state, SendState::Cancelled);
    assert!(!acme.body(&cancelled).await.is_empty());
    // One that has not even been answered.
    let (_hold, held) = watch::channel(false);
    server.always("/v1/held", Answer::new(200).held(&held));
    let sent = acme.begin(&get("/held"), None).await.unwrap();
    let cancelled = acme.house.keydesk.cancel_sent(&sent.id).await.unwrap();
    assert_eq!((cancelled.state, cancelled.status), (SendState::Cancelled, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_cut_keeps_what_came_and_says_that_it_was_cut() {
    let (server, acme) = stage().await;
    server.always("/v1/cut", Answer::new(200).body("0123456789").cut_after(4));
    let sent = acme.explore(&get("/cut")).await;
    assert_eq!((sent.state, sent.status), (SendState::Failed, Some(200)), "{sent:?}");
    assert_eq!(acme.body(&sent).await, b"0123");
    server.always("/v1/none", Answer::new(200).cut_after(0));
    let sent = acme.explore(&get("/none")).await;
    assert_eq!((sent.state, sent.error.map(|error| error.code)), (SendState::Failed, Some(ErrorCode::NoReply)));
}
