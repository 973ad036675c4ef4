//! `keydesk logout`: deletes a connection's tokens here. The connection stays.

use clap::Args;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::find;

/// What `keydesk logout` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id
    connection: String,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let connection = find::connection(&keydesk, &arguments.connection)?;
    let view = keydesk.log_out(&connection.id).await?;
    context.output.result(&view, |view| format!("“{}” is logged out.", view.label))?;
    Ok(Exit::Ok)
}
