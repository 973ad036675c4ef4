//! What can be typed.

use clap::{Parser, Subcommand};

use crate::commands::{
    action, call, claims, completions, connect, disconnect, header, login, logout, man, providers, run, sandbox,
    status, token,
};
use crate::exit;

/// Logs in to HTTP APIs and keeps their tokens fresh.
#[derive(Parser)]
#[command(name = "keydesk", version, arg_required_else_help = true, after_help = exit::table())]
pub struct Arguments {
    /// Print JSON on standard output, errors too
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// A command.
#[derive(Subcommand)]
pub enum Command {
    /// Lists the providers; checks, adds and prints provider files
    Providers(providers::Arguments),
    /// Runs the providers on this machine, for trying and testing
    Sandbox(sandbox::Arguments),
    /// Adds a connection to a provider
    Connect(connect::Arguments),
    /// Logs a connection in
    Login(login::Arguments),
    /// Prints the access token, renewed if need be
    Token(token::Arguments),
    /// Runs a program with the access token in its environment, and nowhere else
    Run(run::Arguments),
    /// Prints the header that presents the access token
    Header(header::Arguments),
    /// Shows what a token says
    Claims(claims::Arguments),
    /// Sends any request of the API, with the token
    Call(call::Arguments),
    /// Carries out an action of the provider; without ACTION, lists them
    Action(action::Arguments),
    /// Shows the connections and how it stands with their tokens
    Status(status::Arguments),
    /// Deletes a connection's tokens
    Logout(logout::Arguments),
    /// Removes a connection, with all that is kept for it
    Disconnect(disconnect::Arguments),
    /// Prints a script that completes commands in a shell
    Completions(completions::Arguments),
    /// Prints the manual page, or that of a command
    Man(man::Arguments),
}
