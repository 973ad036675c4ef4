//! `keydesk disconnect`: removes a connection with all that is kept for it. Logs out nowhere.

use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;

/// What `keydesk disconnect` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id
    connection: String,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let connection = context.unlocked(&arguments.connection).await?;
    keydesk.remove_connection(&connection.id).await?;
    let view = json!({ "removed": connection.id, "label": connection.label });
    context.output.result(&view, |_| format!("“{}” is removed.", connection.label))?;
    Ok(Exit::Ok)
}
