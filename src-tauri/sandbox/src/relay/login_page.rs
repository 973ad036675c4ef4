use axum::http::StatusCode;
use axum::response::Response;

use super::authorization_server::Kind;
use crate::oauth::LoginPage;
use crate::page::{escape, page};

/// The page as it is first shown, or after `refused` was typed with a wrong password.
pub(super) fn show(
    kind: Kind,
    client_id: &str,
    redirect_uri: &str,
    refused: Option<&str>,
    remember_me: bool,
) -> Response {
    let server = match kind {
        Kind::Current => "current",
        Kind::Legacy => "legacy",
    };
    let (client_id, redirect_uri) = (escape(client_id), escape(redirect_uri));
    let page = LoginPage {
        badge: "Sandbox, not the real Relay",
        provider: "Relay",
        introduction: &format!(
            "The {server} authorization server, on this machine. Client <code>{client_id}</code> asks for access."
        ),
        outcome: &format!("Either button returns you to <code>{redirect_uri}</code>"),
        allow: "Log in",
        remember_me: Some(remember_me),
    };
    page.show(refused)
}

/// The end of a logout that asked to go nowhere.
pub(super) fn logged_out() -> Response {
    let body = "<div class=\"card\">\n<span class=\"badge\">Sandbox</span>\n\
        <h1>You are logged out</h1>\n<p>You can close this page.</p>\n</div>";
    page(StatusCode::OK, "You are logged out", false, body)
}
