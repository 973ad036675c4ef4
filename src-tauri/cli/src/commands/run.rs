//! `keydesk run`: another program with the token in its environment, and nowhere else: not in an argument, which everybody on
//! the machine can read, not in a file, not in this shell.

use std::ffi::OsString;
use std::process::Command;

use clap::Args;
use keydesk_core::{CopyForm, Secret};

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::interrupt::finishing;

/// What `keydesk run` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id
    connection: String,
    /// The variable that the program finds the token in
    #[arg(long, value_name = "VARIABLE", default_value = "KEYDESK_TOKEN")]
    env: String,
    /// The program and its arguments, after --
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let name = &arguments.env;
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(Failure::usage("env", format!("“{name}” is no name of a variable.")));
    }
    let keydesk = context.keydesk()?;
    let connection = context.unlocked(&arguments.connection).await?;
    let token = finishing(async { Ok::<_, Failure>(keydesk.copy_token(&connection.id, CopyForm::Token).await?) });
    let token = token.await??;
    // What is still to be written is written: this process ends here.
    context.close().await;
    become_it(command(arguments, &token)?)
}

fn command(arguments: &Arguments, token: &Secret) -> Result<Command, Failure> {
    let (program, rest) =
        arguments.command.split_first().ok_or_else(|| Failure::usage("command", "Name a program after --."))?;
    let mut command = Command::new(program);
    command.args(rest).env(&arguments.env, token.expose());
    Ok(command)
}

/// The program takes the place of this process: its signals and its exit status are its own.
#[cfg(unix)]
fn become_it(mut command: Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    // Comes back with an error only.
    Err(not_started(&command.exec()))
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> Outcome {
    let status = command.status().map_err(|error| not_started(&error))?;
    std::process::exit(status.code().unwrap_or(1));
}

fn not_started(error: &std::io::Error) -> Failure {
    Failure::usage("command", format!("The program was not started: {error}."))
}
