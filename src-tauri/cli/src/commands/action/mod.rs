//! `keydesk action`: a provider's forms, filled from the command line.

mod values;
mod view;

use std::sync::{Mutex, PoisonError};

use clap::Args;
use keydesk_core::{
    ActionRequest, ActionView, Choice, ConnectionView, Error, FieldView, Keydesk, RunEvent, RunView, TargetResult,
};

use super::providers;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::interrupt::{Ended, finishing, watched};
use crate::table::table;
use crate::{find, pairs, secrets};

/// What `keydesk action` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id
    connection: String,
    /// The action; without it, they are listed
    action: Option<String>,
    /// A field. One of several choices each time; KEY.NAME=TEXT or KEY.NAME:=JSON for a field of arguments
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// A secret field: a line of standard input, in the order of these options; asked for at a terminal
    #[arg(long, value_name = "KEY")]
    secret_stdin: Vec<String>,
    /// Instead, print what can be chosen for this field
    #[arg(long, value_name = "KEY", requires = "action", conflicts_with_all = ["set", "secret_stdin"])]
    choices: Option<String>,
}

pub async fn run(context: &Context, arguments: Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let connection = find::connection(&keydesk, &arguments.connection)?;
    let actions = keydesk.list_actions(&connection.id)?;
    let Some(id) = &arguments.action else {
        context.output.result(&actions, |actions| listed(actions))?;
        return Ok(Exit::Ok);
    };
    let action = find::one("action", id, &actions, |action| &action.id)?;
    if let Some(key) = &arguments.choices {
        let field = find::one("field", key, &action.fields, |field| &field.id)?;
        return choices(context, &keydesk, &connection, field).await;
    }
    let given = pairs::without_secrets(pairs::read(&arguments.set)?, &action.fields)?;
    let secret = secrets::read(&secrets::named(&arguments.secret_stdin, &action.fields)?)?;
    let values = values::of(&action.fields, given, secret)?;
    let request = ActionRequest { connection: connection.id.clone(), action: action.id.clone(), values };
    let (run, stopped) = match started(&keydesk, &request).await? {
        Ended::Done(run) => (run?, false),
        Ended::Stopped(run) => (run.ok_or_else(Failure::interrupted)??, true),
    };
    context.output.result(&run, |run| view::of(run, &action.view))?;
    if !context.output.is_json() {
        complain(context, &run);
    }
    let failed = run.results.iter().find_map(|result| result.error.as_ref());
    Ok(match failed {
        _ if stopped => Exit::Interrupted,
        Some(error) => Exit::of_answer(error),
        None => Exit::Ok,
    })
}

/// Ctrl-C begins no further request: what was sent is finished and told.
async fn started(keydesk: &Keydesk, request: &ActionRequest) -> Result<Ended<Result<RunView, Error>>, Failure> {
    let id = Mutex::new(None);
    let progress = |event| {
        if let RunEvent::Started { run, .. } = event {
            *id.lock().unwrap_or_else(PoisonError::into_inner) = Some(run);
        }
    };
    let stop = || {
        if let Some(run) = id.lock().unwrap_or_else(PoisonError::into_inner).as_deref() {
            keydesk.stop_run(run);
        }
    };
    watched(keydesk.start_run(request, progress), stop).await
}

async fn choices(context: &Context, keydesk: &Keydesk, connection: &ConnectionView, field: &FieldView) -> Outcome {
    let choices = match &field.list {
        Some(list) => finishing(keydesk.list_choices(&connection.id, list)).await??,
        None => field.choices.clone(),
    };
    let row = |it: &Choice| vec![it.value.clone(), it.label.clone(), it.detail.clone().unwrap_or_default()];
    context.output.result(&choices, |choices| table(&choices.iter().map(row).collect::<Vec<_>>()))?;
    Ok(Exit::Ok)
}

fn listed(actions: &[ActionView]) -> String {
    let one = |action: &ActionView| {
        let fields = match action.fields.is_empty() {
            true => String::new(),
            false => format!("\n{}", providers::fields(&action.fields)),
        };
        format!("{}  {}{fields}", action.id, action.summary)
    };
    actions.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn complain(context: &Context, run: &RunView) {
    let failed = run.results.iter().filter_map(|result| Some((result, result.error.as_ref()?)));
    for (TargetResult { label, target, .. }, error) in failed {
        let whose = label.as_ref().or(target.as_ref()).map(|name| format!("{name}: ")).unwrap_or_default();
        context.output.note(&format!("keydesk: {whose}{}", error.message));
    }
    if run.stopped {
        context.output.note(&format!("keydesk: Stopped after {} of {}.", run.results.len(), run.total));
    }
}
