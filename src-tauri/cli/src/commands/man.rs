//! `keydesk man`: manual pages, for `man -l -`.

use clap::{Args, Command, CommandFactory};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::find;

/// What `keydesk man` can be told.
#[derive(Args)]
pub struct Arguments {
    /// A command
    command: Option<String>,
}

pub fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let mut whole = crate::arguments::Arguments::command();
    // Fills in what commands have of each other: the global options, the usage.
    whole.build();
    let page = match &arguments.command {
        None => whole,
        Some(name) => {
            let all: Vec<Command> = whole.get_subcommands().cloned().collect();
            find::one("command", name, &all, Command::get_name)?.clone()
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    context.output.print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Ok)
}
