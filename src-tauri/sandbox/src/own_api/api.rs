use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Desk;
use crate::account;
use crate::credentials::credentials;
use crate::oauth::Presented;

/// An error of the API; the sample reads none of it (providers.md §4).
#[derive(Debug, Clone, Copy)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    pub(super) message: &'static str,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "message": self.message }))).into_response()
    }
}

pub(super) async fn me(State(desk): State<Desk>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    check(&desk, &headers)?;
    let name = format!("{} {}", account::GIVEN_NAME, account::FAMILY_NAME);
    Ok(Json(json!({ "username": account::USERNAME, "name": name })))
}

pub(super) async fn unknown_path() -> Problem {
    Problem { status: StatusCode::NOT_FOUND, message: "No such path" }
}

/// providers.md §4: `Authorization: Bearer {{token}}`.
pub(super) fn check(desk: &Desk, headers: &HeaderMap) -> Result<(), Problem> {
    let refused = |message| Err(Problem { status: StatusCode::UNAUTHORIZED, message });
    let Some(token) = credentials(headers, "Bearer") else {
        return refused("No token");
    };
    match desk.tokens.ledger.present(token) {
        Presented::Good(_) => Ok(()),
        Presented::Expired => refused("The token expired"),
        Presented::Unknown => refused("Unknown token"),
    }
}
