use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::Desk;
use crate::account;
use crate::oauth::{AuthorizationRequest, Grant, LoginPage, Parameters, Refusal, authorization_response, cannot_start};
use crate::page::escape;

/// GET on the authorization endpoint: shows the login page.
pub(super) async fn ask(State(desk): State<Desk>, RawQuery(query): RawQuery) -> Response {
    match read(&desk, query.as_deref()) {
        Ok(request) => show(&request, None),
        Err(refusal) => tell(refusal),
    }
}

/// The login form, posted back to the address it was shown at.
pub(super) async fn answer(State(desk): State<Desk>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let request = match read(&desk, query.as_deref()) {
        Ok(request) => request,
        Err(refusal) => return tell(refusal),
    };
    let form = Parameters::parse(&body);
    let state = request.state.as_deref();
    if form.get("answer") == Some("deny") {
        // providers.md §2.1, "denial".
        return respond(&request.redirect_uri, state, &[("error", "access_denied")]);
    }
    let username = form.get("username").unwrap_or_default();
    if !account::accepts(username, form.get("password").unwrap_or_default()) {
        return show(&request, Some(username));
    }
    let random = &desk.shared.random;
    let mut grant = Grant::new(&request.client_id, account::SUBJECT, "", random.uuid());
    grant.refreshable = desk.shared.options().image_relay_refresh_token;
    let code = random.hex();
    desk.tenant.ledger.enter(grant, code.clone(), &request.challenge, &request.redirect_uri);
    respond(&request.redirect_uri, state, &[("code", &code)])
}

fn read(desk: &Desk, query: Option<&str>) -> Result<AuthorizationRequest, Refusal> {
    desk.tenant.rules.read(&Parameters::parse(query.unwrap_or_default().as_bytes()))
}

fn show(request: &AuthorizationRequest, refused: Option<&str>) -> Response {
    let page = LoginPage {
        badge: "Sandbox, not the real Image Relay",
        provider: "Image Relay",
        introduction: &format!(
            "Client <code>{}</code> asks for access to the library of Hillside.",
            escape(&request.client_id)
        ),
        outcome: &format!("Either button returns you to <code>{}</code>", escape(&request.redirect_uri)),
        // Seed 1: "Click the 'Yes give them access button'".
        allow: "Yes, give them access",
        remember_me: None,
    };
    page.show(refused)
}

fn tell(refusal: Refusal) -> Response {
    match refusal {
        Refusal::Person(message) => cannot_start(message),
        Refusal::Client { redirect_uri, state, error, description } => {
            respond(&redirect_uri, state.as_deref(), &[("error", error), ("error_description", description)])
        }
    }
}

fn respond(redirect_uri: &str, state: Option<&str>, answer: &[(&str, &str)]) -> Response {
    let state = state.map(|state| ("state", state));
    let answer: Vec<_> = answer.iter().copied().chain(state).collect();
    authorization_response(redirect_uri, &answer)
}
