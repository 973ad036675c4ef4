//! `keydesk sandbox`: the providers on this machine.

use std::io;
use std::time::Duration;

use clap::Args;
use keydesk_core::{Error, ErrorCode};
use keydesk_sandbox::{Offer, Options, PASSWORD, Sandbox, USERNAME, offers};
use serde_json::json;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::interrupt::Stop;

/// What `keydesk sandbox` can be told.
#[derive(Args)]
pub struct Arguments {
    /// Port to listen at on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 8181)]
    port: u16,
    /// How many seconds an access token lives
    #[arg(long, value_name = "SECONDS", default_value_t = 7200)]
    access_token_lifetime: u64,
    /// How many milliseconds every answer is held back
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    latency: u64,
    /// Leave refresh tokens as they are where a server would give a new one each time
    #[arg(long)]
    no_rotation: bool,
    /// How many devices its hotel has
    #[arg(long, value_name = "NUMBER", default_value_t = 214, value_parser = clap::value_parser!(u64).range(34..=100_000))]
    devices: u64,
}

/// Runs a sandbox until Ctrl-C or SIGTERM.
pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let options = Options {
        port: arguments.port,
        access_token_lifetime: Duration::from_secs(arguments.access_token_lifetime),
        latency: Duration::from_millis(arguments.latency),
        rotate: !arguments.no_rotation,
        trigger_devices: arguments.devices,
        ..Options::default()
    };
    let mut stop = Stop::listen()?;
    let sandbox = Sandbox::start(options).await.map_err(|error| not_started(arguments.port, &error))?;
    let url = sandbox.url();
    let offers = offers(url);
    let view = json!({ "url": url, "username": USERNAME, "password": PASSWORD, "offers": offers });
    context.output.result(&view, |_| introduction(url, &offers))?;
    stop.asked().await;
    sandbox.stop().await;
    Ok(Exit::Ok)
}

fn not_started(port: u16, error: &io::Error) -> Error {
    let message = match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("port {port} is in use: give another with --port, or --port 0 for any free one")
        }
        _ => format!("the sandbox can't start: {error}"),
    };
    Error::new(ErrorCode::SandboxFailed, message)
}

fn introduction(url: &str, offers: &[Offer]) -> String {
    let mut text = format!("Keydesk sandbox at {url}\nDemo account: {USERNAME}, password {PASSWORD}\n");
    for offer in offers {
        text.push_str(&format!("\n{} (provider {})\n", offer.label, offer.provider));
        text.extend(offer.parameters.iter().map(|(name, value)| format!("  {name} = {value}\n")));
        for (login, fields) in &offer.logins {
            text.extend(fields.iter().map(|(name, value)| format!("  {login}.{name} = {value}\n")));
        }
    }
    text.push_str("\nCtrl-C stops it.");
    text
}
