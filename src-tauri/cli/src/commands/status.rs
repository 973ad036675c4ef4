//! `keydesk status`: the connections, and how it stands with their tokens. Renews nothing.

use clap::Args;
use keydesk_core::{ConnectionView, Error, Keydesk, Need, RenewalKind, TokenState};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::table::{pairs, table};
use crate::{find, times};

/// What `keydesk status` can be told.
#[derive(Args)]
pub struct Arguments {
    /// A connection's name or id: only this one, and exit status 3 where it needs you to log in or renew
    connection: Option<String>,
}

/// A connection, and why its token could not be read.
#[derive(Serialize)]
struct Standing {
    #[serde(flatten)]
    connection: ConnectionView,
    unreadable: Option<Error>,
}

#[derive(Serialize)]
struct All {
    connections: Vec<Standing>,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    if let Some(name) = &arguments.connection {
        let id = context.unlocked(name).await?.id;
        let standing = standing(&keydesk, &id).await?;
        context.output.result(&standing, in_full)?;
        let token = &standing.connection.token;
        return Ok(match (&standing.unreadable, token.state) {
            (Some(error), _) => complain(context, error),
            (None, TokenState::LoginNeeded | TokenState::None) => Exit::LoginNeeded,
            _ if token.need == Some(Need::Renew) => Exit::LoginNeeded,
            _ => Exit::Ok,
        });
    }
    let listed = keydesk.list_connections();
    if !listed.is_empty() {
        context.unlock().await?;
    }
    let mut connections = Vec::new();
    for connection in listed {
        connections.push(standing(&keydesk, &connection.id).await?);
    }
    let all = All { connections };
    context.output.result(&all, |all| table(&all.connections.iter().map(row).collect::<Vec<_>>()))?;
    if all.connections.is_empty() && !context.output.is_json() {
        context.output.note("There are no connections yet: keydesk connect PROVIDER adds one.");
    }
    let unreadable = all.connections.iter().find_map(|standing| standing.unreadable.as_ref());
    Ok(unreadable.map_or(Exit::Ok, |error| complain(context, error)))
}

async fn standing(keydesk: &Keydesk, id: &str) -> Result<Standing, crate::failure::Failure> {
    // Reads the token, so that the view knows of it.
    let unreadable = keydesk.read_token(id).await.err();
    Ok(Standing { connection: find::connection(keydesk, id)?, unreadable })
}

fn complain(context: &Context, error: &Error) -> Exit {
    if !context.output.is_json() {
        context.output.note(&format!("keydesk: {}", error.message));
    }
    Exit::of(error)
}

fn state(standing: &Standing) -> &'static str {
    if standing.unreadable.is_some() { "unknown" } else { times::state(&standing.connection.token) }
}

fn end(standing: &Standing) -> Option<String> {
    let left = times::seconds_left(&standing.connection.token)?;
    Some(format!("{} {}", if left < 0 { "ended" } else { "ends" }, times::from_now(left)))
}

fn row(standing: &Standing) -> Vec<String> {
    let ConnectionView { label, provider_name, identity, .. } = &standing.connection;
    let words = [Some(state(standing).to_owned()), end(standing)];
    let words = words.into_iter().flatten().collect::<Vec<_>>().join(", ");
    vec![label.clone(), provider_name.clone(), words, identity.clone().unwrap_or_default()]
}

fn in_full(standing: &Standing) -> String {
    let connection = &standing.connection;
    let token = &connection.token;
    let renewal = match token.renewal {
        _ if !token.has_access_token => String::new(),
        RenewalKind::None => "no".to_owned(),
        _ if token.need == Some(Need::Renew) => "by you: keydesk token NAME --renew".to_owned(),
        _ => "by itself".to_owned(),
    };
    pairs(&[
        ("Name", connection.label.clone()),
        ("Id", connection.id.clone()),
        ("Provider", connection.provider_name.clone()),
        ("Detail", connection.detail.clone()),
        ("Method", connection.login.clone().unwrap_or_default()),
        ("Logged in as", connection.identity.clone().unwrap_or_default()),
        ("State", state(standing).to_owned()),
        ("Token", end(standing).unwrap_or_default()),
        ("Renewed", renewal),
        ("Scope", token.scope.clone().unwrap_or_default()),
        ("Last error", token.last_error.as_ref().map(|error| error.message.clone()).unwrap_or_default()),
    ])
}
