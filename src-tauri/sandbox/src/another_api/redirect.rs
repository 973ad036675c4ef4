use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::authorization_server::Desk;
use crate::oauth::Parameters;

/// Leads on, `times` times and each time with `status`, and then to the echo; with `to=elsewhere` to that of another
/// origin, with `to=back` to another origin and from there back.
pub(super) async fn redirect(State(desk): State<Desk>, RawQuery(query): RawQuery) -> Response {
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let number = |name, otherwise| query.get(name).and_then(|text| text.parse::<u16>().ok()).unwrap_or(otherwise);
    let (times, status, to) = (number("times", 1), number("status", 302), query.get("to").unwrap_or("echo"));
    let elsewhere = format!("http://localhost:{}/oauth/public", desk.shared.port);
    let location = match to {
        _ if times > 1 => format!("/oauth/api/answers/redirect?times={}&status={status}&to={to}", times - 1),
        "elsewhere" => format!("{elsewhere}/echo"),
        "back" => format!("{elsewhere}/redirect"),
        _ => "/oauth/api/echo".to_owned(),
    };
    lead(status, location)
}

/// From the other origin back.
pub(super) async fn back(State(desk): State<Desk>) -> Response {
    lead(302, format!("{}/oauth/api/echo", desk.shared.url))
}

fn lead(status: u16, location: String) -> Response {
    let status = StatusCode::from_u16(status).ok().filter(StatusCode::is_redirection).unwrap_or(StatusCode::FOUND);
    (status, [(header::LOCATION, location)], "This way\n").into_response()
}
