use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::authorization_server::Desk;
use crate::account;
use crate::oauth::{Grant, no_store};

/// The token set that a login ends in.
pub(super) fn first(desk: &Desk, grant: &Grant) -> impl IntoResponse + use<> {
    let refresh_token = grant.refreshable.then(|| refresh_token(desk, grant));
    token_set(desk, grant, refresh_token)
}

/// A successful answer of the token endpoint (RFC 6749 §5.1). Access tokens are opaque.
pub(super) fn token_set(desk: &Desk, grant: &Grant, refresh_token: Option<String>) -> impl IntoResponse + use<> {
    let now = SystemTime::now();
    let lifetime = desk.shared.access_token_lifetime();
    let token = desk.shared.random.base64url();
    desk.server.ledger.give_access_token(token.clone(), grant.id, now + lifetime);
    let mut body = json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": lifetime.as_secs(),
        "scope": grant.scope,
    });
    if let Some(refresh_token) = refresh_token {
        body["refresh_token"] = json!(refresh_token);
    }
    if grant.has_scope("openid") {
        body["id_token"] = json!(id_token(desk, grant, now, lifetime));
    }
    (no_store(), Json(body))
}

/// A new refresh token of the grant's family.
pub(super) fn refresh_token(desk: &Desk, grant: &Grant) -> String {
    let token = desk.shared.random.base64url();
    desk.server.ledger.give_refresh_token(token.clone(), grant.id);
    token
}

/// OpenID Connect Core §2.
fn id_token(desk: &Desk, grant: &Grant, now: SystemTime, lifetime: Duration) -> String {
    let mut claims = json!({
        "iss": desk.server.issuer,
        "sub": grant.subject,
        "aud": grant.client_id,
        "exp": seconds(now + lifetime),
        "iat": seconds(now),
        "sid": grant.sid,
    });
    if let Some(nonce) = &grant.nonce {
        claims["nonce"] = json!(nonce);
    }
    for (name, value) in person(grant) {
        claims[name] = value;
    }
    desk.server.signer.sign(&claims)
}

/// What the scope lets a client know of the person (OpenID Connect Core §5.4).
pub(super) fn person(grant: &Grant) -> Vec<(&'static str, Value)> {
    let mut claims = Vec::new();
    if grant.has_scope("profile") {
        claims.extend([
            ("name", json!(format!("{} {}", account::GIVEN_NAME, account::FAMILY_NAME))),
            ("given_name", json!(account::GIVEN_NAME)),
            ("family_name", json!(account::FAMILY_NAME)),
            ("preferred_username", json!(account::USERNAME)),
        ]);
    }
    if grant.has_scope("email") {
        claims.extend([("email", json!(account::USERNAME)), ("email_verified", json!(true))]);
    }
    claims
}

fn seconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
