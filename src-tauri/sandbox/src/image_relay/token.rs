use std::time::SystemTime;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Desk;
use super::client::IMAGE_RELAY_CLIENT_SECRET;
use crate::oauth::{Grant, OauthError, Parameters, Redemption, form, no_store};

const PATH: &str = "/image-relay/oauth/token";

/// What a client sends: the vendor's documents put it in the query, clients send a form (providers.md
/// §2.1). Draft 10 knew both.
struct Sent {
    query: Parameters,
    form: Parameters,
}

impl Sent {
    fn read(query: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Result<Self, OauthError> {
        let query = Parameters::parse(query.unwrap_or_default().as_bytes());
        if query.repeated().is_some() {
            return Err(OauthError::invalid_request("duplicated parameter"));
        }
        let form = if body.is_empty() { Parameters::default() } else { form(headers, body)? };
        Ok(Self { query, form })
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.form.get(name).or_else(|| self.query.get(name))
    }
}

/// The token endpoint (providers.md §2.1).
pub(super) async fn token(
    State(desk): State<Desk>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OauthError> {
    let sent = Sent::read(query.as_deref(), &headers, &body)?;
    let grant_type = sent.get("grant_type").ok_or(OauthError::invalid_request("Missing parameter: grant_type"))?;
    let answer = match grant_type {
        "authorization_code" => code,
        "refresh_token" => refresh,
        _ => return Err(OauthError::unsupported_grant_type("Unsupported grant_type")),
    };
    // Lets a test count refreshes apart from logins.
    desk.shared.record.request(&format!("{PATH}?grant_type={grant_type}"));
    let client_id = authenticate(&desk, &sent)?;
    answer(&desk, client_id, &sent)
}

/// providers.md §2.1: the client secret is required.
fn authenticate<'a>(desk: &Desk, sent: &'a Sent) -> Result<&'a str, OauthError> {
    sent.get("client_id")
        .filter(|id| desk.tenant.rules.knows_client(id))
        .filter(|_| sent.get("client_secret") == Some(IMAGE_RELAY_CLIENT_SECRET))
        .ok_or(OauthError::invalid_client("Unknown client, or its secret is missing or wrong"))
}

fn code(desk: &Desk, client_id: &str, sent: &Sent) -> Result<Response, OauthError> {
    let code = sent.get("code").ok_or(OauthError::invalid_request("Missing parameter: code"))?;
    let brought = Redemption { client_id, redirect_uri: sent.get("redirect_uri"), verifier: sent.get("code_verifier") };
    let grant = desk.tenant.ledger.redeem(code, brought)?;
    let refresh_token = grant.refreshable.then(|| {
        let token = desk.shared.random.hex();
        desk.tenant.ledger.give_refresh_token(token.clone(), grant.id);
        token
    });
    Ok(token_set(desk, &grant, refresh_token))
}

/// Nothing in the vendor's documents mentions it; a client that is used on the live service sends it
/// (providers.md §2.1). That the refresh token stays, and is repeated, is the sandbox's choice.
fn refresh(desk: &Desk, client_id: &str, sent: &Sent) -> Result<Response, OauthError> {
    let token = sent.get("refresh_token").ok_or(OauthError::invalid_request("Missing parameter: refresh_token"))?;
    let grant = desk.tenant.ledger.refresh(token, client_id, false)?;
    Ok(token_set(desk, &grant, Some(token.to_owned())))
}

/// The real answer isn't documented (providers.md §2.1). An access token ends whether or not the
/// answer said when.
fn token_set(desk: &Desk, grant: &Grant, refresh_token: Option<String>) -> Response {
    let lifetime = desk.shared.access_token_lifetime();
    let token = desk.shared.random.hex();
    desk.tenant.ledger.give_access_token(token.clone(), grant.id, SystemTime::now() + lifetime);
    // Not the word that the API wants before it.
    let mut body = json!({ "access_token": token, "token_type": "bearer" });
    if let Some(refresh_token) = refresh_token {
        body["refresh_token"] = json!(refresh_token);
    }
    if desk.shared.options().image_relay_expires_in {
        body["expires_in"] = json!(lifetime.as_secs());
    }
    (no_store(), Json(body)).into_response()
}
