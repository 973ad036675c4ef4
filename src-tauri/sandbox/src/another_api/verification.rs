use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::authorization_server::Desk;
use super::device_codes::Asking;
use crate::account;
use crate::oauth::{LoginPage, Parameters};
use crate::page::{escape, page};

/// The page that a person opens on behalf of a device (RFC 8628 §3.3): it asks for the code, then
/// for the login.
pub(super) async fn ask(State(desk): State<Desk>, RawQuery(query): RawQuery) -> Response {
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    match query.get("user_code") {
        None => ask_for_code("", ""),
        Some(typed) => match desk.server.device_codes.find(typed) {
            Some(asking) => ask_for_login(&asking, None),
            None => wrong_code(typed),
        },
    }
}

/// The login form, posted back to the address with the code.
pub(super) async fn answer(State(desk): State<Desk>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let codes = &desk.server.device_codes;
    let typed = query.get("user_code").unwrap_or_default();
    let Some(asking) = codes.find(typed) else {
        return wrong_code(typed);
    };
    let form = Parameters::parse(&body);
    if form.get("answer") == Some("deny") {
        codes.answer(&asking.user_code, false);
        return done("The device was turned away", "It gets no access.");
    }
    let username = form.get("username").unwrap_or_default();
    if !account::accepts(username, form.get("password").unwrap_or_default()) {
        return ask_for_login(&asking, Some(username));
    }
    codes.answer(&asking.user_code, true);
    done("The device is logged in", "Go back to it: it goes on by itself.")
}

fn wrong_code(typed: &str) -> Response {
    let alert = "<p class=\"alert\" id=\"error\" role=\"alert\">\
        No device waits with this code. It may be mistyped, used or too old.</p>";
    ask_for_code(typed, alert)
}

fn ask_for_code(typed: &str, alert: &str) -> Response {
    let typed = escape(typed);
    let invalid = if alert.is_empty() { "" } else { " aria-invalid=\"true\" aria-describedby=\"error\"" };
    let body = format!(
        "<div class=\"card\">\n<span class=\"badge\">Sandbox</span>\n\
         <h1>Log in a device</h1>\n\
         <p class=\"quiet\">Type the code that the device shows.</p>\n\
         <form method=\"get\">\n{alert}\n\
         <label for=\"user-code\">Code</label>\n\
         <input id=\"user-code\" name=\"user_code\" type=\"text\" value=\"{typed}\" \
         autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\"{invalid}>\n\
         <div class=\"buttons\"><button id=\"continue\" class=\"first\">Continue</button></div>\n</form>\n</div>"
    );
    page(StatusCode::OK, "Log in a device (sandbox)", false, &body)
}

/// RFC 8628 §5.4: the person compares the code, or a stranger's device could be logged in.
fn ask_for_login(asking: &Asking, refused: Option<&str>) -> Response {
    let (code, client_id, scope) = (escape(&asking.user_code), escape(&asking.client_id), escape(&asking.scope));
    let page = LoginPage {
        badge: "Sandbox",
        provider: "Another API",
        introduction: &format!(
            "A device asks for <code>{scope}</code>, as client <code>{client_id}</code>. \
             Go on only if it shows this code:</p>\n<p class=\"code\"><code>{code}</code>"
        ),
        outcome: "The device learns of your answer by itself.",
        allow: "Log in and allow",
        remember_me: None,
    };
    page.show(refused)
}

fn done(title: &str, advice: &str) -> Response {
    let body = format!(
        "<div class=\"card\">\n<span class=\"badge\">Sandbox</span>\n<h1>{title}</h1>\n\
         <p>{advice} You can close this page.</p>\n</div>"
    );
    page(StatusCode::OK, title, false, &body)
}
