use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::authorization_server::{Desk, Kind};
use super::login_page;
use crate::account;
use crate::oauth::{AuthorizationRequest, Grant, Parameters, Refusal, authorization_response, cannot_start};

/// GET on the authorization endpoint: shows the login page.
pub(super) async fn ask(State(desk): State<Desk>, RawQuery(query): RawQuery) -> Response {
    match read(&desk, query.as_deref()) {
        Ok(request) => login_page::show(desk.server.kind, &request.client_id, &request.redirect_uri, None, true),
        Err(refusal) => tell(&desk, refusal),
    }
}

/// The login form, posted back to the address it was shown at, so that nothing is kept meanwhile.
pub(super) async fn answer(State(desk): State<Desk>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let request = match read(&desk, query.as_deref()) {
        Ok(request) => request,
        Err(refusal) => return tell(&desk, refusal),
    };
    let form = Parameters::parse(&body);
    if form.get("answer") == Some("deny") {
        let state = request.state.as_deref();
        return refuse(&desk, &request.redirect_uri, state, "access_denied", "The person denied the request");
    }
    let username = form.get("username").unwrap_or_default();
    if !account::accepts(username, form.get("password").unwrap_or_default()) {
        return login_page::show(
            desk.server.kind,
            &request.client_id,
            &request.redirect_uri,
            Some(username),
            form.get("remember_me").is_some(),
        );
    }
    grant(&desk, &request, form.get("remember_me").is_some())
}

fn read(desk: &Desk, query: Option<&str>) -> Result<AuthorizationRequest, Refusal> {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    desk.server.rules.read(&parameters)
}

fn tell(desk: &Desk, refusal: Refusal) -> Response {
    match refusal {
        Refusal::Person(message) => cannot_start(message),
        Refusal::Client { redirect_uri, state, error, description } => {
            refuse(desk, &redirect_uri, state.as_deref(), error, description)
        }
    }
}

fn grant(desk: &Desk, request: &AuthorizationRequest, remember_me: bool) -> Response {
    let random = &desk.shared.random;
    let mut grant = Grant::new(&request.client_id, account::SUBJECT, &request.scope, random.uuid());
    grant.nonce.clone_from(&request.nonce);
    grant.refreshable = match desk.server.kind {
        // Keycloak: an offline token for `offline_access`. Without that scope it gives a refresh
        // token that ends with the browser's session; the sandbox leaves that one out.
        Kind::Current => grant.has_scope("offline_access"),
        // providers.md §1.2: only if the person ticked "Remember me".
        Kind::Legacy => remember_me,
    };
    let code = random.base64url();
    let sid = grant.sid.clone();
    desk.server.ledger.enter(grant, code.clone(), &request.challenge, &request.redirect_uri);
    let mut answer = vec![("code", code.as_str())];
    if desk.server.kind == Kind::Current {
        // Keycloak adds it; a client ignores what it doesn't know (RFC 6749 §4.1.2).
        answer.push(("session_state", &sid));
    }
    redirect(desk, &request.redirect_uri, request.state.as_deref(), answer)
}

fn refuse(desk: &Desk, redirect_uri: &str, state: Option<&str>, error: &str, description: &str) -> Response {
    let answer = vec![("error", error), ("error_description", description)];
    redirect(desk, redirect_uri, state, answer)
}

fn redirect<'a>(
    desk: &'a Desk,
    redirect_uri: &str,
    state: Option<&'a str>,
    mut answer: Vec<(&'a str, &'a str)>,
) -> Response {
    if let Some(state) = state {
        answer.push(("state", state));
    }
    if desk.server.kind == Kind::Current {
        // RFC 9207; Keycloak sends it since version 21.
        answer.push(("iss", &desk.server.issuer));
    }
    authorization_response(redirect_uri, &answer)
}
