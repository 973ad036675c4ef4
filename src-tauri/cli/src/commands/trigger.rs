//! `keydesk trigger`: forms that were saved.

use clap::Args;
use keydesk_core::{Keydesk, ResultView, RunOptions, TriggerView};

use super::action::Pace;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::follow::follow;
use crate::table::table;
use crate::{confirm, find};

/// What `keydesk trigger` can be told.
#[derive(Args)]
pub struct Arguments {
    /// Its name; without it, they are listed
    name: Option<String>,
    #[command(flatten)]
    pace: Pace,
    /// Remove it instead
    #[arg(long, requires = "name")]
    remove: bool,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let triggers = keydesk.list_triggers();
    let Some(name) = &arguments.name else {
        context.output.result(&triggers, |triggers| listed(&keydesk, triggers))?;
        return Ok(Exit::Ok);
    };
    let same = triggers.iter().find(|trigger| trigger.name.to_lowercase() == name.to_lowercase());
    let trigger = match same {
        Some(trigger) => trigger,
        None => find::one("trigger", name, &triggers, |trigger| &trigger.name)?,
    };
    if arguments.remove {
        keydesk.remove_trigger(&trigger.id)?;
        context.output.result(&serde_json::json!({}), |_| String::new())?;
        return Ok(Exit::Ok);
    }
    context.unlock().await?;
    let actions = keydesk.list_actions(&trigger.connection)?;
    let view = actions.into_iter().find(|action| action.id == trigger.action).map_or(ResultView::Json, |it| it.view);
    let start = async |options: &RunOptions| keydesk.start_trigger(&trigger.id, options).await;
    let started = confirm::started(context, start, arguments.pace.options()).await?;
    follow(context, &keydesk, started, &view).await
}

fn listed(keydesk: &Keydesk, triggers: &[TriggerView]) -> String {
    let connections = keydesk.list_connections();
    let label = |id: &str| connections.iter().find(|it| it.id == id).map(|it| it.label.clone()).unwrap_or_default();
    let row = |trigger: &TriggerView| vec![trigger.name.clone(), label(&trigger.connection), trigger.action.clone()];
    table(&triggers.iter().map(row).collect::<Vec<_>>())
}
