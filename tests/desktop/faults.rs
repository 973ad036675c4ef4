//! What the running window makes of a machine that slept, and of a clock that jumps: with libfaketime, which moves the wall
//! clock of the real app and leaves its timers alone, as a sleep does.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use keydesk_sandbox::{Options, Sandbox};
use keydesk_support::{
    Answer, App, AppOptions, Desktop, DesktopOptions, FakeServer, Outcome, WrongClock, app_binary, wait_until,
};
use serde_json::{Value, json};

use crate::stage::Stage;

const TOKEN: &str = "/oauth2/token";
/// How long the server takes to renew.
const ANSWER: Duration = Duration::from_millis(400);
/// Longer than the app takes to look at its tokens again.
const LATER: Duration = Duration::from_secs(45);

/// The window with a clock of its own, and accounts at a server of the test's.
struct Night {
    stage: Stage,
    clock: WrongClock,
    server: FakeServer,
    /// When renewals came, and for which account.
    renewals: Arc<Mutex<Vec<(Instant, String)>>>,
    connections: Vec<String>,
}

impl Night {
    async fn with_accounts(count: usize) -> Outcome<Self> {
        let desktop = Desktop::start(DesktopOptions::default())?;
        let clock = WrongClock::off_by("+0", desktop.root())?;
        // Started by the driver, which keeps its own clock.
        let program = desktop.root().join("keydesk-app-asleep");
        let assigned: String = clock.variables().iter().map(|(name, value)| format!("{name}='{value}' ")).collect();
        let binary = app_binary()?;
        std::fs::write(&program, format!("#!/bin/sh\nexec env {assigned} '{}' \"$@\"\n", binary.display()))?;
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
        let app = App::start_with(&desktop, AppOptions { binary: Some(program), ..AppOptions::default() }).await?;
        let stage = Stage { app, desktop, sandbox: Sandbox::start(Options::default()).await? };
        let (server, renewals) = (FakeServer::start().await?, Arc::new(Mutex::new(Vec::new())));
        serve(&server, &renewals);
        let mut night = Self { stage, clock, server, renewals, connections: Vec::new() };
        for account in 0..count {
            let connection = night.log_in(account).await?;
            night.connections.push(connection);
        }
        Ok(night)
    }

    async fn log_in(&self, account: usize) -> Outcome<String> {
        let url = self.server.url("");
        let urls = ["api_url", "auth_url", "legacy_auth_url"].map(|name| (name.to_owned(), url.clone()));
        let mut parameters = BTreeMap::from(urls);
        parameters.insert("redirect_base".to_owned(), "http://127.0.0.1".to_owned());
        let connection = self.stage.connect_with(parameters).await?;
        let fields = json!({"token": format!("pasted-{account}")});
        let request = json!({"connection": connection, "login": "refresh_token", "fields": fields, "keep": []});
        self.stage.app.invoke("log_in", json!({"request": request})).await?;
        Ok(connection)
    }

    async fn token(&self, account: usize) -> Outcome<Value> {
        self.stage.app.invoke("reveal_token", json!({"connection": self.connections[account]})).await
    }

    fn renewals(&self) -> Vec<(Instant, String)> {
        self.renewals.lock().unwrap().clone()
    }
}

/// Gives each account tokens of two hours. Each answer names the next: `account.number`.
fn serve(server: &FakeServer, renewals: &Arc<Mutex<Vec<(Instant, String)>>>) {
    server.always("/oauth2/validate", Answer::json(200, &json!({"given_name": "Alice"})));
    let renewals = renewals.clone();
    server.answer_with(TOKEN, move |request| {
        let sent = request.form_field("refresh_token").unwrap_or_default();
        let (kind, which) = sent.split_once('-').unwrap_or_default();
        let (account, number) = which.split_once('.').unwrap_or((which, "0"));
        let next = if kind == "pasted" { 0 } else { number.parse::<u32>().unwrap_or(0) + 1 };
        if kind != "pasted" {
            renewals.lock().unwrap().push((Instant::now(), account.to_owned()));
        }
        let body = json!({
            "access_token": format!("access-{account}.{next}-0123456789"),
            "refresh_token": format!("refresh-{account}.{next}"),
            "expires_in": 7200,
        });
        let answer = Answer::json(200, &body);
        if kind == "pasted" { answer } else { answer.after(ANSWER) }
    });
}

#[tokio::test]
async fn e12_after_five_hours_of_sleep_the_first_call_renews_first_and_hands_out_what_is_live() -> Outcome {
    let night = Night::with_accounts(1).await?;
    assert_eq!(night.token(0).await?, "access-0.0-0123456789");
    assert!(night.renewals().is_empty());
    night.clock.jump("+5h")?;
    assert_eq!(night.token(0).await?, "access-0.1-0123456789");
    assert_eq!(night.token(0).await?, "access-0.1-0123456789");
    assert_eq!(night.renewals().len(), 1);
    // Set back: of a token from the future nobody knows when it ends. It is renewed, once.
    night.clock.jump("-1h")?;
    for _ in 0..2 {
        assert_eq!(night.token(0).await?, "access-0.2-0123456789");
    }
    assert_eq!(night.renewals().len(), 2);
    night.stage.token_is(&night.connections[0], "fresh").await
}

/// Nobody calls; the window itself finds out, within a minute of the machine's own time.
#[tokio::test]
#[ignore = "a minute: the app looks at its tokens every twenty seconds; run by `./dev test --faults`"]
async fn e12_after_five_hours_of_sleep_all_accounts_are_renewed_once_each_and_not_all_at_once() -> Outcome {
    const ACCOUNTS: usize = 6;
    let night = Night::with_accounts(ACCOUNTS).await?;
    night.clock.jump("+5h")?;
    wait_until(async || night.renewals().len() >= ACCOUNTS, LATER, "all to be renewed").await?;
    let renewals = night.renewals();
    for (begun, _) in &renewals {
        let same_time = |(other, _): &&(Instant, String)| *other >= *begun && *other < *begun + ANSWER;
        let at_once = renewals.iter().filter(same_time).count();
        assert!(at_once <= 2, "{at_once} at once");
    }
    // Another look, and another: nothing is left to do.
    tokio::time::sleep(LATER).await;
    let mut accounts: Vec<String> = night.renewals().into_iter().map(|(_, account)| account).collect();
    accounts.sort();
    assert_eq!(accounts, (0..ACCOUNTS).map(|account| account.to_string()).collect::<Vec<_>>());
    Ok(())
}
