//! What can be typed.

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::commands::{
    action, broker, call, claims, completions, connect, disconnect, header, login, logout, man, mqtt, providers, run,
    runs, sandbox, status, store, token, trigger,
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

/// The arguments of this process. After `call`, `--json BODY` is `--body BODY`: people write it so, and `--json` alone is the
/// form of the output everywhere.
pub fn given() -> Vec<OsString> {
    with_body(std::env::args_os().collect())
}

fn with_body(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let Some(call) = arguments.iter().position(|argument| argument == "call") else { return arguments };
    let body = (call + 1..arguments.len().saturating_sub(1))
        .find(|at| arguments[*at] == "--json" && arguments[at + 1].to_str().is_some_and(is_body));
    if let Some(at) = body {
        arguments[at] = "--body".into();
    }
    arguments
}

/// JSON, or where it is read from. A method, a path or a flag is neither.
fn is_body(text: &str) -> bool {
    text == "-" || text.starts_with('@') || text.starts_with(['{', '['])
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
    /// Serves access tokens to other programs until Ctrl-C; lists, adds and removes those
    Broker(broker::Arguments),
    /// Prints the header that presents the access token
    Header(header::Arguments),
    /// Shows what a token says, and whether its signature holds
    Claims(claims::Arguments),
    /// Sends any request of the API, with the token
    Call(call::Arguments),
    /// Carries out an action of the provider; without ACTION, lists them
    Action(action::Arguments),
    /// Prints live messages and publishes them; without more, lists what is offered
    Mqtt(mqtt::Arguments),
    /// Lists runs; shows one, goes on with it, tries it again, exports it
    Runs(runs::Arguments),
    /// Sends a form that was saved; without NAME, lists them
    Trigger(trigger::Arguments),
    /// Shows the connections and how it stands with their tokens
    Status(status::Arguments),
    /// Shows where secrets are kept, or keeps them elsewhere
    Store(store::Arguments),
    /// Deletes a connection's tokens
    Logout(logout::Arguments),
    /// Removes a connection, with all that is kept for it
    Disconnect(disconnect::Arguments),
    /// Prints a script that completes commands in a shell
    Completions(completions::Arguments),
    /// Prints the manual page, or that of a command
    Man(man::Arguments),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_with_a_body_after_call_is_the_body_and_alone_it_is_the_form_of_the_output() {
        let given = |text: &str| with_body(text.split(' ').map(OsString::from).collect());
        let joined = |text: &str| given(text).join(" ".as_ref()).into_string().unwrap_or_default();
        assert_eq!(joined("keydesk call n POST /x --json {}"), "keydesk call n POST /x --body {}");
        assert_eq!(joined("keydesk call --json @file n POST /x"), "keydesk call --body @file n POST /x");
        for same in [
            "keydesk call n GET /x --json",
            "keydesk --json call n GET /x",
            "keydesk call --json n GET /x",
            "keydesk status --json",
        ] {
            assert_eq!(joined(same), same);
        }
        let both = "keydesk call n POST /x --json --json []";
        assert_eq!(joined(both), "keydesk call n POST /x --json --body []");
    }
}
