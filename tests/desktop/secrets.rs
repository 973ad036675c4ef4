//! F1, F7, F8, F9: secrets that the test knows and the window never sees are looked for in all that was written, in the
//! page, and after a log-out in the app's memory.

use std::fs::File;
use std::os::unix::fs::FileExt;

use keydesk_support::{Answer, Canary, FakeServer, Outcome, wait_for};
use serde_json::json;

use crate::stage::{SOON, Stage};

const ACCESS: &str = "canary-access-4f8e10b7c2d95a";
const REFRESH: &str = "canary-refresh-9d03ac61ee72f4";
const PASSPHRASE: &str = "a passphrase of the test";
const CODE: &str = "canary-code-17b2c94e08fa6d";

/// A refusal that repeats the token.
fn refusal() -> Answer {
    Answer::json(401, &json!({"message": format!("{ACCESS} is bad")}))
}

/// Logs in at a server of the test's own, so that no token passes the window. `context` is what it says when it is asked whose
/// the token is, which the window does by itself.
async fn logged_in(stage: &Stage, server: &FakeServer, context: Answer) -> Outcome<String> {
    let token_path = "/realms/Relay/protocol/openid-connect/token";
    let tokens = json!({"access_token": ACCESS, "refresh_token": REFRESH, "expires_in": 7200, "token_type": "Bearer"});
    server.always(token_path, Answer::json(200, &tokens));
    server.always("/oauth2/validate", Answer::json(200, &json!({"given_name": "Alice"})));
    server.always("/ibot/authz_context", context);
    let mut parameters = stage.parameters();
    for name in ["api_url", "auth_url", "legacy_auth_url"] {
        parameters.insert(name.to_owned(), server.url("").trim_end_matches('/').to_owned());
    }
    let connection = stage.connect_with(parameters).await?;
    let login = stage.start_login(&connection, "loopback").await?;
    let url = login["authorization_url"].as_str().unwrap();
    let state = url.split("state=").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
    let redirect = format!("{}?code={CODE}&state={state}", login["redirect_uri"].as_str().unwrap());
    reqwest::get(redirect).await.unwrap();
    stage.login_reaches(&login, "done").await?;
    Ok(connection)
}

fn canaries() -> Outcome<Vec<Canary>> {
    [("access token", ACCESS), ("refresh token", REFRESH), ("code", CODE)]
        .into_iter()
        .map(|(name, secret)| Canary::new(name, secret))
        .collect()
}

#[tokio::test]
async fn f1_f8_f9_no_secret_is_in_a_file_or_in_the_page() -> Outcome {
    let (stage, server) = (Stage::new().await?, FakeServer::start().await?);
    let connection = logged_in(&stage, &server, refusal()).await?;
    // Everything that could write one down: a refusal that repeats it, a renewal, the activity, each tab.
    let request = json!({"connection": connection, "action": "workflows", "values": {}});
    let _ = stage.app.invoke_raw("preview_request", json!({"request": request})).await?;
    stage.app.invoke("renew_token", json!({"connection": connection})).await?;
    stage.open_first().await?;
    for tab in ["Actions", "Token", "Activity", "Settings"] {
        stage.app.click(&keydesk_support::Query::tab(tab)).await?;
        let page = "return document.documentElement.outerHTML + JSON.stringify({...localStorage, ...sessionStorage})";
        let page = stage.app.execute(page, vec![]).await?.to_string();
        for canary in canaries()? {
            assert!(canary.forms_in(page.as_bytes()).is_empty(), "{canary:?} is in the page at {tab}");
        }
    }
    let root = stage.desktop.root().to_owned();
    // The keychain's own files are encrypted, and searched like all others.
    Canary::must_be_nowhere(&root, &canaries()?)
}

/// F7: also not in the memory of the app, whose allocator wipes what is given back.
#[tokio::test]
async fn f7_after_a_log_out_no_token_is_left_in_memory() -> Outcome {
    let (stage, server) = (Stage::new().await?, FakeServer::start().await?);
    let connection = logged_in(&stage, &server, refusal()).await?;
    let canaries = canaries()?;
    assert!(!in_memory(stage.app.process(), &canaries).is_empty(), "the scan finds what is there");
    stage.app.invoke("log_out", json!({"connection": connection})).await?;
    let gone = async || in_memory(stage.app.process(), &canaries).is_empty().then_some(());
    let outcome = wait_for(gone, SOON, "the tokens to be gone from memory").await;
    // Which, and where: without that a failure says nothing.
    assert!(outcome.is_ok(), "{:#?}", in_memory(stage.app.process(), &canaries));
    Ok(())
}

/// F7: the same after the file of secrets was locked. Its passphrase is not looked for: the driver of the test, which types for the
/// person, leaves it in the window's own memory.
#[tokio::test]
async fn f7_after_the_file_was_locked_no_token_that_was_read_from_it_is_left_in_memory() -> Outcome {
    let (stage, server) = (Stage::new().await?, FakeServer::start().await?);
    let status = stage.app.invoke("use_file", json!({"passphrase": PASSPHRASE})).await?;
    assert_eq!((&status["store"]["kept_in"], &status["store"]["state"]), (&json!("file"), &json!("ready")));
    let context = Answer::json(200, &json!([{"subscriber_id": "8b6f2a1e-0000-4000-8000-000000000001"}]));
    let connection = logged_in(&stage, &server, context).await?;
    // What is under way when the file is locked is kept in memory: it is nowhere else. So nothing is, and no refusal begins a
    // renewal.
    stage.app.invoke("renew_token", json!({"connection": connection})).await?;
    assert_eq!(stage.connection(&connection).await?["token"]["kept_in"], "file");
    let canaries = canaries()?;
    assert!(!in_memory(stage.app.process(), &canaries).is_empty(), "the scan finds what is there");
    stage.app.invoke("lock_file", json!({})).await?;
    let gone = async || in_memory(stage.app.process(), &canaries).is_empty().then_some(());
    let outcome = wait_for(gone, SOON, "the tokens to be gone from memory").await;
    assert!(outcome.is_ok(), "{:#?}", in_memory(stage.app.process(), &canaries));
    // It was not thrown away.
    stage.app.invoke("use_file", json!({"passphrase": PASSPHRASE})).await?;
    stage.token_is(&connection, "fresh").await
}

/// Where a secret is in a process's memory: its mapping, and which it is.
fn in_memory(process: u32, canaries: &[Canary]) -> Vec<String> {
    let memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let found = maps.lines().filter_map(|line| Some((line, writable(line)?))).flat_map(|(line, (start, end))| {
        let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
        // Some maps cannot be read: those of devices.
        let read = memory.read_exact_at(&mut bytes, start).is_ok();
        let here = canaries.iter().filter(|canary| read && !canary.forms_in(&bytes).is_empty());
        here.map(|canary| format!("{canary:?} in {line}")).collect::<Vec<_>>()
    });
    found.collect()
}

fn writable(line: &str) -> Option<(u64, u64)> {
    let (range, rest) = line.split_once(' ')?;
    if !rest.starts_with("rw") {
        return None;
    }
    let (start, end) = range.split_once('-')?;
    let (start, end) = (u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?);
    // WebKit reserves ranges of many gigabytes for scripts of a page; no heap of ours is so large.
    (end - start <= 1 << 30).then_some((start, end))
}
