//! Token endpoints that fail while a token is renewed: each fault has its code and exit status, and the old token set
//! stays as it was. Logins at such endpoints are in tests/journeys/token_endpoint.rs.

use std::time::Duration;

use keydesk_support::Answer;
use serde_json::{Value, json};

use super::stage::{Stage, TOKEN, pair};

/// A token endpoint whose next answers are these. Gives the error, and sees that nothing else changed.
async fn fails(stage: &Stage, answers: &[Answer], code: &str, status: i32) -> Value {
    stage.later();
    let before = (stage.settings(&[&stage.id]), stage.asked().len());
    answers.iter().for_each(|answer| stage.server.answer(TOKEN, answer.clone()));
    let ran = stage.house.run(&["--json", "token", "it"]).await;
    let error = ran.json()["error"].clone();
    assert_eq!((error["code"].as_str(), ran.status), (Some(code), status), "{error}");
    assert_eq!(stage.asked().len() - before.1, answers.len(), "{error}");
    assert_eq!(stage.settings(&[&stage.id]), before.0, "nothing is stored: {error}");
    error
}

/// After all of it the refresh token is still there, and good.
async fn recovers(stage: &Stage) {
    stage.later();
    stage.server.answer(TOKEN, pair(1, 7200));
    assert_eq!(stage.token().await.well().out, "access-token-1\n");
    assert!(stage.asked().iter().all(|token| token == "refresh-token-0"));
    assert!(!stage.journal().exists());
}

fn text(body: impl Into<Vec<u8>>) -> Answer {
    Answer::new(200).header("content-type", "application/json").body(body)
}

#[tokio::test]
async fn e7_a_server_that_is_out_of_order_costs_no_login() {
    let stage = Stage::over().await;
    for status in [500, 502, 503, 504] {
        let error = fails(&stage, &[Answer::html(status, "<h1>Sorry</h1>")], "server_failed", 5).await;
        assert_eq!((&error["status"], &error["retryable"]), (&json!(status), &json!(true)));
    }
    // A 408 is an answer: nothing was lost.
    fails(&stage, &[Answer::new(408)], "timed_out", 5).await;
    let error = Answer::json(401, &json!({"error": "invalid_client"}));
    fails(&stage, &[error], "client_refused", 4).await;
    recovers(&stage).await;
}

#[tokio::test]
async fn e7_how_long_to_wait_is_told_in_seconds_or_until_a_date_and_an_hour_at_most() {
    let stage = Stage::over().await;
    let date = "Sun, 22 Nov 2026 18:00:00 GMT";
    for (asked, told) in [
        ("7", json!(7)),
        ("Sun, 22 Nov 2026 18:02:00 GMT", json!(120)),
        ("86400000", json!(3600)),
        ("Fri, 01 Jan 2100 00:00:00 GMT", json!(3600)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", Value::Null),
        ("-5", Value::Null),
        ("soon", Value::Null),
    ] {
        let answer = Answer::new(429).header("date", date).header("retry-after", asked);
        let error = fails(&stage, &[answer], "rate_limited", 5).await;
        assert_eq!(error["retry_after"], told, "{asked}");
    }
    // What no number or clock holds is no more than an hour either.
    for asked in ["99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let error = fails(&stage, &[Answer::new(503).header("retry-after", asked)], "server_failed", 5).await;
        assert!(error["retry_after"].as_u64().unwrap_or(0) <= 3600, "{error}");
    }
    recovers(&stage).await;
}

#[tokio::test]
async fn d6_what_is_no_token_answer_is_not_taken_for_one() {
    let stage = Stage::over().await;
    let nested = format!("{{\"access_token\":\"a\",\"x\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    let blank = json!({"access_token": " "});
    for answer in [
        Answer::html(200, "<h1>Log in to the Wi-Fi</h1>"),
        Answer::redirect(302, "http://127.0.0.1:1/elsewhere"),
        text("{\"access_token\":\"a\""),
        text(nested),
        text([b'\xff'; 40]),
        Answer::json(200, &json!({"access_token": 5})),
        Answer::json(200, &json!({"access_token": ["a"]})),
        Answer::json(200, &json!({"access_token": {"value": "a"}})),
        Answer::json(200, &json!({"access_token": true})),
        Answer::json(200, &json!({"access_token": "a", "refresh_token": 7})),
        Answer::json(200, &json!({"access_token": "a", "id_token": {}})),
    ] {
        fails(&stage, &[answer], "not_a_token_answer", 1).await;
    }
    fails(&stage, &[Answer::json(200, &blank)], "blank_token", 1).await;
    let other = Answer::json(200, &json!({"access_token": "a", "token_type": "DPoP"}));
    fails(&stage, &[other], "token_type_unknown", 1).await;
    recovers(&stage).await;
}

#[tokio::test]
async fn d6_an_answer_of_100_mb_is_cut_at_the_limit() {
    let stage = Stage::over().await;
    let mut body = b"{\"access_token\":\"".to_vec();
    body.resize(100_000_000, b'a');
    let error = fails(&stage, &[text(body)], "not_a_token_answer", 1).await;
    assert!(error["message"].as_str().unwrap().contains("1 MiB"), "{error}");
    recovers(&stage).await;
}

/// RFC 6749 section 3.2 forbids it, and RFC 8259 section 4 leaves open which one counts.
#[tokio::test]
async fn d9_an_answer_in_which_a_member_stands_twice_is_not_taken() {
    let stage = Stage::over().await;
    for twice in [
        r#"{"access_token":"a","refresh_token":"r","access_token":"b","expires_in":7200}"#,
        r#"{"access_token":"a","refresh_token":"r","refresh_token":"r"}"#,
        r#"{"access_token":"a","refresh\u005ftoken":"r","refresh_token":"s"}"#,
        r#"{"access_token":"a","data":{"scope":"x","scope":"y"}}"#,
    ] {
        let error = fails(&stage, &[text(twice)], "not_a_token_answer", 1).await;
        assert!(error["message"].as_str().unwrap().contains("twice"), "{error}");
    }
    recovers(&stage).await;
}

#[tokio::test]
async fn d6_an_answer_that_drips_and_comes_to_its_end_in_time_is_taken() {
    let stage = Stage::over().await;
    stage.server.answer(TOKEN, pair(1, 7200).drip(5, Duration::from_millis(20)));
    assert_eq!(stage.token().await.well().out, "access-token-1\n");
}

/// E6: at most once more.
#[tokio::test]
async fn e6_an_answer_that_is_cut_in_the_middle_is_asked_for_once_more() {
    let cut = || pair(1, 7200).cut_after(30);
    let stage = Stage::over().await;
    stage.server.answer(TOKEN, cut());
    stage.server.answer(TOKEN, pair(2, 7200));
    assert_eq!(stage.token().await.well().out, "access-token-2\n");
    assert_eq!(stage.asked(), ["refresh-token-0"; 2]);

    for lost in [cut(), Answer::raw(""), Answer::raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")] {
        let stage = Stage::over().await;
        let error = fails(&stage, &[lost.clone(), lost], "renewal_in_doubt", 3).await;
        assert_eq!(error["retryable"], false, "the refresh token may be spent: {error}");
        assert!(stage.journal().exists());
        // Nothing is sent again by itself, and it is said what one can do.
        let asked = stage.asked().len();
        stage.token().await.fails_with(3).says("keydesk token NAME --renew");
        let standing = stage.house.run(&["status", "it"]).await.fails_with(3).out;
        assert!(standing.contains("renewal in doubt"), "{standing}");
        assert_eq!(stage.asked().len(), asked);
        stage.server.answer(TOKEN, pair(1, 7200));
        let renewed = stage.house.run(&["token", "it", "--renew"]).await.well();
        assert_eq!(renewed.out, "access-token-1\n");
        assert!(stage.asked().iter().all(|token| token == "refresh-token-0") && !stage.journal().exists());
    }
}

#[tokio::test]
#[ignore = "a minute, twice the limit of 30 seconds; run by `./dev test --faults`"]
async fn e6_a_server_that_never_answers_is_given_up_after_the_second_try() {
    let stage = Stage::over().await;
    (0..2).for_each(|_| stage.server.answer(TOKEN, Answer::silence()));
    // Longer than a command usually may take.
    let ran = tokio::time::timeout(Duration::from_secs(120), stage.house.run(&["--json", "token", "it"])).await;
    let ran = ran.unwrap().fails_with(3);
    assert_eq!((ran.json()["error"]["code"].as_str(), stage.asked().len()), (Some("renewal_in_doubt"), 2));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_apart_from_one_that_has_no_address() {
    let stage = Stage::over().await;
    let Stage { house, server, id } = stage;
    let (address, before) = (server.address().to_string(), house.kept(&id));
    drop(server);
    let error = house.run(&["--json", "token", "it"]).await.fails_with(5).json()["error"].clone();
    assert_eq!(error["code"], "unreachable");
    let refused = error["message"].as_str().unwrap().to_owned();
    assert!(refused.contains(&address) && refused.contains("refused"), "{refused}");
    assert_eq!(house.kept(&id), before);

    // The name is reserved for having no address (RFC 2606).
    let base = "base_url=https://name.invalid";
    house.run(&["connect", "one-endpoint", "--name", "nowhere", "--set", base]).await.well();
    let login = ["--json", "login", "nowhere", "--method", "refresh_token", "--secret-stdin", "token"];
    let error = house.run_with(&login, "refresh-token-9").await.fails_with(5).json()["error"].clone();
    assert_eq!(error["code"], "unreachable");
    let unknown = error["message"].as_str().unwrap();
    assert!(unknown.contains("name.invalid") && !unknown.contains("refused"), "{unknown}");
    assert_eq!(house.kept_of("nowhere").await, Value::Null);
}

/// E7: what one process learned holds for the next.
#[tokio::test]
async fn e7_a_process_that_starts_later_waits_as_long_as_the_server_asked_the_one_before() {
    let stage = Stage::over().await;
    let busy = Answer::new(503).header("retry-after", "600");
    fails(&stage, &[busy], "server_failed", 5).await;
    for _ in 0..3 {
        let ran = stage.house.run(&["--json", "token", "it"]).await;
        let waits = ran.json()["error"]["retry_after"].as_u64().unwrap();
        assert_eq!((ran.status, (500..=603).contains(&waits)), (5, true), "{waits}");
    }
    assert_eq!(stage.asked().len(), 1);
    recovers(&stage).await;
    // And what was refused is not sent again.
    let stage = Stage::over().await;
    stage.server.always(TOKEN, Answer::json(400, &json!({"error": "invalid_grant"})));
    for _ in 0..3 {
        stage.token().await.fails_with(3);
    }
    assert_eq!(stage.asked().len(), 1);
}
