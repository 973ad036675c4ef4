use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde_json::json;

use super::Desk;
use super::api::Problem;
use super::login::{check, give, minutes};
use crate::account;
use crate::oauth::no_store;

/// `POST /auth-variants/{unit}`: the same login, with its expiry as other APIs say it (providers.md
/// §4 and §6). Nobody's real paths: they are for trying a login call of one's own.
pub(super) async fn log_in(
    State(desk): State<Desk>,
    Path(unit): Path<String>,
    body: Bytes,
) -> Result<impl IntoResponse, Problem> {
    let lifetime = desk.shared.access_token_lifetime();
    let now = SystemTime::now();
    let ends = now + lifetime;
    let expiry = match unit.as_str() {
        "seconds" => Some(json!(lifetime.as_secs())),
        "minutes" => Some(minutes(lifetime)),
        "epoch" => Some(json!(seconds(ends))),
        "instant" => Some(json!(instant(ends))),
        "unreadable" => Some(json!("soon")),
        "jwt" | "none" => None,
        _ => return Err(Problem { status: StatusCode::NOT_FOUND, message: "No such unit" }),
    };
    check(&body)?;
    let token = if unit == "jwt" { jwt(&desk, now, lifetime) } else { desk.shared.random.hex() };
    let mut data = json!({ "token": give(&desk, token, now, lifetime) });
    if let Some(expiry) = expiry {
        data["expiry"] = expiry;
    }
    Ok((no_store(), Json(json!({ "data": data }))))
}

/// A token that says itself when it ends.
fn jwt(desk: &Desk, now: SystemTime, lifetime: Duration) -> String {
    desk.tokens.signer.sign(&json!({
        "sub": account::SUBJECT,
        "jti": desk.shared.random.uuid(),
        "iat": seconds(now),
        "exp": seconds(now + lifetime),
    }))
}

fn seconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn instant(at: SystemTime) -> Option<String> {
    Timestamp::try_from(at).ok().map(|at| at.to_string())
}
