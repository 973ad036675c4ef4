use axum::body::Bytes;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde_json::{Map, Value, json};

use super::authorization_server::Desk;
use super::presentation::{Caller, check};
use super::things::THINGS;
use crate::account;
use crate::oauth::Parameters;

/// The API that the tokens are for.
pub(super) fn router(desk: &Desk) -> Router<Desk> {
    Router::new()
        .route("/me", get(me))
        .route("/things", get(things))
        .route("/echo", post(echo))
        .fallback(unknown_path)
        .layer(from_fn_with_state(desk.clone(), guard))
}

async fn guard(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let query = Parameters::parse(request.uri().query().unwrap_or_default().as_bytes());
    match check(&desk, request.headers(), &query) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Who asks, and by what they showed it.
async fn me(Extension(caller): Extension<Caller>) -> Json<Value> {
    let name = format!("{} {}", account::GIVEN_NAME, account::FAMILY_NAME);
    let person =
        |by: &str| json!({ "authenticated_by": by, "sub": account::SUBJECT, "name": name, "email": account::USERNAME });
    Json(match caller {
        Caller::AccessToken(grant) if grant.subject == account::SUBJECT => {
            let mut me = person("access_token");
            me["client_id"] = json!(grant.client_id);
            me["scope"] = json!(grant.scope);
            me
        }
        // A client on its own behalf: nobody stands behind it.
        Caller::AccessToken(grant) => json!({
            "authenticated_by": "access_token",
            "sub": grant.subject,
            "name": grant.client_id,
            "client_id": grant.client_id,
            "scope": grant.scope,
        }),
        Caller::KeyInHeader => person("api_key_header"),
        Caller::KeyInQuery => person("api_key_query"),
        Caller::Basic => person("basic"),
    })
}

async fn things() -> Json<Value> {
    let things: Vec<_> =
        (1..).zip(THINGS).map(|(id, (name, place))| json!({ "id": id, "name": name, "place": place })).collect();
    Json(json!({ "things": things }))
}

/// Says what came, but for what is secret.
async fn echo(RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Json<Value> {
    let query: Map<_, _> = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .filter(|(name, _)| name != "api_key")
        .map(|(name, value)| (name.into_owned(), json!(value)))
        .collect();
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let body = serde_json::from_slice(&body).unwrap_or_else(|_| json!(String::from_utf8_lossy(&body)));
    Json(json!({ "content_type": content_type, "query": query, "body": body }))
}

async fn unknown_path() -> Response {
    let body = Json(json!({ "error": "not_found", "message": "No such path" }));
    (StatusCode::NOT_FOUND, body).into_response()
}
