use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::authorization_server::Desk;
use super::client::{Client, DEFAULT_SCOPE, SCOPES, SERVICE_SCOPE, authenticate};
use super::token_set;
use crate::account;
use crate::oauth::{Grant, OauthError, Parameters, Redemption, form};

const PATH: &str = "/oauth/token";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// RFC 6749 §2.3.1 forbids a secret there; what else is secret is no better off (§3.2, RFC 6819
/// §4.3.4).
const NOT_IN_A_QUERY: [&str; 6] =
    ["client_secret", "password", "code", "code_verifier", "refresh_token", "device_code"];

/// The token endpoint (RFC 6749 §3.2).
pub(super) async fn token(
    State(desk): State<Desk>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OauthError> {
    refuse_secrets_in(query.as_deref().unwrap_or_default())?;
    let form = form(&headers, &body)?;
    let grant_type = form.get("grant_type").ok_or(OauthError::invalid_request("Missing parameter: grant_type"))?;
    let answer = match grant_type {
        "authorization_code" => code,
        "refresh_token" => refresh,
        "client_credentials" => client_credentials,
        "password" => password,
        DEVICE_CODE => device_code,
        _ => return Err(OauthError::unsupported_grant_type("Unsupported grant_type")),
    };
    // Lets a test count refreshes apart from logins.
    desk.shared.record.request(&format!("{PATH}?grant_type={grant_type}"));
    let client = authenticate(&headers, &form)?;
    answer(&desk, client, &form)
}

pub(super) fn refuse_secrets_in(query: &str) -> Result<(), OauthError> {
    let query = Parameters::parse(query.as_bytes());
    if NOT_IN_A_QUERY.iter().any(|name| query.get(name).is_some()) {
        return Err(OauthError::invalid_request("Secrets belong in the body, not in the query"));
    }
    Ok(())
}

fn code(desk: &Desk, client: Client, form: &Parameters) -> Result<Response, OauthError> {
    let code = form.get("code").ok_or(OauthError::invalid_request("Missing parameter: code"))?;
    let brought = Redemption {
        client_id: client.id,
        redirect_uri: form.get("redirect_uri"),
        verifier: form.get("code_verifier"),
    };
    let grant = desk.server.ledger.redeem(code, brought)?;
    Ok(token_set::first(desk, &grant).into_response())
}

fn refresh(desk: &Desk, client: Client, form: &Parameters) -> Result<Response, OauthError> {
    let token = form.get("refresh_token").ok_or(OauthError::invalid_request("Missing parameter: refresh_token"))?;
    let rotate = desk.shared.options().rotate;
    let grant = desk.server.ledger.refresh(token, client.id, rotate)?;
    // RFC 6749 §6: without a new one the client keeps the old one.
    let next = rotate.then(|| token_set::refresh_token(desk, &grant));
    Ok(token_set::token_set(desk, &grant, next).into_response())
}

/// RFC 6749 §4.4: for confidential clients only, and without a refresh token.
fn client_credentials(desk: &Desk, client: Client, form: &Parameters) -> Result<Response, OauthError> {
    if !client.confidential {
        return Err(OauthError::unauthorized_client("A public client can't ask on its own behalf"));
    }
    let scope = scope(form, SERVICE_SCOPE)?;
    if scope.split(' ').any(|scope| scope != SERVICE_SCOPE) {
        return Err(OauthError::invalid_scope("That scope is a person's to grant"));
    }
    let grant = Grant::new(client.id, client.id, &scope, desk.shared.random.uuid());
    let grant = desk.server.ledger.enter_directly(grant);
    Ok(token_set::token_set(desk, &grant, None).into_response())
}

/// RFC 6749 §4.3. RFC 9700 §2.4 forbids it; older servers have it.
fn password(desk: &Desk, client: Client, form: &Parameters) -> Result<Response, OauthError> {
    let (Some(username), Some(password)) = (form.get("username"), form.get("password")) else {
        return Err(OauthError::invalid_request("Missing parameter: username or password"));
    };
    if !account::accepts(username, password) {
        return Err(OauthError::invalid_grant("Wrong username or password"));
    }
    let grant = grant_of_person(desk, client.id, &scope(form, DEFAULT_SCOPE)?);
    Ok(token_set::first(desk, &grant).into_response())
}

/// RFC 8628 §3.4.
fn device_code(desk: &Desk, client: Client, form: &Parameters) -> Result<Response, OauthError> {
    let code = form.get("device_code").ok_or(OauthError::invalid_request("Missing parameter: device_code"))?;
    let step = desk.shared.options().device_interval;
    let scope = desk.server.device_codes.poll(code, client.id, step)?;
    let grant = grant_of_person(desk, client.id, &scope);
    Ok(token_set::first(desk, &grant).into_response())
}

fn grant_of_person(desk: &Desk, client_id: &str, scope: &str) -> Grant {
    let mut grant = Grant::new(client_id, account::SUBJECT, scope, desk.shared.random.uuid());
    grant.refreshable = grant.has_scope("offline_access");
    desk.server.ledger.enter_directly(grant)
}

/// The scope that was asked for, or the one for those who name none.
pub(super) fn scope(form: &Parameters, default: &str) -> Result<String, OauthError> {
    let asked: Vec<_> = form.get("scope").unwrap_or(default).split_ascii_whitespace().collect();
    if asked.iter().any(|scope| !SCOPES.contains(scope)) {
        return Err(OauthError::invalid_scope("Unknown scope"));
    }
    Ok(asked.join(" "))
}
