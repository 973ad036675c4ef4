use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::authorization_server::{Desk, Kind};
use crate::account;
use crate::oauth::{Grant, no_store};

/// A successful answer of the token endpoint (RFC 6749 §5.1).
pub(super) fn token_set(desk: &Desk, grant: &Grant, refresh_token: Option<String>) -> impl IntoResponse + use<> {
    let now = SystemTime::now();
    let lifetime = desk.shared.access_token_lifetime();
    let token = access_token(desk, grant, now, lifetime);
    desk.server.ledger.give_access_token(token.clone(), grant.id, now + lifetime);
    let mut body = json!({
        "access_token": token,
        "expires_in": lifetime.as_secs(),
        "token_type": "Bearer",
        "scope": grant.scope,
    });
    if desk.server.kind == Kind::Current {
        // Keycloak's own members. 0 means that an offline token never ends.
        body["refresh_expires_in"] = json!(0);
        body["not-before-policy"] = json!(0);
        body["session_state"] = json!(grant.sid);
    }
    if let Some(refresh_token) = refresh_token {
        body["refresh_token"] = json!(refresh_token);
    }
    // Seed 0: the legacy answer has an id token too ("use the access_token value, not the id_token").
    if grant.has_scope("openid") {
        body["id_token"] = json!(id_token(desk, grant, now, lifetime));
    }
    (no_store(), Json(body))
}

/// A new refresh token of the grant's family: a JWT of type Offline from Keycloak, 32 hexadecimal
/// digits from the legacy server (providers.md §1.2).
pub(super) fn refresh_token(desk: &Desk, grant: &Grant) -> String {
    let token = match desk.server.kind {
        Kind::Legacy => desk.shared.random.hex(),
        Kind::Current => {
            let claims = json!({
                "iat": seconds(SystemTime::now()),
                "jti": desk.shared.random.uuid(),
                "iss": desk.server.issuer,
                "aud": desk.server.issuer,
                "sub": grant.subject,
                "typ": "Offline",
                "azp": grant.client_id,
                "sid": grant.sid,
                "scope": grant.scope,
            });
            desk.server.signer.sign(&claims)
        }
    };
    desk.server.ledger.give_refresh_token(token.clone(), grant.id);
    token
}

/// A JWT from Keycloak, 32 hexadecimal digits from the legacy server (providers.md §1.2).
fn access_token(desk: &Desk, grant: &Grant, now: SystemTime, lifetime: Duration) -> String {
    match desk.server.kind {
        Kind::Legacy => desk.shared.random.hex(),
        Kind::Current => {
            let mut claims = claims(desk, grant, now, lifetime);
            // Keycloak's default audience; what Relay's realm puts there is UNVERIFIED.
            claims["aud"] = json!("account");
            claims["typ"] = json!("Bearer");
            claims["scope"] = json!(grant.scope);
            desk.server.signer.sign(&claims)
        }
    }
}

/// OpenID Connect Core §2. That the legacy server's is a JWT with these claims is UNVERIFIED.
fn id_token(desk: &Desk, grant: &Grant, now: SystemTime, lifetime: Duration) -> String {
    let mut claims = claims(desk, grant, now, lifetime);
    claims["aud"] = json!(grant.client_id);
    claims["typ"] = json!("ID");
    if let Some(nonce) = &grant.nonce {
        claims["nonce"] = json!(nonce);
    }
    desk.server.signer.sign(&claims)
}

/// What both have. providers.md §1.2 says which claims the CLI reads: `preferred_username`, `email`,
/// `given_name`, `family_name`.
fn claims(desk: &Desk, grant: &Grant, now: SystemTime, lifetime: Duration) -> Value {
    json!({
        "exp": seconds(now + lifetime),
        "iat": seconds(now),
        "jti": desk.shared.random.uuid(),
        "iss": desk.server.issuer,
        "sub": grant.subject,
        "azp": grant.client_id,
        "sid": grant.sid,
        "preferred_username": account::USERNAME,
        "email": account::USERNAME,
        "email_verified": true,
        "given_name": account::GIVEN_NAME,
        "family_name": account::FAMILY_NAME,
        "name": format!("{} {}", account::GIVEN_NAME, account::FAMILY_NAME),
    })
}

fn seconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
