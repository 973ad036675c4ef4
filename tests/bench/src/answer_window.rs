//! 100 MB of JSON in the window: the longest time that the page could do nothing else while it was opened, read to its end as a
//! table, a tree and a text, and searched; and how much more memory the page takes then. A person feels more than 50 ms.

use std::time::Duration;

use keydesk_support::{Answer, App, AppOptions, Failure, FakeServer, Outcome, Query, drive, processes_of, wait_for};

use crate::cli::Cli;
use crate::figure::Figure;
use crate::file_memory::log_in;
use crate::json_answer::list;
use crate::startup::proportional_memory;

/// In milliseconds.
const LONGEST: f64 = 50.0;
/// In MiB.
const MOST: f64 = 150.0;
const PATIENCE: Duration = Duration::from_secs(120);
/// Until a page that was busy has let go of what it needs no more.
const REST: Duration = Duration::from_secs(5);

/// Notes from now on the longest pause between two turns of the page.
const WATCH: &str = r"
let last = performance.now();
window.longestPause = 0;
const turn = () => {
  const now = performance.now();
  window.longestPause = Math.max(window.longestPause, now - last);
  last = now;
  window.pauses = setTimeout(turn, 0);
};
turn();
";

pub async fn measure() -> Outcome<[Figure; 2]> {
    let server = FakeServer::start().await?;
    let list = list();
    let rows = list.matches("\"id\": ").count();
    let answer = Answer::new(200).header("content-type", "application/json").body(list);
    server.always("/rows", answer);
    let cli = Cli::new()?;
    log_in(&cli, drive::KEY, &server.url("")).await?;
    let home = ("KEYDESK_HOME".to_owned(), cli.home().display().to_string());
    let app = App::start_with(&cli.desktop, AppOptions { environment: vec![home], ..AppOptions::default() }).await?;
    explorer(&app).await?;
    tokio::time::sleep(REST).await;
    let before = of_page(&cli);
    app.execute(WATCH, Vec::new()).await?;
    look_through(&app, rows).await?;
    let pause = app.execute("clearTimeout(window.pauses); return window.longestPause", Vec::new()).await?;
    let pause = pause.as_f64().ok_or_else(|| Failure::new("the page measured nothing"))?;
    tokio::time::sleep(REST).await;
    let grown = of_page(&cli) - before;
    app.quit().await?;
    Ok([
        Figure::at_most("json-100mb-longest-block", "ms", pause, LONGEST, 1.0),
        Figure::at_most("json-100mb-memory", "MiB", grown, MOST, 1.0),
    ])
}

async fn explorer(app: &App) -> Outcome {
    let opened = async || {
        app.press("Alt+1").await.ok()?;
        app.has(&Query::tab("Explorer")).await.ok()?.then_some(())
    };
    wait_for(opened, PATIENCE, "the connection to open").await?;
    app.click(&Query::tab("Explorer")).await?;
    let begun = async || {
        app.press("Ctrl+T").await.ok()?;
        app.has(&Query::field("Address")).await.ok()?.then_some(())
    };
    wait_for(begun, PATIENCE, "a request to begin").await?;
    app.fill(&Query::field("Address"), "/rows").await
}

/// Reads it to its end in each view, and searches it. Asks the page in few words meanwhile: to look for an element by its role
/// and name, as tests do, takes the page longer than what is measured.
async fn look_through(app: &App, rows: usize) -> Outcome {
    app.press("Ctrl+Enter").await?;
    let says = |what: &str| format!("return document.querySelector('section.answer')?.textContent.includes('{what}')");
    becomes(app, &says("200 OK")).await?;
    let counted =
        format!("return document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === '{}'", rows + 1);
    becomes(app, &counted).await?;
    for (view, role, row) in [("Table", "grid", "row"), ("Tree", "tree", "treeitem"), ("Raw", "list", "listitem")] {
        let tabs = "[...document.querySelectorAll('section.answer [role=tab]')]";
        becomes(app, &format!("{tabs}.find((tab) => tab.textContent.trim() === '{view}').click(); return true"))
            .await?;
        let list = format!("document.querySelector('section.answer [role={role}]')");
        becomes(app, &format!("{list}?.focus(); return {list} !== null")).await?;
        app.press("End").await?;
        let drawn = format!("[...document.querySelectorAll('section.answer [role={row}]')]");
        becomes(app, &format!("return {drawn}.at(-1)?.textContent.includes('{}') ?? false", rows - 1)).await?;
    }
    app.press("Ctrl+F").await?;
    becomes(app, "return document.activeElement?.matches('section.answer search input')").await?;
    app.client().active_element().await?.send_keys(&format!("\"id\": {},", rows - 1)).await?;
    becomes(app, &says("1 match")).await
}

async fn becomes(app: &App, script: &str) -> Outcome {
    let is_so = async || app.execute(script, Vec::new()).await.ok()?.as_bool()?.then_some(());
    wait_for(is_so, PATIENCE, script).await
}

/// The memory of the process that draws the page, in MiB.
fn of_page(cli: &Cli) -> f64 {
    let draws = |process: &u32| {
        let name = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
        name.starts_with("WebKitWebProces")
    };
    let bytes: u64 = processes_of(&cli.desktop.mark()).into_iter().filter(draws).map(proportional_memory).sum();
    bytes as f64 / 1024.0 / 1024.0
}
