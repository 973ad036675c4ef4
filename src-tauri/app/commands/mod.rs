//! The window's commands: each parses, delegates and converts.

pub mod actions;
pub mod activity;
pub mod answers;
pub mod app;
pub mod broker;
pub mod checks;
pub mod connections;
pub mod explorer;
pub mod history;
pub mod login;
pub mod mqtt;
pub mod providers;
pub mod runs;
pub mod tokens;
pub mod transfers;
pub mod triggers;

use tauri::State;

/// What a command works on.
pub type Here<'a> = State<'a, crate::App>;
/// What a command answers.
pub type Answer<T> = Result<T, keydesk_core::Error>;
