//! I6, I8, I12: live access tokens and nothing else, each noted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use keydesk_core::{ActivityEvent, AddConnection, ConnectionView, GrantFor, LogIn, NotHandedOut, Secret};
use keydesk_sandbox::Sandbox;
use keydesk_support::{Answer, Canary, FakeServer};
use serde_json::json;

use super::{Stage, path};
use crate::house::{TOKEN_PATH, refreshes};

/// A token that lives so many seconds.
async fn short_lived(stage: &Stage, seconds: u64) -> (Sandbox, ConnectionView) {
    let (sandbox, connection) = stage.granted().await;
    sandbox.set_access_token_lifetime(Duration::from_secs(seconds));
    stage.house.keydesk.renew_token(&connection.id).await.unwrap();
    (sandbox, connection)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_reads_the_token_when_it_ends_and_how_the_api_wants_it() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.granted().await;
    let encoded: String = connection.label.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for name in [connection.id.clone(), connection.label.clone(), encoded, connection.label.to_lowercase()] {
        let answer = stage.asks(&format!("/connections/{name}/access-token?min_valid=60")).await;
        let body = &answer.body;
        assert!(answer.token().len() > 20);
        assert_eq!((&body["token_type"], &body["header"]), (&"Bearer".into(), &"Authorization".into()), "{body}");
        assert_eq!(body["prefix"], "Bearer");
        assert!(body["expires_in"].as_i64().unwrap() > 7000, "{body}");
        assert!(body["expires_at"].as_str().unwrap().ends_with('Z'), "{body}");
    }
    // Another of the same name: only its id says which.
    let again = AddConnection {
        provider: "relay".to_owned(),
        label: Some(connection.label.clone()),
        parameters: connection.parameters.clone(),
        ca: None,
        sandbox: true,
    };
    stage.house.keydesk.add_connection(again).unwrap();
    stage.asks(&format!("/connections/{}/access-token", connection.label)).await.is(409, "ambiguous");
    stage.asks(&path(&connection)).await.token();
    stage.asks("/connections/nobody/access-token").await.is(404, "unknown_connection");
}

/// I11: another process logged it out; this one had it in memory.
#[tokio::test(flavor = "multi_thread")]
async fn i11_what_another_process_has_logged_out_is_not_handed_out() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.granted().await;
    stage.asks(&path(&connection)).await.token();
    stage.house.again().log_out(&connection.id).await.unwrap();
    stage.house.keydesk.grant_program("backup", &connection.id, GrantFor::Hour).unwrap();
    let answer = stage.asks(&path(&connection)).await;
    assert_eq!((answer.status, &answer.body["cause"]), (503, &"login_needed".into()), "{answer:?}");
}

/// I8: this process has the old one in memory, and the server may have ended it.
#[tokio::test(flavor = "multi_thread")]
async fn i8_what_another_process_has_renewed_is_handed_out_and_not_the_token_before() {
    let store = crate::store::Stage::with_file().await;
    let connection = store.logged_in(1).await;
    let (server, another) = (&store.server, store.another_with_file().await);
    let stage = Stage::at_house(store.house, false).await;
    stage.house.keydesk.grant_program("backup", &connection.id, GrantFor::Hour).unwrap();
    assert_eq!(stage.asks(&path(&connection)).await.token(), "canary-access-1-5d1f7c");
    server.answer(crate::store::TOKEN, crate::store::pair(2));
    another.renew_token(&connection.id).await.unwrap();
    assert_eq!(stage.asks(&path(&connection)).await.token(), "canary-access-2-5d1f7c");
}

/// I6: what Basic presents is the password in another spelling.
#[tokio::test(flavor = "multi_thread")]
async fn i6_a_login_by_basic_hands_nothing_out() {
    let stage = Stage::with(false).await;
    let sandbox = crate::house::sandbox().await;
    let connection = stage.house.connect_at(&sandbox, "image-relay");
    stage.house.log_in_at(&sandbox, &connection, "basic").await;
    stage.house.keydesk.grant_program("backup", &connection.id, GrantFor::Hour).unwrap();
    let answer = stage.asks(&path(&connection)).await;
    answer.is(503, "no_token");
    assert!(answer.body["message"].as_str().unwrap().contains("log in another way"), "{answer:?}");
}

/// I12: a line for each, with the program, and never the token.
#[tokio::test(flavor = "multi_thread")]
async fn i12_each_token_that_is_handed_out_is_in_the_activity_without_the_token() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.granted().await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(stage.asks(&path(&connection)).await.token().to_owned());
    }
    let activity = stage.activity().await;
    let handed_out = ActivityEvent::TokenHandedOut { program: "Backup".to_owned() };
    let lines = activity.iter().filter(|line| **line == (Some(connection.id.clone()), handed_out.clone()));
    assert_eq!(lines.count(), 3);
    let header = stage.header();
    let secret = header.split_once(": ").unwrap().1;
    let canaries = [("token", tokens[0].as_str()), ("secret", secret)].map(|(name, it)| Canary::new(name, it).unwrap());
    let seen = format!("{activity:?} {:?} {:?}", stage.view(), stage.house.view(&connection));
    for canary in &canaries {
        assert!(canary.forms_in(seen.as_bytes()).is_empty(), "{canary:?}");
    }
    // The secret is in the program's file, and in no other.
    let leaks = Canary::find(stage.house.home.path(), &canaries).unwrap();
    let files: Vec<_> = leaks.iter().map(|leak| leak.file.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(files, ["backup.header"]);
}

/// I8, E1: whoever asks at the end of a token waits for one renewal.
#[tokio::test(flavor = "multi_thread")]
async fn i8_a_token_with_too_little_left_is_renewed_once_for_all_who_ask() {
    let stage = Arc::new(Stage::with(false).await);
    let (sandbox, connection) = stage.granted().await;
    let first = stage.asks(&format!("{}?min_valid=7000", path(&connection))).await.token().to_owned();
    assert_eq!(refreshes(&sandbox), 0);
    stage.house.clock.forward(1000);
    let callers: Vec<_> = (0..12)
        .map(|_| {
            let (stage, path) = (stage.clone(), path(&connection));
            tokio::spawn(async move { stage.asks(&format!("{path}?min_valid=7000")).await.token().to_owned() })
        })
        .collect();
    let mut tokens = std::collections::BTreeSet::new();
    for caller in callers {
        tokens.insert(caller.await.unwrap());
    }
    assert_eq!((tokens.len(), tokens.contains(&first), refreshes(&sandbox)), (1, false, 1));
}

/// I8, E8: a life of five seconds is no minute, however often it is renewed.
#[tokio::test(flavor = "multi_thread")]
async fn i8_a_server_whose_tokens_live_five_seconds_gives_none_for_a_minute_and_is_not_asked_again_and_again() {
    let stage = Stage::with(false).await;
    let (sandbox, connection) = short_lived(&stage, 5).await;
    let (before, minute) = (refreshes(&sandbox), format!("{}?min_valid=60", path(&connection)));
    for second in 0..60 {
        let answer = stage.asks(&minute).await;
        answer.is(503, "no_token");
        assert_eq!(answer.body["cause"], "unexpected_answer", "{second}");
        assert!(answer.head.contains("retry-after: ") && !answer.head.contains("access_token"), "{answer:?}");
        stage.house.clock.forward(1);
    }
    assert_eq!(refreshes(&sandbox), before);
    // Who needs less has it, renewed as it is used.
    stage.asks(&path(&connection)).await.token();
    assert_eq!(refreshes(&sandbox), before + 1);
    // The server may have changed its mind: that is seen after a while.
    sandbox.set_access_token_lifetime(Duration::from_secs(7200));
    stage.house.clock.forward(301);
    stage.asks(&minute).await.token();
}

/// I8: never a stale one, and the program is told when to come back.
#[tokio::test(flavor = "multi_thread")]
async fn i8_what_cannot_be_renewed_is_503_with_the_reason_and_never_a_stale_token() {
    let stage = Stage::with(false).await;
    let (sandbox, connection) = stage.granted().await;
    stage.house.clock.forward(7300);
    stage.house.keydesk.grant_program("backup", &connection.id, GrantFor::Day).unwrap();
    sandbox.fail_next(TOKEN_PATH, 503, "{}", 200);
    let answer = stage.asks(&path(&connection)).await;
    answer.is(503, "no_token");
    assert_eq!((&answer.body["cause"], &answer.body["access_token"]), (&"server_failed".into(), &json!(null)));
    assert!(answer.head.contains("retry-after: "), "{answer:?}");
    let asked = sandbox.count(TOKEN_PATH);
    // The wait after a failure is the program's, too.
    stage.asks(&path(&connection)).await.is(503, "no_token");
    assert_eq!(sandbox.count(TOKEN_PATH), asked);
    stage.house.keydesk.log_out(&connection.id).await.unwrap();
    stage.house.keydesk.grant_program("backup", &connection.id, GrantFor::Day).unwrap();
    let answer = stage.asks(&path(&connection)).await;
    answer.is(503, "no_token");
    assert_eq!(answer.body["cause"], "login_needed");
    assert!(answer.head.contains("retry-after: 60"), "{answer:?}");
    let told = ActivityEvent::TokenNotHandedOut { program: Some("Backup".to_owned()), reason: NotHandedOut::NoToken };
    assert!(stage.activity().await.contains(&(Some(connection.id), told)));
}

const CLIENT_SECRET: &str = "canary-client-secret-51bd0e7a";
const REFRESH: &str = "canary-refresh-token-90ac55e1";
const ID: &str = "canary-id-token-0e3f4b17c2";

/// A connection with an access token, and with everything else that a token set may hold.
async fn full(stage: &Stage, server: &FakeServer) -> ConnectionView {
    let metadata = json!({"issuer": server.url(""), "token_endpoint": server.url("/token")});
    server.always("/.well-known/openid-configuration", Answer::json(200, &metadata));
    let tokens = json!({
        "access_token": "an-access-token-0123", "refresh_token": REFRESH, "id_token": ID, "expires_in": 7200,
        "token_type": "Bearer",
    });
    server.always("/token", Answer::json(200, &tokens));
    let request = AddConnection {
        provider: "another-api".to_owned(),
        label: Some("full".to_owned()),
        parameters: BTreeMap::from([("base_url".to_owned(), server.url("/v1"))]),
        ca: None,
        sandbox: false,
    };
    let connection = stage.house.keydesk.add_connection(request).unwrap();
    let fields = [("issuer", server.url("").as_str()), ("client_id", "c"), ("client_secret", CLIENT_SECRET)]
        .map(|(name, value)| (name.to_owned(), Secret::new(value)));
    let login = "client_credentials".to_owned();
    let log_in = LogIn { connection: connection.id.clone(), login, fields: fields.into(), keep: Vec::new() };
    stage.house.keydesk.log_in(log_in).await.unwrap();
    stage.house.keydesk.grant_program("backup", &connection.id, GrantFor::Day).unwrap();
    connection
}

/// I6: whatever is asked for, in whatever form.
#[tokio::test(flavor = "multi_thread")]
async fn i6_no_route_gives_a_refresh_token_an_id_token_or_a_client_secret() {
    let (stage, server) = (Stage::with(false).await, FakeServer::start().await.unwrap());
    let connection = full(&stage, &server).await;
    let names = [connection.id.as_str(), "full", "Full", "*", "..", "", "%2e%2e", "full%00", "full;x"];
    let kinds = [
        "access-token",
        "refresh-token",
        "refresh_token",
        "id-token",
        "token",
        "tokens",
        "secret",
        "client-secret",
        "kept",
        "",
        "*",
        "access-token/..",
        "access-token%2F..%2Frefresh-token",
        "access-token.json",
        "access-token;a",
    ];
    let queries =
        ["", "?", "?refresh_token=1", "?min_valid=0&x", "?kind=refresh_token", "?min_valid=0", "#refresh_token"];
    let roots = ["/connections", "/Connections", "//connections", "", "/v1/connections", "/tokens", "/../connections"];
    let canaries = [("client secret", CLIENT_SECRET), ("refresh token", REFRESH), ("id token", ID)];
    let canaries = canaries.map(|(name, secret)| Canary::new(name, secret).unwrap());
    let (mut given, mut asked) = (0, 0);
    for root in roots {
        for name in names {
            for kind in kinds {
                for query in queries {
                    let target = format!("{root}/{name}/{kind}{query}");
                    let answer = stage.asks(&target).await;
                    asked += 1;
                    given += usize::from(answer.status == 200);
                    assert!([200, 400, 404].contains(&answer.status), "{target}: {answer:?}");
                    let exact = root == "/connections" && kind == "access-token";
                    assert!(answer.status != 200 || exact, "{target}: {answer:?}");
                    for canary in &canaries {
                        assert!(canary.forms_in(format!("{answer:?}").as_bytes()).is_empty(), "{canary:?}: {target}");
                    }
                }
            }
        }
    }
    // By its id and its name in both spellings; the three queries that say nothing else, and a fragment, which is none.
    assert_eq!((given, asked), (3 * 4, roots.len() * names.len() * kinds.len() * queries.len()));
}
