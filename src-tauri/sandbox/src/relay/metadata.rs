use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::authorization_server::Desk;
use super::client::SCOPES;

/// OpenID Connect Discovery §3, with the paths of providers.md §1.1. Keycloak's has many members
/// more.
pub(super) async fn metadata(State(desk): State<Desk>) -> Json<Value> {
    let issuer = &desk.server.issuer;
    let endpoint = |name: &str| format!("{issuer}/protocol/openid-connect/{name}");
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": endpoint("auth"),
        "token_endpoint": endpoint("token"),
        "end_session_endpoint": endpoint("logout"),
        "jwks_uri": endpoint("certs"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        // Keycloak's default is RS256: see `Signer`.
        "id_token_signing_alg_values_supported": ["HS256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        // RFC 9207 §3.
        "authorization_response_iss_parameter_supported": true,
    }))
}

/// Empty: the key is the sandbox's alone.
pub(super) async fn certs() -> Json<Value> {
    Json(json!({ "keys": [] }))
}
