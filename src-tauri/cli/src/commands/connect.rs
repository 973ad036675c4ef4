//! `keydesk connect`: a new connection. Nothing is sent.

use std::path::PathBuf;

use clap::Args;
use keydesk_core::AddConnection;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::pairs::{by_key, without_secrets};
use crate::{find, pairs};

/// What `keydesk connect` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The provider's id, as `keydesk providers` lists it
    provider: String,
    /// What to call it; else it is called as its provider
    #[arg(long)]
    name: Option<String>,
    /// A parameter, or an address that is other than usual
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// A file with a certificate authority in PEM, trusted for this connection alone
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Go to the sandbox at this address, as `keydesk sandbox` prints it
    #[arg(long, value_name = "URL")]
    sandbox_at: Option<String>,
}

pub fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let provider = find::provider(&keydesk, &arguments.provider)?;
    let set = without_secrets(pairs::read(&arguments.set)?, &provider.parameters)?;
    let name = arguments.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    // The core lets two have one name. Here the name is how a connection is told apart.
    if let Some(taken) = name.filter(|name| keydesk.list_connections().iter().any(|other| other.label == *name)) {
        return Err(Failure::usage("name", format!("There is a connection “{taken}” already.")));
    }
    let ca = arguments.ca.as_ref().map(|file| {
        std::fs::read_to_string(file).map_err(|error| Failure::usage("ca", format!("{}: {error}", file.display())))
    });
    let mut parameters = match &arguments.sandbox_at {
        Some(url) => offered(url, &provider.id)?,
        None => Vec::new(),
    };
    parameters.extend(set);
    let added = keydesk.add_connection(AddConnection {
        provider: provider.id,
        label: name.map(str::to_owned),
        parameters: by_key(parameters),
        ca: ca.transpose()?,
        sandbox: arguments.sandbox_at.is_some(),
    })?;
    context.output.result(&added, |added| format!("Connected “{}” ({}).", added.label, added.id))?;
    Ok(Exit::Ok)
}

/// The parameters with which the sandbox at this address is reached.
fn offered(url: &str, provider: &str) -> Result<Vec<pairs::Pair>, Failure> {
    let offers = keydesk_sandbox::offers(url.trim_end_matches('/'));
    let offer = offers.into_iter().find(|offer| offer.provider == provider);
    let offer = offer.ok_or_else(|| Failure::usage("sandbox_at", "The sandbox does not play this provider."))?;
    Ok(offer.parameters.into_iter().collect())
}
