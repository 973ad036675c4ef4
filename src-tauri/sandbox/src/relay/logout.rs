use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::authorization_server::Desk;
use super::{client, login_page};
use crate::oauth::{OauthError, Parameters, cannot_start, form, with_query};

/// providers.md §1.2: `client_id`, `post_logout_redirect_uri`, `id_token_hint`; without an id token
/// `client_id`, `redirect_uri`. As in Keycloak, offline tokens outlive the session.
pub(super) async fn current(State(desk): State<Desk>, RawQuery(query): RawQuery) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let claims = parameters.get("id_token_hint").and_then(|hint| desk.server.signer.verify(hint));
    if let Some(sid) = claims.as_ref().and_then(|claims| claims["sid"].as_str()) {
        desk.server.ledger.end_session(sid);
    }
    let target = parameters.get("post_logout_redirect_uri").or_else(|| parameters.get("redirect_uri"));
    match target {
        None => login_page::logged_out(),
        Some(uri) if client::AFTER_LOGOUT.iter().any(|known| known.accepts(uri)) => {
            let state = parameters.get("state").map(|state| ("state", state));
            let location = with_query(uri, state.as_slice());
            (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
        }
        Some(_) => cannot_start("The redirect URI for after the logout is not registered."),
    }
}

/// Keycloak's logout by request: client and refresh token in a form, 204. It ends offline sessions too, and says 400 for
/// a token that it does not know. That Relay's server has it is UNVERIFIED.
pub(super) async fn by_request(
    State(desk): State<Desk>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, OauthError> {
    let form = form(&headers, &body)?;
    let client = form.get("client_id").ok_or(OauthError::invalid_request("Missing parameter: client_id"))?;
    let token = form.get("refresh_token").ok_or(OauthError::invalid_request("Missing parameter: refresh_token"))?;
    desk.server.ledger.revoke(token, client);
    Ok(StatusCode::NO_CONTENT)
}

/// providers.md §1.2: a plain GET.
pub(super) async fn legacy() -> Response {
    login_page::logged_out()
}
