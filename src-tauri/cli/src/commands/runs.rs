//! `keydesk runs`: what was sent to many, and what is left of it.

use clap::{Args, Subcommand, ValueEnum};
use keydesk_core::{Keydesk, ResultView, RunFormat, RunQuery, RunState, RunView, TargetState};
use serde_json::json;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::follow::{follow, line, short};
use crate::table::table;

/// Rows that are read at once.
const PAGE: u32 = 500;

/// What `keydesk runs` can be told.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// What came of each target
    Show {
        /// The beginning of its id, or “last”
        run: String,
        /// Only these
        #[arg(long)]
        state: Option<State>,
        /// Only what holds this text
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
    },
    /// Goes on with one that is paused or was interrupted; what is unknown is not sent again
    Resume {
        /// The beginning of its id, or “last”
        run: String,
    },
    /// Sends to those again that failed, in another run
    Retry {
        /// The beginning of its id, or “last”
        run: String,
        /// Those that wait in place of those that failed
        #[arg(long)]
        waiting: bool,
        /// Those whose outcome is unknown in place of those that failed: it may be done twice
        #[arg(long)]
        unknown: bool,
    },
    /// Ends one that is paused or was interrupted
    Stop {
        /// The beginning of its id, or “last”
        run: String,
    },
    /// Prints all results
    Export {
        /// The beginning of its id, or “last”
        run: String,
        /// In which form: csv where nothing is said, json with --json
        #[arg(long)]
        format: Option<Format>,
    },
    /// Deletes one
    Remove {
        /// The beginning of its id, or “last”
        run: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum State {
    Waiting,
    Accepted,
    Failed,
    Unknown,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Csv,
    Json,
}

pub async fn run(context: &Context, arguments: Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    match arguments.what {
        None => list(context, &keydesk).await?,
        Some(What::Show { run, state, search }) => {
            let query = RunQuery { state: state.map(of_state), search, ..RunQuery::default() };
            show(context, &keydesk, &find(&keydesk, &run).await?, query).await?;
        }
        Some(What::Resume { run }) => {
            let run = find(&keydesk, &run).await?;
            context.unlock().await?;
            let started = keydesk.resume_run(&run.id).await?;
            return follow(context, &keydesk, started, &ResultView::Json).await;
        }
        Some(What::Retry { run, waiting, unknown }) => {
            let run = find(&keydesk, &run).await?;
            context.unlock().await?;
            let which = [
                (TargetState::Failed, !waiting && !unknown),
                (TargetState::Waiting, waiting),
                (TargetState::Unknown, unknown),
            ];
            let which = which.into_iter().filter(|(_, wanted)| *wanted).map(|(state, _)| state).collect();
            let started = keydesk.retry_run(&run.id, which).await?;
            return follow(context, &keydesk, started, &ResultView::Json).await;
        }
        Some(What::Stop { run }) => {
            let stopped = keydesk.stop_run(&find(&keydesk, &run).await?.id).await?;
            context.output.result(&stopped, |_| String::new())?;
        }
        Some(What::Export { run, format }) => {
            let run = find(&keydesk, &run).await?;
            let usual = if context.output.is_json() { Format::Json } else { Format::Csv };
            let format = match format.unwrap_or(usual) {
                Format::Csv => RunFormat::Csv,
                Format::Json => RunFormat::Json,
            };
            keydesk.write_run(&run.id, format, &mut std::io::stdout()).await?;
        }
        Some(What::Remove { run }) => {
            keydesk.remove_run(&find(&keydesk, &run).await?.id).await?;
            context.output.result(&json!({}), |_| String::new())?;
        }
    }
    Ok(Exit::Ok)
}

async fn list(context: &Context, keydesk: &Keydesk) -> Result<(), Failure> {
    let runs = keydesk.list_runs(None).await?;
    let connections = keydesk.list_connections();
    let label = |id: &str| connections.iter().find(|it| it.id == id).map(|it| it.label.clone()).unwrap_or_default();
    let row = |run: &RunView| {
        let began = run.began_at.get(..19).unwrap_or(&run.began_at).replace('T', " ");
        vec![
            short(&run.id).to_owned(),
            began,
            word(run.state).to_owned(),
            counts(run),
            run.action_label.clone(),
            label(&run.connection),
        ]
    };
    context.output.result(&runs, |runs| table(&runs.iter().map(row).collect::<Vec<_>>()))
}

async fn show(context: &Context, keydesk: &Keydesk, run: &RunView, query: RunQuery) -> Result<(), Failure> {
    let mut rows = Vec::new();
    loop {
        let offset = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let page = keydesk.read_run(&run.id, RunQuery { offset, limit: PAGE, ..query.clone() }).await?;
        let last = page.rows.len() < PAGE as usize;
        rows.extend(page.rows);
        if last {
            break;
        }
    }
    context.output.result(&json!({ "run": run, "results": rows }), |_| {
        let lines = rows.iter().map(|row| match &row.error {
            Some(error) => format!("{}  {}", line(row), error.message),
            None => line(row),
        });
        let until = run.waits_until.as_ref().map(|at| format!(" until {at}")).unwrap_or_default();
        let head = format!("{}: {}{until}, {}", run.action_label, word(run.state), counts(run));
        std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
    })
}

/// The run whose id begins so, or the last one.
async fn find(keydesk: &Keydesk, text: &str) -> Result<RunView, Failure> {
    let mut all = keydesk.list_runs(None).await?;
    if text == "last" && !all.is_empty() {
        return Ok(all.remove(0));
    }
    all.retain(|run| !text.is_empty() && run.id.starts_with(text));
    match all.len() {
        1 => Ok(all.remove(0)),
        0 => Err(Failure::usage("run", format!("There is no run “{text}”: keydesk runs lists them."))),
        _ => Err(Failure::usage("run", format!("Several runs begin with “{text}”."))),
    }
}

fn of_state(state: State) -> TargetState {
    match state {
        State::Waiting => TargetState::Waiting,
        State::Accepted => TargetState::Accepted,
        State::Failed => TargetState::Failed,
        State::Unknown => TargetState::Unknown,
    }
}

fn word(state: RunState) -> &'static str {
    match state {
        RunState::Running => "running",
        RunState::Paused => "paused",
        RunState::Stopped => "stopped",
        RunState::Done => "done",
        RunState::Interrupted => "interrupted",
    }
}

/// How many targets stand how.
fn counts(run: &RunView) -> String {
    let counts = &run.counts;
    let mut text = format!("{} of {} accepted", counts.accepted, counts.total);
    for (count, what) in [
        (counts.failed, "failed"),
        (counts.unknown, "unknown"),
        (counts.sending, "being sent"),
        (counts.waiting, "not sent"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    text
}
