use std::io::{self, Write};
use std::time::Duration;

use clap::Args;
use keydesk_sandbox::{Options, PASSWORD, Sandbox, USERNAME, offers};

/// What `keydesk sandbox` can be told.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Port to listen at on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 8181)]
    port: u16,
    /// How many seconds an access token lives
    #[arg(long, value_name = "SECONDS", default_value_t = 7200)]
    access_token_lifetime: u64,
}

/// Runs a sandbox until Ctrl-C or SIGTERM.
pub(crate) async fn run(arguments: &Arguments) -> io::Result<()> {
    let options = Options {
        port: arguments.port,
        access_token_lifetime: Duration::from_secs(arguments.access_token_lifetime),
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.map_err(|error| name_port(arguments.port, &error))?;
    introduce(&mut io::stdout().lock(), sandbox.url())?;
    let ended = ended().await;
    sandbox.stop().await;
    ended
}

fn name_port(port: u16, error: &io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::AddrInUse {
        let advice = "is in use: give another with --port, or --port 0 for any free one";
        return io::Error::new(error.kind(), format!("port {port} {advice}"));
    }
    io::Error::new(error.kind(), format!("the sandbox can't start: {error}"))
}

fn introduce(out: &mut impl Write, url: &str) -> io::Result<()> {
    writeln!(out, "Keydesk sandbox at {url}")?;
    writeln!(out, "Demo account: {USERNAME}, password {PASSWORD}")?;
    for offer in offers(url) {
        writeln!(out, "\n{} (provider {})", offer.label, offer.provider)?;
        for (name, value) in &offer.parameters {
            writeln!(out, "  {name} = {value}")?;
        }
    }
    writeln!(out, "\nCtrl-C stops it.")?;
    out.flush()
}

#[cfg(unix)]
async fn ended() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn ended() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
