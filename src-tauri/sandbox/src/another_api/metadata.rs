use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::authorization_server::Desk;
use super::client::SCOPES;

/// OpenID Connect Discovery §3 and RFC 8414 §2 in one.
pub(super) async fn metadata(State(desk): State<Desk>) -> Json<Value> {
    let issuer = &desk.server.issuer;
    let client_authentication = ["client_secret_basic", "client_secret_post", "none"];
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "device_authorization_endpoint": format!("{issuer}/device_authorization"),
        "jwks_uri": format!("{issuer}/jwks"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "password",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["HS256"],
        "token_endpoint_auth_methods_supported": client_authentication,
        "revocation_endpoint_auth_methods_supported": client_authentication,
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "name", "preferred_username", "email"],
        // RFC 9207 §3.
        "authorization_response_iss_parameter_supported": true,
    }))
}

/// Empty: id tokens are signed with a key that only the sandbox has.
pub(super) async fn jwks() -> Json<Value> {
    Json(json!({ "keys": [] }))
}
