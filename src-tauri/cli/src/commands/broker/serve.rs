//! Serving in the foreground.

use std::sync::Arc;

use keydesk_core::{BrokerSettings, BrokerView, Keydesk};

use super::ask;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::interrupt::Stop;

/// Serves until Ctrl-C or SIGTERM, and asks at the terminal.
pub async fn run(context: &Context, keydesk: &Arc<Keydesk>, tcp: Option<u16>) -> Outcome {
    context.unlock().await?;
    let settings = BrokerSettings { on: true, tcp: tcp.is_some(), tcp_port: tcp.filter(|port| *port != 0) };
    let mut stop = Stop::listen()?;
    let view = keydesk.serve_broker(&settings).await?;
    keydesk.tend();
    context.output.result(&view, introduction)?;
    tokio::select! {
        () = stop.asked() => {}
        () = ask::all(context.output, keydesk) => {}
    }
    keydesk.quit_broker();
    Ok(Exit::Ok)
}

fn introduction(view: &BrokerView) -> String {
    let mut lines = vec![format!("Serving access tokens at {}", view.socket.clone().unwrap_or_default())];
    lines.extend(view.tcp.iter().map(|tcp| format!("and at http://{tcp}")));
    for program in &view.programs {
        lines.push(format!("{} sends the header in {}", program.name, program.header_file.clone().unwrap_or_default()));
    }
    if view.programs.is_empty() {
        lines.push("No program may ask yet: keydesk broker add NAME, in another terminal.".to_owned());
    }
    lines.push("Ctrl-C stops it.".to_owned());
    lines.join("\n")
}
