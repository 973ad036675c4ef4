use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::authorization_server::Desk;
use super::client::DEFAULT_SCOPE;
use crate::account;
use crate::oauth::{AuthorizationRequest, Grant, LoginPage, Parameters, Refusal, authorization_response, cannot_start};
use crate::page::escape;

/// GET on the authorization endpoint: shows the login page.
pub(super) async fn ask(State(desk): State<Desk>, RawQuery(query): RawQuery) -> Response {
    match read(&desk, query.as_deref()) {
        Ok(request) => show(&request, None),
        Err(refusal) => tell(&desk, refusal),
    }
}

/// The login form, posted back to the address it was shown at.
pub(super) async fn answer(State(desk): State<Desk>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let request = match read(&desk, query.as_deref()) {
        Ok(request) => request,
        Err(refusal) => return tell(&desk, refusal),
    };
    let form = Parameters::parse(&body);
    if form.get("answer") == Some("deny") {
        let answer = [("error", "access_denied"), ("error_description", "The person denied the request")];
        return respond(&desk, &request.redirect_uri, request.state.as_deref(), &answer);
    }
    let username = form.get("username").unwrap_or_default();
    if !account::accepts(username, form.get("password").unwrap_or_default()) {
        return show(&request, Some(username));
    }
    grant(&desk, &request)
}

fn read(desk: &Desk, query: Option<&str>) -> Result<AuthorizationRequest, Refusal> {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let mut request = desk.server.rules.read(&parameters)?;
    if request.scope.is_empty() {
        request.scope = DEFAULT_SCOPE.to_owned();
    }
    Ok(request)
}

fn show(request: &AuthorizationRequest, refused: Option<&str>) -> Response {
    let (client_id, scope) = (escape(&request.client_id), escape(&request.scope));
    let page = LoginPage {
        badge: "Sandbox",
        provider: "Another API",
        introduction: &format!("Client <code>{client_id}</code> asks for <code>{scope}</code>."),
        outcome: &format!("Either button returns you to <code>{}</code>", escape(&request.redirect_uri)),
        allow: "Log in",
        remember_me: None,
    };
    page.show(refused)
}

fn tell(desk: &Desk, refusal: Refusal) -> Response {
    match refusal {
        Refusal::Person(message) => cannot_start(message),
        Refusal::Client { redirect_uri, state, error, description } => {
            let answer = [("error", error), ("error_description", description)];
            respond(desk, &redirect_uri, state.as_deref(), &answer)
        }
    }
}

fn grant(desk: &Desk, request: &AuthorizationRequest) -> Response {
    let random = &desk.shared.random;
    let mut grant = Grant::new(&request.client_id, account::SUBJECT, &request.scope, random.uuid());
    grant.nonce.clone_from(&request.nonce);
    // OpenID Connect Core §11.
    grant.refreshable = grant.has_scope("offline_access");
    let code = random.base64url();
    desk.server.ledger.enter(grant, code.clone(), &request.challenge, &request.redirect_uri);
    respond(desk, &request.redirect_uri, request.state.as_deref(), &[("code", &code)])
}

fn respond(desk: &Desk, redirect_uri: &str, state: Option<&str>, answer: &[(&str, &str)]) -> Response {
    let state = state.map(|state| ("state", state));
    // RFC 9207 §2: in errors too.
    let issuer = ("iss", desk.server.issuer.as_str());
    let answer: Vec<_> = answer.iter().copied().chain(state).chain([issuer]).collect();
    authorization_response(redirect_uri, &answer)
}
