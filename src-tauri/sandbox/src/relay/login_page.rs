use axum::http::StatusCode;
use axum::response::Response;

use super::authorization_server::Kind;
use crate::account::{PASSWORD, USERNAME};
use crate::page::{escape, page};

/// The page as it is first shown: one click logs in.
pub(super) fn blank(kind: Kind, client_id: &str, redirect_uri: &str) -> Response {
    let form = form(USERNAME, PASSWORD, true, "");
    show(kind, client_id, redirect_uri, &form)
}

/// The page after a wrong password: what was typed stays, but for the password.
pub(super) fn refused(kind: Kind, client_id: &str, redirect_uri: &str, username: &str, remember_me: bool) -> Response {
    let alert = "<p class=\"alert\" id=\"error\" role=\"alert\">\
        Wrong username or password. The demo account is below.</p>";
    let form = form(username, "", remember_me, alert);
    show(kind, client_id, redirect_uri, &form)
}

/// A request that nobody can be asked about.
pub(super) fn error(message: &str) -> Response {
    let message = escape(message);
    let body = format!(
        "<div class=\"card\">\n<span class=\"badge\">Sandbox</span>\n<h1>This login can\u{2019}t start</h1>\n\
         <p class=\"alert\" role=\"alert\">{message}</p>\n\
         <p class=\"quiet\">Go back to the app that sent you here and check the connection\u{2019}s settings.</p>\n</div>"
    );
    page(StatusCode::BAD_REQUEST, "This login can\u{2019}t start", false, &body)
}

/// The end of a logout that asked to go nowhere.
pub(super) fn logged_out() -> Response {
    let body = "<div class=\"card\">\n<span class=\"badge\">Sandbox</span>\n\
        <h1>You are logged out</h1>\n<p>You can close this page.</p>\n</div>";
    page(StatusCode::OK, "You are logged out", false, body)
}

fn show(kind: Kind, client_id: &str, redirect_uri: &str, form: &str) -> Response {
    let server = match kind {
        Kind::Current => "current",
        Kind::Legacy => "legacy",
    };
    let (client_id, redirect_uri) = (escape(client_id), escape(redirect_uri));
    let body = format!(
        "<div class=\"card\">\n<span class=\"badge\">Sandbox, not the real Relay</span>\n\
         <h1>Log in to Relay</h1>\n\
         <p class=\"quiet\">The {server} authorization server, on this machine. \
         Client <code>{client_id}</code> asks for access.</p>\n{form}\n</div>\n\
         <footer class=\"quiet\">\n<p>Demo account: <code>{USERNAME}</code>, \
         password <code>{PASSWORD}</code></p>\n\
         <p>Either button returns you to <code>{redirect_uri}</code></p>\n</footer>"
    );
    page(StatusCode::OK, "Log in to Relay (sandbox)", false, &body)
}

/// No `action`: the form goes to the address it stands at, with the query that holds the request.
fn form(username: &str, password: &str, remember_me: bool, alert: &str) -> String {
    let username = escape(username);
    let checked = if remember_me { " checked" } else { "" };
    let invalid = if alert.is_empty() { "" } else { " aria-invalid=\"true\" aria-describedby=\"error\"" };
    format!(
        "<form method=\"post\">\n{alert}\n\
         <label for=\"username\">Username</label>\n\
         <input id=\"username\" name=\"username\" type=\"text\" value=\"{username}\" \
         autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\"{invalid}>\n\
         <label for=\"password\">Password</label>\n\
         <input id=\"password\" name=\"password\" type=\"password\" value=\"{password}\" \
         autocomplete=\"off\"{invalid}>\n\
         <div class=\"check\"><input id=\"remember-me\" name=\"remember_me\" type=\"checkbox\" \
         value=\"yes\"{checked}>\n\
         <label for=\"remember-me\">Remember me</label></div>\n\
         <div class=\"buttons\">\n\
         <button id=\"log-in\" class=\"first\" name=\"answer\" value=\"log-in\">Log in</button>\n\
         <button id=\"deny\" name=\"answer\" value=\"deny\">Deny</button>\n</div>\n</form>"
    )
}
