//! Keydesk on the command line: a second face on the same core.

mod sandbox;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Logs in to HTTP APIs and keeps their tokens fresh.
#[derive(Parser)]
#[command(name = "keydesk", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the providers on this machine, for trying and testing.
    Sandbox(sandbox::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Sandbox(arguments) => sandbox::run(&arguments).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stderr, reason = "the command line's own words")]
fn complain(error: &std::io::Error) {
    eprintln!("keydesk: {error}");
}
