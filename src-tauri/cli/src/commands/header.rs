//! `keydesk header`: the header that presents the access token, for `curl -H "$(…)"`.

use clap::Args;
use keydesk_core::CopyForm;
use serde_json::json;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::interrupt::finishing;

/// What `keydesk header` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id
    connection: String,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let connection = context.unlocked(&arguments.connection).await?;
    if let Some(name) = keydesk.read_token(&connection.id).await?.query_name {
        let message =
            format!("This token is no header but the parameter “{name}” of the address: take it with keydesk token.");
        return Err(Failure::usage("connection", message));
    }
    let header = finishing(keydesk.copy_token(&connection.id, CopyForm::Header)).await??;
    if context.output.is_json() {
        let (name, value) = header.expose().split_once(": ").unwrap_or_default();
        context.output.result(&json!({ "name": name, "value": value }), |_| String::new())?;
    } else {
        context.output.secret(&header)?;
    }
    Ok(Exit::Ok)
}
