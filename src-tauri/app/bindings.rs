//! The list of commands and events, and the TypeScript that is made of it.

use std::path::Path;

use tauri::Runtime;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

use crate::commands::{
    actions, activity, answers, app, broker, connections, explorer, history, login, mqtt, providers, runs, tokens,
    transfers, triggers,
};
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
            app::use_keychain,
            app::use_file,
            app::change_passphrase,
            app::lock_file,
            app::set_file_aside,
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
            tokens::verify_token,
            tokens::compare_tokens,
            tokens::introspect_token,
            tokens::explain_refusal,
            actions::list_actions,
            actions::list_choices,
            actions::read_image,
            actions::preview_request,
            runs::start_run,
            runs::watch_run,
            runs::pause_run,
            runs::resume_run,
            runs::stop_run,
            runs::retry_run,
            runs::list_runs,
            runs::read_run,
            runs::read_run_row,
            runs::export_run,
            runs::remove_run,
            runs::preview_csv,
            transfers::choose_file,
            transfers::start_transfer,
            transfers::list_transfers,
            transfers::pause_transfer,
            transfers::resume_transfer,
            transfers::stop_transfer,
            transfers::remove_transfer,
            triggers::list_triggers,
            triggers::save_trigger,
            triggers::remove_trigger,
            triggers::start_trigger,
            explorer::read_catalogues,
            explorer::import_catalogue,
            explorer::remove_catalogue,
            explorer::fetch_document,
            explorer::list_drafts,
            explorer::save_draft,
            explorer::close_draft,
            explorer::list_saved_requests,
            explorer::save_request,
            explorer::remove_saved_request,
            explorer::list_variables,
            explorer::set_variables,
            explorer::preview_explorer_request,
            explorer::copy_as_curl,
            explorer::read_curl,
            explorer::send_request,
            explorer::read_sent,
            explorer::cancel_sent,
            explorer::load_all_pages,
            answers::open_answer,
            answers::read_json_rows,
            answers::toggle_json_row,
            answers::reveal_json,
            answers::read_table_rows,
            answers::read_text_rows,
            answers::read_hex_rows,
            answers::search_answer,
            answers::answer_match,
            answers::read_json_value,
            answers::read_answer_image,
            answers::save_answer,
            answers::read_answer_bytes,
            history::list_exchanges,
            history::read_exchange,
            history::compare_exchanges,
            history::exchange_request,
            history::clear_exchanges,
            history::export_har,
            activity::list_activity,
            activity::clear_activity,
            broker::read_broker,
            broker::set_broker,
            broker::add_program,
            broker::remove_program,
            broker::revoke_grant,
            broker::answer_ask,
            mqtt::mqtt_offer,
            mqtt::connect_mqtt,
            mqtt::disconnect_mqtt,
            mqtt::read_mqtt,
            mqtt::subscribe_mqtt,
            mqtt::unsubscribe_mqtt,
            mqtt::publish_mqtt,
            mqtt::read_messages,
            mqtt::clear_messages,
            app::read_settings,
            app::save_settings,
            app::start_sandbox,
        ])
        .events(collect_events![
            events::ConnectionChanged,
            events::TokenChanged,
            events::LoginChanged,
            events::ListChanged,
            events::RunChanged,
            events::TransferChanged,
            events::SentChanged,
            events::TriggersChanged,
            events::ActivityAdded,
            events::ProvidersChanged,
            events::StatusChanged,
            events::BrokerChanged,
            events::MessagesChanged,
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
