//! `keydesk completions`: a script for a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;

/// What `keydesk completions` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

pub fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut crate::arguments::Arguments::command(), "keydesk", &mut script);
    context.output.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}
