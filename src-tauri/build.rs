//! Lists the window's commands, so that each needs a permission of its own (tauri.conf.json names them).

/// Every command of src-tauri/app/commands.
const COMMANDS: [&str; 38] = [
    "app_status",
    "use_memory_only",
    "retry_keychain",
    "list_providers",
    "list_set_aside",
    "read_provider",
    "check_provider",
    "save_provider",
    "remove_provider",
    "remove_set_aside",
    "export_provider",
    "list_connections",
    "add_connection",
    "edit_connection",
    "remove_connection",
    "start_login",
    "finish_login",
    "cancel_login",
    "list_logins",
    "log_in",
    "open_login_page",
    "renew_token",
    "log_out",
    "copy_token",
    "copy_text",
    "reveal_token",
    "read_token",
    "decode_token",
    "list_actions",
    "list_choices",
    "preview_request",
    "start_run",
    "stop_run",
    "list_activity",
    "clear_activity",
    "read_settings",
    "save_settings",
    "start_sandbox",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(&COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo::error={error:#}");
        std::process::exit(1);
    }
}
