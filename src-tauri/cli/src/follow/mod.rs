//! Follows a run: prints what comes, says how far it is, and lets Ctrl-C pause it.

mod progress;
mod view;

use std::time::Duration;

use keydesk_core::{Error, Keydesk, ResultView, RunEvent, RunQuery, RunRow, RunState, RunView, Started, TargetState};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

use crate::advice;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::interrupt::Stop;
use crate::refusal;
use progress::Progress;

pub use progress::CLEAR;
pub use view::{line, shown};

/// How long requests that are under way are waited for after Ctrl-C.
const GRACE: Duration = Duration::from_secs(5);
/// The most that is complained of one by one.
const COMPLAINTS: u32 = 20;
/// Up to so many results, JSON holds the bodies too.
const WITH_BODIES: u32 = 100;
/// Rows that are read at once.
const PAGE: u32 = 500;

/// Follows a run to its end, or to where it waits for a person.
///
/// # Errors
/// It cannot be read, or Ctrl-C came before a single request had its answer.
pub async fn follow(context: &Context, keydesk: &Keydesk, started: Started, view: &ResultView) -> Outcome {
    let id = started.run.id.clone();
    let single = started.run.counts.total == 1;
    let mut progress = Progress::new(context, &id, started.run.counts.total);
    let stopped = until_it_rests(keydesk, started, &mut progress).await?;
    let run = keydesk.watch_run(&id).await?.run;
    if single && run.counts.over() == 0 && stopped {
        return Err(Failure::interrupted());
    }
    progress.end(keydesk).await?;
    if context.output.is_json() {
        let results = results(keydesk, &run).await?;
        context.output.result(&json!({ "run": run, "results": results }), |_| String::new())?;
    } else if single {
        show_single(context, keydesk, &id, view).await?;
    }
    let failed = first(keydesk, &id, &[TargetState::Failed, TargetState::Unknown]).await?;
    if !context.output.is_json() {
        complain(context, keydesk, &run, single).await?;
    }
    Ok(match failed {
        _ if stopped => Exit::Interrupted,
        _ if run.state == RunState::Paused => why_paused(keydesk, &run).await?.map_or(Exit::Failed, |it| Exit::of(&it)),
        Some(RunRow { error: Some(error), .. }) => Exit::of_answer(&error),
        Some(_) => Exit::Network,
        None => Exit::Ok,
    })
}

/// Whether Ctrl-C was pressed meanwhile.
async fn until_it_rests(keydesk: &Keydesk, started: Started, progress: &mut Progress<'_>) -> Result<bool, Failure> {
    let Started { run, mut events } = started;
    let mut stopped = false;
    let mut grace = Box::pin(tokio::time::sleep(GRACE));
    let mut stop = Stop::listen()?;
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(RunEvent::Moved { run, .. }) => {
                    progress.moved(keydesk, &run).await?;
                    if run.state == RunState::Paused && run.counts.sending == 0 {
                        return Ok(stopped);
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Ok(stopped),
            },
            () = stop.asked() => {
                if stopped {
                    return Ok(true);
                }
                stopped = true;
                grace = Box::pin(tokio::time::sleep(GRACE));
                // Over by now: the end of its events says so.
                let _ = keydesk.pause_run(&run.id).await;
            }
            () = &mut grace, if stopped => return Ok(true),
        }
    }
}

async fn show_single(context: &Context, keydesk: &Keydesk, id: &str, view: &ResultView) -> Result<(), Failure> {
    let row = keydesk.read_run_row(id, 1).await?;
    context.output.result(&row, |row| match row.target {
        None => view::answer(row, view),
        Some(_) => view::line(row),
    })?;
    if let Some(why) = row.refusal.as_deref().and_then(refusal::sentence) {
        context.output.note(&why);
    }
    Ok(())
}

async fn results(keydesk: &Keydesk, run: &RunView) -> Result<Vec<RunRow>, Failure> {
    let mut all = Vec::new();
    while (all.len() as u32) < run.counts.total {
        let query = RunQuery { offset: all.len() as u32, limit: PAGE, ..RunQuery::default() };
        let rows = keydesk.read_run(&run.id, query).await?.rows;
        if rows.is_empty() {
            break;
        }
        all.extend(rows);
    }
    if run.counts.total <= WITH_BODIES {
        for row in &mut all {
            *row = keydesk.read_run_row(&run.id, row.number).await?;
        }
    }
    Ok(all)
}

async fn first(keydesk: &Keydesk, id: &str, states: &[TargetState]) -> Result<Option<RunRow>, Failure> {
    for state in states {
        let query = RunQuery { state: Some(*state), limit: 1, ..RunQuery::default() };
        if let Some(row) = keydesk.read_run(id, query).await?.rows.into_iter().next() {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// What a run waits for a person for: what was said of the first target that waits because of it.
async fn why_paused(keydesk: &Keydesk, run: &RunView) -> Result<Option<Error>, Failure> {
    let Some(code) = run.note else { return Ok(None) };
    let query = RunQuery { state: Some(TargetState::Waiting), limit: PAGE, ..RunQuery::default() };
    let rows = keydesk.read_run(&run.id, query).await?.rows;
    let said = rows.into_iter().filter_map(|row| row.error).find(|error| error.code == code);
    Ok(Some(said.unwrap_or_else(|| Error::new(code, "Nobody said more."))))
}

async fn complain(context: &Context, keydesk: &Keydesk, run: &RunView, single: bool) -> Result<(), Failure> {
    let note = |text: &str| context.output.note(&format!("keydesk: {text}"));
    for state in [TargetState::Failed, TargetState::Unknown] {
        let query = RunQuery { state: Some(state), limit: COMPLAINTS, ..RunQuery::default() };
        let page = keydesk.read_run(&run.id, query).await?;
        for row in &page.rows {
            let whose = row.label.as_ref().or(row.target.as_ref()).map(|name| format!("{name}: ")).unwrap_or_default();
            let said = row.error.as_ref().map_or("Keydesk ended while it was sent.", |error| error.message.as_str());
            note(&format!("{whose}{said}"));
        }
        if page.total > COMPLAINTS {
            note(&format!("… and {} more: keydesk runs show {}", page.total - COMPLAINTS, short(&run.id)));
        }
    }
    if run.counts.unknown > 0 {
        note("What is unknown was sent, and may have been done: nothing is sent again by itself.");
    }
    if let Some(error) = why_paused(keydesk, run).await? {
        note(&error.message);
        if let Some(advice) = advice::of(error.code) {
            note(advice);
        }
        if let Some(at) = &run.waits_until {
            note(&format!("It makes sense to go on from {at}."));
        }
    }
    let RunView { counts, state, .. } = run;
    if !single && *state != RunState::Done {
        note(&format!(
            "{} of {} were sent. To go on: keydesk runs resume {}",
            counts.over(),
            counts.total,
            short(&run.id)
        ));
    } else if counts.failed > 0 && !single {
        note(&format!("To try those again that failed: keydesk runs retry {}", short(&run.id)));
    }
    Ok(())
}

/// As much of an id as people type.
pub fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}
