use std::time::{Duration, SystemTime};

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::api::Problem;
use crate::account;
use crate::oauth::{Grant, no_store};

/// providers.md §4: the number that the sample sends.
const ACCOUNT_NUMBER: i64 = 12000;

/// A login call. The misspelling is the sample's.
#[derive(Deserialize)]
struct Call {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(rename = "accounNumber")]
    account_number: Option<i64>,
}

/// `POST /auth` (providers.md §4). That a missing account number is as wrong as a wrong password is
/// the sandbox's choice.
pub(super) async fn log_in(State(desk): State<Desk>, body: Bytes) -> Result<impl IntoResponse, Problem> {
    let call = read(&body)?;
    if !account::accepts(&call.username, &call.password) || call.account_number != Some(ACCOUNT_NUMBER) {
        return Err(WRONG);
    }
    let lifetime = desk.shared.access_token_lifetime();
    let token = if desk.shared.options().own_api_blank_token {
        String::new()
    } else {
        give(&desk, desk.shared.random.hex(), SystemTime::now(), lifetime)
    };
    Ok((no_store(), Json(json!({ "authToken": token, "expiresInMinutes": minutes(lifetime) }))))
}

/// `GET /getAccessToken`: the sample's workflow, which hands out the live token to anyone (providers.md §4). How it writes
/// it is not known: here as it comes.
pub(super) async fn hand_out(State(desk): State<Desk>) -> impl IntoResponse {
    let token = give(&desk, desk.shared.random.hex(), SystemTime::now(), desk.shared.access_token_lifetime());
    (no_store(), token)
}

const WRONG: Problem = Problem { status: StatusCode::UNAUTHORIZED, message: "Wrong username or password" };

/// The same check, where no account number is wanted.
pub(super) fn check(body: &[u8]) -> Result<(), Problem> {
    let call = read(body)?;
    if account::accepts(&call.username, &call.password) { Ok(()) } else { Err(WRONG) }
}

fn read(body: &[u8]) -> Result<Call, Problem> {
    let message = "The body must be JSON: username, password, accounNumber";
    serde_json::from_slice(body).map_err(|_| Problem { status: StatusCode::BAD_REQUEST, message })
}

/// Enters a token as good for `lifetime`.
pub(super) fn give(desk: &Desk, token: String, now: SystemTime, lifetime: Duration) -> String {
    let grant = Grant::new("own-api", account::SUBJECT, "", desk.shared.random.uuid());
    let grant = desk.tokens.ledger.enter_directly(grant);
    desk.tokens.ledger.give_access_token(token.clone(), grant.id, now + lifetime);
    token
}

/// Whole where it can be; a lifetime of seconds is a part of a minute.
pub(super) fn minutes(lifetime: Duration) -> Value {
    if lifetime.as_secs().is_multiple_of(60) {
        json!(lifetime.as_secs() / 60)
    } else {
        json!(lifetime.as_secs_f64() / 60.0)
    }
}
