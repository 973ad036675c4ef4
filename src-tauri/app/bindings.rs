//! The list of commands and events, and the TypeScript that is made of it.

use std::path::Path;

use tauri::Runtime;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

use crate::commands::{actions, activity, app, connections, login, providers, tokens};
use crate::events;

/// All commands and events.
pub fn bindings<R: Runtime>() -> Builder<R> {
    Builder::<R>::new()
        // One TypeScript type for each of ours, not one for each direction.
        .disable_serde_phases()
        .error_handling(ErrorHandlingMode::Result)
        .commands(collect_commands![
            app::app_status,
            app::use_memory_only,
            app::retry_keychain,
            providers::list_providers,
            providers::list_set_aside,
            providers::read_provider,
            providers::check_provider,
            providers::save_provider,
            providers::remove_provider,
            providers::remove_set_aside,
            providers::export_provider,
            connections::list_connections,
            connections::add_connection,
            connections::edit_connection,
            connections::remove_connection,
            login::start_login,
            login::finish_login,
            login::cancel_login,
            login::list_logins,
            login::log_in,
            login::open_login_page,
            tokens::renew_token,
            tokens::log_out,
            tokens::copy_token,
            app::copy_text,
            tokens::reveal_token,
            tokens::read_token,
            tokens::decode_token,
            actions::list_actions,
            actions::list_choices,
            actions::preview_request,
            actions::start_run,
            actions::stop_run,
            activity::list_activity,
            activity::clear_activity,
            app::read_settings,
            app::save_settings,
            app::start_sandbox,
        ])
        .events(collect_events![
            events::ConnectionChanged,
            events::TokenChanged,
            events::LoginChanged,
            events::ListChanged,
            events::ActivityAdded,
            events::ProvidersChanged,
            events::StatusChanged,
        ])
}

/// Writes the TypeScript.
///
/// # Errors
/// When a type cannot be written in TypeScript, or the file not at all.
pub fn export(file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let language = specta_typescript::Typescript::default()
        .header("// Made from the Rust commands by `./dev bindings`. Do not edit.\n");
    bindings::<tauri::Wry>().export(language, file)?;
    Ok(())
}
