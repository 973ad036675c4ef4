use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::Desk;
use super::fixtures::FIRST_USER;
use super::id::Id;
use super::paging::Paging;
use super::problem::Problem;
use super::vocabulary::permission;

/// providers.md §2.1: the documented members, and `subdomain`, which was seen live.
pub(super) async fn me(State(desk): State<Desk>) -> Result<Json<Value>, Problem> {
    let mut me = desk.library().users.get(FIRST_USER).cloned().ok_or(Problem::not_found())?;
    me["permissions"] = json!([permission(1)]);
    me["subdomain"] = json!({
        "domain_with_sub_domain": "hillside.imagerelay.example",
        "http_base": format!("{}/image-relay", desk.shared.url),
    });
    Ok(Json(me))
}

pub(super) async fn users(State(desk): State<Desk>, paging: Paging) -> Response {
    paging.array(&desk.shared.url, desk.library().users.rows())
}

pub(super) async fn user(State(desk): State<Desk>, Id(id): Id) -> Result<Json<Value>, Problem> {
    desk.library().users.get(id).cloned().map(Json).ok_or(Problem::not_found())
}

/// LIVE3P in providers.md §2.3: only `q` filters; the documented names are ignored.
pub(super) async fn search(State(desk): State<Desk>, paging: Paging) -> Response {
    let wanted = paging.query.get("q").unwrap_or_default().to_lowercase();
    let matches = |user: &&Value| {
        ["first_name", "last_name", "email"]
            .iter()
            .any(|name| user[*name].as_str().is_some_and(|value| value.to_lowercase().contains(&wanted)))
    };
    let found: Vec<_> = desk.library().users.rows().iter().filter(matches).cloned().collect();
    paging.array(&desk.shared.url, &found)
}
