use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::api::read;
use super::fixtures::FIRST_USER;
use super::id::{Id, either};
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

#[derive(Deserialize)]
struct Role {
    #[serde(deserialize_with = "either")]
    role_id: u64,
}

#[derive(Deserialize)]
struct New {
    first_name: String,
    last_name: String,
    email: String,
    #[serde(default)]
    company: String,
    #[serde(deserialize_with = "either")]
    role_id: u64,
}

/// PUT: into another permission group.
pub(super) async fn change(State(desk): State<Desk>, Id(id): Id, body: Bytes) -> Result<Json<Value>, Problem> {
    let Role { role_id } = read(&body)?;
    let group = group(role_id)?;
    let mut library = desk.library();
    let user = library.users.get_mut(id).ok_or(Problem::not_found())?;
    user["permission_group_id"] = group;
    Ok(Json(user.clone()))
}

/// One who logs in elsewhere (providers.md §2.3, `sso_user`): 201.
pub(super) async fn create(State(desk): State<Desk>, body: Bytes) -> Result<Response, Problem> {
    let sent: New = read(&body)?;
    let group = group(sent.role_id)?;
    let mut library = desk.library();
    let known = library.users.rows().iter().any(|user| user["email"] == sent.email.as_str());
    if known || !sent.email.contains('@') {
        return Err(Problem::bad_request("email must be an address that no other user has"));
    }
    let user = library.users.insert(json!({
        "login": sent.email,
        "email": sent.email,
        "company": sent.company,
        "first_name": sent.first_name,
        "last_name": sent.last_name,
        "permission_group_id": group,
    }));
    Ok((StatusCode::CREATED, Json(user)).into_response())
}

fn group(id: u64) -> Result<Value, Problem> {
    permission(id).map(|group| group["id"].clone()).ok_or(Problem::bad_request("role_id is no permission group"))
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
