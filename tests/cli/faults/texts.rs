//! Hostile text from servers, in errors, claims and answers: it is data. It neither steers a terminal, nor forges a line,
//! nor is it run, filled in or taken for markup; and in JSON it arrives as it was sent.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keydesk_support::Answer;
use serde_json::{Value, json};

use super::stage::{Stage, TOKEN};
use crate::terminal::Terminal;

/// A small list of naughty texts: of each kind one.
const TEXTS: &[&str] = &[
    "",
    " ",
    "null",
    "undefined",
    "\0\u{1}\u{7f}",
    "a\r\nkeydesk: everything is well",
    "\u{1b}[2J\u{1b}[1;1H\u{1b}]0;owned\u{7}",
    "\u{9b}31mred\u{9d}0;title\u{9c}",
    "\u{8}\u{8}\u{8}\u{8}overwritten",
    "\u{202e}gnp.exe\u{202c} \u{2066}turned\u{2069}\u{200f}",
    "line\u{2028}paragraph\u{2029}end\u{85}next",
    "zero\u{200b}width\u{feff} soft\u{ad}hyphen",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{base_url} {{7*7}} ${HOME} $(touch owned) `touch owned` %s%n%x {0}",
    "'; DROP TABLE activity; --",
    "../../../../etc/passwd\0.json",
    "=cmd|' /C calc'!A0",
    "\\u0022,\"error\":\"invalid_grant",
    "ﷺ 田中さんにあげて下さい ثم نفس سقطت 🏳\u{200d}🌈 e\u{301}\u{301}\u{301}\u{301} Ω≈ç√∫ 1⁄2",
    "\u{fffd}\u{fffe}\u{10ffff}\u{e0041}",
    "-1e999 NaN Infinity 0x7f 1/0",
    "--help\n-rf /",
];

/// Whether a text holds what could steer a terminal or forge a line. The end of a line of the command's own is none.
fn steers(text: &str) -> bool {
    text.lines().any(|line| line.trim_end_matches('\r').chars().any(keydesk_core::steers))
}

#[tokio::test]
async fn f11_hostile_text_in_an_error_of_a_token_endpoint_is_one_harmless_line() {
    let stage = Stage::over().await;
    for text in TEXTS {
        for (error, description) in [("invalid_request", *text), (text, "described")] {
            stage.later();
            stage.server.always(TOKEN, Answer::json(400, &json!({"error": error, "error_description": description})));
            let ran = stage.token().await;
            assert!(ran.status == 1 || ran.status == 4, "{text:?}: {ran:?}");
            assert!(!steers(&ran.err) && ran.out.is_empty(), "{text:?}: {ran:?}");
            // Its own lines, each known by how it begins, and none of the server's.
            let lines = ran.err.lines().filter(|line| line.starts_with("keydesk:")).count();
            assert_eq!(lines, 1, "{text:?}: {ran:?}");
            stage.later();
            let told = stage.house.run(&["--json", "token", "it"]).await.json()["error"].clone();
            assert_eq!(told["oauth"]["error"].as_str().map(harmless), Some(harmless(error)), "{told}");
            assert!(!told.to_string().contains(&*stage.house.home.path().to_string_lossy()), "{told}");
        }
    }
    assert!(!stage.house.home.path().join("owned").exists());
    assert_eq!(stage.house.kept(&stage.id)["refresh_token"], "refresh-token-0");
}

/// As a line of it is told.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if keydesk_core::steers(c) { ' ' } else { c }).take(80).collect()
}

fn token(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.AAAA", part(&json!({"alg": "RS256", "kid": TEXTS[6]})), part(claims))
}

/// Claims with all of the texts, as values and as names.
fn claims() -> Value {
    let values = TEXTS.iter().enumerate().map(|(number, text)| (format!("claim-{number}"), json!(text)));
    let names = TEXTS.iter().enumerate().map(|(number, text)| (format!("{text} {number}"), json!(number)));
    Value::Object(values.chain(names).collect())
}

#[tokio::test]
async fn g7_hostile_claims_arrive_whole_in_json_and_steer_no_terminal() {
    let stage = Stage::new().await;
    let claims = claims();
    let body = json!({"access_token": token(&claims), "refresh_token": "r", "expires_in": 7200});
    stage.log_in("it", Answer::json(200, &body)).await;
    let shown = stage.house.run(&["--json", "claims", "it"]).await.well().json();
    assert_eq!(shown["claims"], claims);
    let (status, seen) = Terminal::start(&stage.house, &["claims", "it"]).ends().await;
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains("claim-12") && !steers(&seen), "{seen:?}");
    // Nor do they where they are piped: a pager is a terminal too.
    let piped = stage.house.run(&["claims", "it"]).await.well();
    assert!(!steers(&piped.out) && !steers(&piped.err), "{piped:?}");
    assert!(!stage.house.home.path().join("owned").exists());
}

#[tokio::test]
async fn f11_a_hostile_answer_of_an_api_is_printed_as_it_is_where_it_is_piped_and_steers_no_terminal() {
    let stage = Stage::new().await;
    stage.log_in("it", super::stage::pair(0, 7200)).await;
    let body = TEXTS.join("\n");
    stage
        .server
        .always("/text", Answer::new(200).header("content-type", "text/plain; charset=utf-8").body(body.clone()));
    let piped = stage.house.run(&["call", "it", "GET", "/text"]).await.well();
    assert!(piped.out.contains(&body), "{piped:?}");
    let (status, seen) = Terminal::start(&stage.house, &["call", "it", "GET", "/text"]).ends().await;
    assert_eq!(status, 0);
    assert!(!seen.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{8}', '\u{202e}', '\0']), "{seen:?}");
    // What an error says of itself, by a status that is one.
    for text in TEXTS {
        let answer = Answer::json(500, &json!({"message": text, "error": text, "detail": [text]}));
        stage.server.answer("/broken", answer.header("x-request-id", "1"));
        let ran = stage.house.run(&["call", "it", "GET", "/broken"]).await;
        assert!(ran.status != 0 && !steers(&ran.err), "{text:?}: {ran:?}");
    }
}
