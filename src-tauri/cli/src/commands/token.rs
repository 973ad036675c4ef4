//! `keydesk token`: the access token alone, for `$(…)`.

use clap::Args;
use keydesk_core::CopyForm;
use serde_json::json;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::interrupt::finishing;
use crate::{find, times};

/// What `keydesk token` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id
    connection: String,
    /// Renew a token that has less time left than this; fail where even a new one has
    #[arg(long, value_name = "SECONDS", default_value_t = 0, hide_default_value = true)]
    min_valid: u32,
    /// Renew it first, whatever time it has left
    #[arg(long)]
    renew: bool,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let connection = context.unlocked(&arguments.connection).await?;
    if arguments.renew {
        finishing(keydesk.renew_token(&connection.id)).await??;
    }
    let token = finishing(keydesk.copy_lasting(&connection.id, CopyForm::Token, arguments.min_valid)).await??;
    if context.output.is_json() {
        let state = find::connection(&keydesk, &connection.id)?.token;
        let left = times::seconds_left(&state);
        let view = json!({ "access_token": token.expose(), "expires_at": state.expires_at, "seconds_left": left });
        context.output.result(&view, |_| String::new())?;
    } else {
        context.output.secret(&token)?;
    }
    Ok(Exit::Ok)
}
