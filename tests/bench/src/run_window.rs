//! Whether the window answers while a run of 10,000 goes on in it, its progress and its newest rows in view: the longest time
//! that the page could do nothing else. A person feels more than 50 ms.

use std::time::Duration;

use keydesk_support::{App, AppOptions, Failure, Outcome, wait_for};
use serde_json::json;

use crate::cli::Cli;
use crate::figure::{Figure, median};
use crate::run_throughput::log_in;
use crate::trigger_server::TriggerServer;

const TARGETS: usize = 10_000;
const ROUNDS: usize = 3;
/// In milliseconds.
const MOST: f64 = 50.0;
const PATIENCE: Duration = Duration::from_secs(120);

/// Begins a run, and notes from then on the longest pause between two turns of the page.
const BEGIN: &str = r#"
const [request, done] = arguments;
const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
const channel = `__CHANNEL__:${transformCallback(() => {})}`;
let last = performance.now();
window.longestPause = 0;
const turn = () => {
  const now = performance.now();
  window.longestPause = Math.max(window.longestPause, now - last);
  last = now;
  window.pauses = setTimeout(turn, 0);
};
invoke("start_run", { request, options: { at_once: 8, confirmed: true }, onEvent: channel }).then(
  (run) => done(run.id),
  (error) => done(error));
turn();
"#;

/// Opens the newest run of the list.
const OPEN: &str = r#"
const row = document.querySelector("main tbody button");
row?.click();
return row !== null;
"#;

pub async fn measure() -> Outcome<Figure> {
    let server = TriggerServer::start()?;
    let cli = Cli::new()?;
    log_in(&cli, &server).await?;
    let home = ("KEYDESK_HOME".to_owned(), cli.home().display().to_string());
    let options = AppOptions { environment: vec![home], ..AppOptions::default() };
    let app = App::start_with(&cli.desktop, options).await?;
    let mut longest = Vec::new();
    for _ in 0..ROUNDS {
        longest.push(run(&app).await?);
    }
    app.quit().await?;
    Ok(Figure::at_most("run-window", "ms", median(longest), MOST, 1.0))
}

/// One run, shown from near its beginning to its end.
async fn run(app: &App) -> Outcome<f64> {
    let connections = app.invoke("list_connections", json!({})).await?;
    let targets: Vec<String> = (0..TARGETS).map(|number| (990_007_560_234_567_usize + number).to_string()).collect();
    let values = json!({ "workflow": "wf", "devices": targets });
    let request = json!({ "connection": connections[0]["id"], "action": "send_trigger", "values": values });
    let id = app.execute_async(BEGIN, vec![request]).await?;
    let id = id.as_str().ok_or_else(|| Failure::new(format!("the run did not begin: {id}")))?.to_owned();
    app.press("Alt+r").await?;
    let opened = async || app.execute(OPEN, Vec::new()).await.ok()?.as_bool()?.then_some(());
    wait_for(opened, PATIENCE, "the run to be listed").await?;
    let over = async || {
        let runs = app.invoke("list_runs", json!({ "connection": null })).await.ok()?;
        let state = runs.as_array()?.iter().find(|run| run["id"] == id)?["state"].clone();
        (state == "done").then_some(())
    };
    wait_for(over, PATIENCE, "the run to end").await?;
    let pause = app.execute("clearTimeout(window.pauses); return window.longestPause", Vec::new()).await?;
    app.press("Alt+0").await?;
    pause.as_f64().ok_or_else(|| Failure::new("the page measured nothing"))
}
