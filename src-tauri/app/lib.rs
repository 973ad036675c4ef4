//! The window's shell: it knows Tauri and no HTTP. Commands parse, delegate to the core and convert.

mod bindings;
mod chooser;
mod clipboard;
mod commands;
mod events;
mod logging;
mod notices;
mod quit;
mod redirect;
mod sandbox;
#[cfg(target_os = "linux")]
mod tray;
mod window;

use std::process::ExitCode;
use std::sync::Arc;

use keydesk_core::{Doors, Error, Keydesk};
use tauri::Manager;

pub use bindings::{bindings, export};
pub use chooser::Chooser;
pub use clipboard::Clipboard;
pub use sandbox::BuiltInSandbox;

/// What the commands work on.
pub struct App {
    /// The core.
    pub keydesk: Arc<Keydesk>,
    /// The sandbox, while it runs.
    pub sandbox: BuiltInSandbox,
    /// The clipboard.
    pub clipboard: Clipboard,
    /// The dialog in which a file is chosen.
    pub chooser: Chooser,
}

/// Opens the core with the doors of this system.
///
/// # Errors
/// When the files cannot be opened.
pub fn open() -> Result<Arc<Keydesk>, Error> {
    Keydesk::open(Doors::of_this_person()?)
}

/// Runs the app until its window is closed.
pub fn run() -> ExitCode {
    keydesk_core::tell_faults_by_place();
    logging::start();
    let bindings = bindings::<tauri::Wry>();
    let built = tauri::Builder::default()
        // First of all plugins: a second start hands its link over to this one and ends.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| window::show(app)))
        .plugin(tauri_plugin_deep_link::init())
        // Asked by Rust only: the window has no permission of it.
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(bindings.invoke_handler())
        .setup(move |app| {
            bindings.mount_events(app);
            // First of all: its processes start while the files are opened. It asks nothing before this function is over.
            window::open(app)?;
            let keydesk = open()?;
            app.manage(App {
                keydesk: keydesk.clone(),
                sandbox: BuiltInSandbox::default(),
                clipboard: Clipboard::default(),
                chooser: Chooser::of(app.handle()),
            });
            events::forward(app.handle(), &keydesk);
            quit::at_signals(app.handle());
            let started_with = redirect::listen(app, &keydesk);
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                sandbox::start_if_used(&handle.state::<App>()).await;
                keydesk.wake().await;
                notices::watch(&handle, &keydesk);
                #[cfg(target_os = "linux")]
                tray::show(&handle, &keydesk);
                redirect::receive(&keydesk, &started_with);
            });
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| quit::hear(app, &event));
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "Keydesk cannot start");
            ExitCode::FAILURE
        }
    }
}
