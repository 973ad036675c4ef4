use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::authorization_server::{Desk, Kind};
use super::token_set;
use crate::oauth::{OauthError, Parameters, Redemption, form};

const CURRENT_PATH: &str = "/relay/auth/realms/Relay/protocol/openid-connect/token";
const LEGACY_PATH: &str = "/relay/legacy/oauth2/token";

/// The token endpoint of either server: a form in, JSON out (providers.md §1.2).
pub(super) async fn token(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> Result<Response, OauthError> {
    let form = form(&headers, &body)?;
    let Some(grant_type) = form.get("grant_type") else {
        return Err(OauthError::invalid_request("Missing form parameter: grant_type"));
    };
    match grant_type {
        "authorization_code" => {
            count(&desk, grant_type);
            code(&desk, &form)
        }
        "refresh_token" => {
            count(&desk, grant_type);
            refresh(&desk, &form)
        }
        _ => Err(OauthError::unsupported_grant_type("Unsupported grant_type")),
    }
}

/// Lets a test count refreshes apart from logins.
fn count(desk: &Desk, grant_type: &str) {
    let path = match desk.server.kind {
        Kind::Current => CURRENT_PATH,
        Kind::Legacy => LEGACY_PATH,
    };
    desk.shared.record.request(&format!("{path}?grant_type={grant_type}"));
}

fn client_id<'a>(desk: &Desk, form: &'a Parameters) -> Result<&'a str, OauthError> {
    form.get("client_id")
        .filter(|id| desk.server.rules.knows_client(id))
        .ok_or(OauthError::invalid_client("Invalid client or Invalid client credentials"))
}

fn code(desk: &Desk, form: &Parameters) -> Result<Response, OauthError> {
    let client_id = client_id(desk, form)?;
    let Some(code) = form.get("code") else {
        return Err(OauthError::invalid_request("Missing parameter: code"));
    };
    let brought = Redemption { client_id, redirect_uri: form.get("redirect_uri"), verifier: form.get("code_verifier") };
    let grant = desk.server.ledger.redeem(code, brought)?;
    let refresh_token = grant.refreshable.then(|| token_set::refresh_token(desk, &grant));
    Ok(token_set::token_set(desk, &grant, refresh_token).into_response())
}

fn refresh(desk: &Desk, form: &Parameters) -> Result<Response, OauthError> {
    let client_id = client_id(desk, form)?;
    let Some(token) = form.get("refresh_token") else {
        return Err(OauthError::invalid_request("No refresh token"));
    };
    let current = desk.server.kind == Kind::Current;
    let rotate = current && desk.shared.options().rotate;
    let grant = desk.server.ledger.refresh(token, client_id, rotate)?;
    let refresh_token = match (current, rotate) {
        // providers.md §1.2: the CLI stores the refresh token that comes back.
        (true, true) => Some(token_set::refresh_token(desk, &grant)),
        (true, false) => Some(token.to_owned()),
        // providers.md §1.2: the legacy one never expires and isn't replaced. Whether the real
        // server repeats it is UNVERIFIED; leaving it out is what RFC 6749 §6 allows.
        (false, _) => None,
    };
    Ok(token_set::token_set(desk, &grant, refresh_token).into_response())
}
