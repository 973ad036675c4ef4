//! One file for each command.

pub mod action;
pub mod broker;
pub mod call;
pub mod claims;
pub mod completions;
pub mod connect;
pub mod disconnect;
pub mod header;
pub mod login;
pub mod logout;
pub mod man;
pub mod mqtt;
pub mod providers;
pub mod run;
pub mod runs;
pub mod sandbox;
pub mod status;
pub mod store;
pub mod token;
pub mod trigger;

use crate::arguments::Command;
use crate::context::Context;
use crate::failure::Outcome;

/// Runs a command.
///
/// # Errors
/// What went wrong.
pub async fn run(context: &Context, command: Command) -> Outcome {
    match command {
        Command::Providers(arguments) => providers::run(context, arguments),
        Command::Sandbox(arguments) => sandbox::run(context, &arguments).await,
        Command::Connect(arguments) => connect::run(context, &arguments),
        Command::Login(arguments) => login::run(context, &arguments).await,
        Command::Token(arguments) => token::run(context, &arguments).await,
        Command::Run(arguments) => run::run(context, &arguments).await,
        Command::Broker(arguments) => broker::run(context, arguments).await,
        Command::Header(arguments) => header::run(context, &arguments).await,
        Command::Claims(arguments) => claims::run(context, &arguments).await,
        Command::Call(arguments) => call::run(context, arguments).await,
        Command::Action(arguments) => action::run(context, arguments).await,
        Command::Mqtt(arguments) => mqtt::run(context, arguments).await,
        Command::Runs(arguments) => runs::run(context, arguments).await,
        Command::Trigger(arguments) => trigger::run(context, &arguments).await,
        Command::Status(arguments) => status::run(context, &arguments).await,
        Command::Store(arguments) => store::run(context, &arguments).await,
        Command::Logout(arguments) => logout::run(context, &arguments).await,
        Command::Disconnect(arguments) => disconnect::run(context, &arguments).await,
        Command::Completions(arguments) => completions::run(context, &arguments),
        Command::Man(arguments) => man::run(context, &arguments),
    }
}
