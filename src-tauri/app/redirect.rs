//! The redirect by private-use URI scheme: as the app is started with it, and while it runs.

use std::sync::Arc;

use keydesk_core::Keydesk;
use tauri::{App, Runtime, Url};
use tauri_plugin_deep_link::DeepLinkExt;

/// Hands every link to the core, which takes only what a waiting login expects. Returns those that the app was started
/// with: no login waits for them before the core is awake.
pub fn listen<R: Runtime>(app: &App<R>, keydesk: &Arc<Keydesk>) -> Vec<Url> {
    // A package registers the scheme when it is installed; a build from source does it here.
    #[cfg(all(debug_assertions, any(windows, target_os = "linux")))]
    if let Err(error) = app.deep_link().register_all() {
        tracing::warn!(%error, "the URI scheme was not registered");
    }
    let keydesk = keydesk.clone();
    app.deep_link().on_open_url(move |event| receive(&keydesk, &event.urls()));
    // The handler is not called for the link that the app was started with: that one is asked for.
    app.deep_link().get_current().ok().flatten().unwrap_or_default()
}

/// Exactly one link counts (security.md C5).
pub fn receive(keydesk: &Keydesk, links: &[Url]) {
    if let [link] = links {
        keydesk.receive_link(link.as_str());
    }
}
