use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};

use crate::account::{PASSWORD, USERNAME};
use crate::offer::offers;
use crate::page::{escape, page};
use crate::record::Trigger;
use crate::shared::Shared;

/// The pages that are the sandbox's own, and no provider's.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/sandbox/log", get(log))
        .route("/sandbox/requests", get(requests))
        .with_state(Arc::clone(shared))
}

/// The triggers received, oldest first.
async fn log(State(shared): State<Arc<Shared>>) -> Json<Vec<Trigger>> {
    Json(shared.record.triggers())
}

/// How many requests came to each path.
async fn requests(State(shared): State<Arc<Shared>>) -> Json<BTreeMap<String, usize>> {
    Json(shared.record.requests())
}

async fn home(State(shared): State<Arc<Shared>>) -> Response {
    let body = format!(
        "<div class=\"card\">\n<span class=\"badge\">Sandbox</span>\n<h1>Keydesk sandbox</h1>\n\
         <p>It answers as the real providers do, on this machine only. Nothing you do here reaches \
         anyone.</p>\n<dl>\n<dt>Demo account</dt><dd><code>{USERNAME}</code></dd>\n\
         <dt>Password</dt><dd><code>{PASSWORD}</code></dd>\n</dl>\n</div>\n{}{}",
        offer_cards(&shared.url),
        trigger_card(&shared.record.triggers())
    );
    page(StatusCode::OK, "Keydesk sandbox", true, &body)
}

fn offer_cards(url: &str) -> String {
    let mut html = String::new();
    for offer in offers(url) {
        let _ = write!(html, "<div class=\"card\">\n<h2>{}</h2>\n<dl>\n", escape(&offer.label));
        for (name, value) in &offer.parameters {
            let (name, value) = (escape(name), escape(value));
            let _ = writeln!(html, "<dt><code>{name}</code></dt><dd><code>{value}</code></dd>");
        }
        html.push_str("</dl>\n</div>\n");
    }
    html
}

fn trigger_card(triggers: &[Trigger]) -> String {
    let rows: String = triggers.iter().rev().map(row).collect();
    let table = if rows.is_empty() {
        "<p>None yet. Send one from Keydesk, then load this page again.</p>".to_owned()
    } else {
        format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"triggers\">\n\
             <table>\n<caption>Newest first</caption>\n\
             <thead><tr><th scope=\"col\">Time</th><th scope=\"col\">Workflow</th>\
             <th scope=\"col\">Device</th><th scope=\"col\">Arguments</th></tr></thead>\n\
             <tbody>\n{rows}</tbody>\n</table>\n</div>"
        )
    };
    format!("<div class=\"card\">\n<h2 id=\"triggers\">Triggers received</h2>\n{table}\n</div>")
}

fn row(trigger: &Trigger) -> String {
    let arguments = serde_json::Value::Object(trigger.action_args.clone()).to_string();
    format!(
        "<tr><td>{}</td><td><code>{}</code></td><td><code>{}</code></td><td><code>{}</code></td></tr>\n",
        escape(&trigger.at),
        escape(&trigger.workflow_id),
        escape(&trigger.device_id),
        escape(&arguments)
    )
}
