//! The redirect by private-use URI scheme: as the app is started with it, and while it runs.

use std::sync::Arc;

use keydesk_core::Keydesk;
use tauri::{App, Runtime, Url};
use tauri_plugin_deep_link::DeepLinkExt;

/// Hands every link to the core, which takes only what a waiting login expects.
pub fn listen<R: Runtime>(app: &App<R>, keydesk: &Arc<Keydesk>) {
    // A package registers the scheme when it is installed; a build from source does it here.
    #[cfg(all(debug_assertions, any(windows, target_os = "linux")))]
    if let Err(error) = app.deep_link().register_all() {
        tracing::warn!(%error, "the URI scheme was not registered");
    }
    // Not called for the link that the app was started with: that one is asked for.
    if let Ok(Some(links)) = app.deep_link().get_current() {
        receive(keydesk, &links);
    }
    let keydesk = keydesk.clone();
    app.deep_link().on_open_url(move |event| receive(&keydesk, &event.urls()));
}

/// Exactly one link counts (security.md C5).
fn receive(keydesk: &Keydesk, links: &[Url]) {
    if let [link] = links {
        keydesk.receive_link(link.as_str());
    }
}
