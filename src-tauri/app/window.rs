//! The one window: it shows our own pages and nothing else.

use tauri::{AppHandle, Manager, Runtime, Url, WebviewWindowBuilder};

const LABEL: &str = "main";

/// Opens it as tauri.conf.json describes it. It never leaves our own pages and opens no other window.
pub fn open<R: Runtime>(app: &tauri::App<R>) -> tauri::Result<()> {
    let configured = app.config().app.windows.iter().find(|window| window.label == LABEL);
    if let Some(config) = configured {
        let window = WebviewWindowBuilder::from_config(app, config)?
            .on_navigation(is_ours)
            .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
            .build()?;
        paint_plainly(&window)?;
    }
    Ok(())
}

/// Forms and tables need no graphics card. Without one's buffers the window takes a third less memory and paints sooner
/// (`./dev bench startup-time startup-memory`).
#[cfg(target_os = "linux")]
fn paint_plainly<R: Runtime>(window: &tauri::WebviewWindow<R>) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    window.with_webview(|webview| {
        if let Some(settings) = WebViewExt::settings(&webview.inner()) {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

#[cfg(not(target_os = "linux"))]
fn paint_plainly<R: Runtime>(_: &tauri::WebviewWindow<R>) -> tauri::Result<()> {
    Ok(())
}

/// Our pages. The frame of the isolation pattern is let through by Tauri itself, before anybody is asked.
fn is_ours(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "tauri" => host == "localhost",
        // How the same pages are named on Windows.
        "http" if cfg!(windows) => host == "tauri.localhost",
        _ => false,
    }
}

/// Brings it to the front.
pub fn show<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // Nothing depends on it: some window managers refuse.
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}
