//! `keydesk action`: a provider's forms, filled from the command line.

mod targets;
mod transfer;
mod values;

use std::path::PathBuf;

use clap::Args;
use keydesk_core::{
    ActionRequest, ActionView, Choice, ConnectionView, FieldValue, FieldView, Keydesk, RunOptions, SaveTrigger,
};

use super::providers;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::follow::follow;
use crate::interrupt::finishing;
use crate::table::table;
use crate::{confirm, find, pairs, secrets};

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
    /// Send it to these: a,b or the lines of @FILE, or of - for standard input
    #[arg(long, value_name = "A,B|@FILE|-", conflicts_with = "csv")]
    targets: Option<String>,
    /// Send it once for each row of a CSV, whose first line names what its columns fill; - for standard input
    #[arg(long, value_name = "FILE|-")]
    csv: Option<String>,
    /// Where a file that is fetched goes: to this file, which there must not be yet, or into this folder
    #[arg(long, value_name = "FILE|FOLDER")]
    out: Option<PathBuf>,
    #[command(flatten)]
    pace: Pace,
    /// Save the filled form under this name instead of sending it: keydesk trigger NAME
    #[arg(long, value_name = "NAME")]
    save_as: Option<String>,
}

/// How fast a run goes, and whether it asks.
#[derive(Args, Clone, Default)]
pub struct Pace {
    /// How many requests are under way at once (8; at most 64)
    #[arg(long, value_name = "NUMBER")]
    at_once: Option<u32>,
    /// How many requests begin in a second
    #[arg(long, value_name = "NUMBER")]
    per_second: Option<u32>,
    /// Do not ask before it goes to many
    #[arg(long)]
    yes: bool,
}

impl Pace {
    pub fn options(&self) -> RunOptions {
        RunOptions { at_once: self.at_once, per_second: self.per_second, confirmed: self.yes }
    }
}

pub async fn run(context: &Context, arguments: Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let connection = context.unlocked(&arguments.connection).await?;
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
    let mut values = values::of(&action.fields, given, secret)?;
    if let Some(targets) = &arguments.targets {
        let (field, listed) = targets::listed(action, targets)?;
        match values.get_mut(&field) {
            Some(FieldValue::Several(several)) => several.extend(listed),
            _ => drop(values.insert(field, FieldValue::Several(listed))),
        }
    }
    let rows = arguments.csv.as_deref().map(|file| targets::rows(context, &keydesk, &connection, action, file));
    let rows = rows.transpose()?;
    let request = ActionRequest { connection: connection.id.clone(), action: action.id.clone(), values, rows };
    if let Some(name) = arguments.save_as {
        return save(context, &keydesk, request, name);
    }
    if action.transfer.is_some() || arguments.out.is_some() {
        let to = transfer::place(action, arguments.out)?;
        return transfer::carry_out(context, &keydesk, action, request, to).await;
    }
    let start = async |options: &RunOptions| keydesk.start_run(request.clone(), options).await;
    let started = confirm::started(context, start, arguments.pace.options()).await?;
    follow(context, &keydesk, started, &action.view).await
}

fn save(context: &Context, keydesk: &Keydesk, request: ActionRequest, name: String) -> Outcome {
    let ActionRequest { connection, action, values, rows } = request;
    // In the place of the one that is called so.
    let known = keydesk.list_triggers().into_iter().find(|known| known.name == name);
    let (shortcut, in_tray) = known.as_ref().map_or((None, false), |it| (it.shortcut.clone(), it.in_tray));
    let save = SaveTrigger { id: known.map(|it| it.id), name, connection, action, values, rows, shortcut, in_tray };
    let saved = keydesk.save_trigger(save)?;
    context.output.result(&saved, |saved| format!("Saved: keydesk trigger “{}”", saved.name))?;
    Ok(Exit::Ok)
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
