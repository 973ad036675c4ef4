use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};

use crate::account::{PASSWORD, USERNAME};
use crate::oauth::Parameters;
use crate::offer::{Offer, offers};
use crate::page::{escape, page};
use crate::providers::Providers;
use crate::record::Trigger;
use crate::settings;
use crate::shared::Shared;

/// What a handler works with.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) shared: Arc<Shared>,
    pub(crate) providers: Providers,
}

/// The pages that are the sandbox's own, and no provider's.
pub(crate) fn router(shared: &Arc<Shared>, providers: &Providers) -> Router {
    let desk = Desk { shared: Arc::clone(shared), providers: providers.clone() };
    Router::new()
        .route("/", get(home))
        .route("/sandbox/log", get(log))
        .route("/sandbox/requests", get(requests))
        .route("/sandbox/settings", post(settings::change))
        .with_state(desk)
}

/// The triggers received, oldest first.
async fn log(State(desk): State<Desk>) -> Json<Vec<Trigger>> {
    Json(desk.shared.record.triggers())
}

/// How many requests came to each path.
async fn requests(State(desk): State<Desk>) -> Json<BTreeMap<String, usize>> {
    Json(desk.shared.record.requests())
}

async fn home(State(desk): State<Desk>, RawQuery(query): RawQuery) -> Response {
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let shared = &desk.shared;
    let body = format!(
        "<div class=\"card\">\n<span class=\"badge\">Sandbox</span>\n<h1>Keydesk sandbox</h1>\n\
         <p>It answers as the real providers do, on this machine only. Nothing you do here reaches \
         anyone.</p>\n<dl>\n<dt>Demo account</dt><dd><code>{USERNAME}</code></dd>\n\
         <dt>Password</dt><dd><code>{PASSWORD}</code></dd>\n</dl>\n</div>\n{}\n{}{}",
        settings::card(shared, query.get("done")),
        offer_cards(&shared.url),
        trigger_card(&shared.record.triggers())
    );
    let mut response = page(StatusCode::OK, "Keydesk sandbox", true, &body);
    // With no-referrer a browser would send the settings' forms with the Origin `null`.
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

fn offer_cards(url: &str) -> String {
    offers(url).iter().map(offer_card).collect()
}

fn offer_card(offer: &Offer) -> String {
    let logins = offer.logins.iter().filter(|(_, fields)| !fields.is_empty());
    let logins: String = logins
        .map(|(login, fields)| format!("<h3>Login <code>{}</code></h3>\n{}", escape(login), definitions(fields)))
        .collect();
    format!(
        "<div class=\"card\">\n<h2>{}</h2>\n{}{logins}</div>\n",
        escape(&offer.label),
        definitions(&offer.parameters)
    )
}

fn definitions(values: &BTreeMap<String, String>) -> String {
    let mut html = "<dl>\n".to_owned();
    for (name, value) in values {
        let (name, value) = (escape(name), escape(value));
        let _ = writeln!(html, "<dt><code>{name}</code></dt><dd><code>{value}</code></dd>");
    }
    html.push_str("</dl>\n");
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
