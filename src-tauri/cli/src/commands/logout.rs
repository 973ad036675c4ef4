//! `keydesk logout`: ends a connection's tokens at the server, and deletes them here. The connection stays.

use clap::Args;
use keydesk_core::{Revocations, Revoked};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;

/// What `keydesk logout` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id
    connection: String,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let connection = context.unlocked(&arguments.connection).await?;
    let view = keydesk.log_out(&connection.id).await?;
    context.output.result(&view, |view| said(&view.connection.label, &view.at_server))?;
    let Some(error) = &view.not_deleted else { return Ok(Exit::Ok) };
    if !context.output.is_json() {
        context.output.note(&format!("keydesk: {} What it has is deleted when Keydesk can open it.", error.message));
    }
    Ok(Exit::of(error))
}

/// What is over here, and what is over at the server.
fn said(label: &str, at_server: &Revocations) -> String {
    let mut lines = vec![format!("“{label}” is logged out.")];
    lines.extend(at_server.revoked.iter().map(|what| format!("The server ended the {}.", name(*what))));
    let alive = at_server.not_revoked.iter();
    lines.extend(alive.map(|not| format!("The {} is still alive there: {}", name(not.what), not.error.message)));
    if at_server.revoked.is_empty() && at_server.not_revoked.is_empty() {
        lines.push("The server was not told: it offers no way, or there was nothing to end.".to_owned());
    }
    lines.join("\n")
}

fn name(what: Revoked) -> &'static str {
    match what {
        Revoked::AccessToken => "access token",
        Revoked::RefreshToken => "refresh token",
        Revoked::Session => "session",
    }
}
