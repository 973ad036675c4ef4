//! What is said on standard error, for who runs the app from a terminal.

use tracing_subscriber::filter::{EnvFilter, LevelFilter};
use tracing_subscriber::prelude::*;

/// Our own crates only, whatever `KEYDESK_LOG` asks for: other crates' logs may hold headers and bodies
/// (security.md F9).
pub fn start() {
    let level = std::env::var("KEYDESK_LOG").ok().and_then(|level| level.parse::<LevelFilter>().ok());
    let level = level.unwrap_or(LevelFilter::WARN);
    let ours = EnvFilter::new(format!("off,keydesk_core={level},keydesk_app={level},keydesk_sandbox={level}"));
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    // Fails only when something else logs already, as in tests.
    let _ = tracing_subscriber::registry().with(layer.with_filter(ours)).try_init();
}
