use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

use super::answers;
use super::authorization_server::Desk;
use super::echo::echo;
use super::presentation::{Caller, check};
use super::things::THINGS;
use crate::account;
use crate::oauth::Parameters;

/// A file that is sent comes back.
const LARGEST_ECHO: usize = 32 * 1024 * 1024;

/// The API that the tokens are for.
pub(super) fn router(desk: &Desk) -> Router<Desk> {
    Router::new()
        .route("/me", get(me))
        .route("/things", get(things))
        .route("/echo", any(echo).layer(DefaultBodyLimit::max(LARGEST_ECHO)))
        .nest("/answers", answers::router())
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

async fn unknown_path() -> Response {
    let body = Json(json!({ "error": "not_found", "message": "No such path" }));
    (StatusCode::NOT_FOUND, body).into_response()
}
