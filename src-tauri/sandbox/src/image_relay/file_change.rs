//! What is changed of a file: its terms, its keywords, its folders. What these answer is not documented; here the file.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::api::read;
use super::file::shown;
use super::id::{Id, Number, either};
use super::problem::Problem;

#[derive(Deserialize)]
struct Terms {
    terms: Vec<Term>,
    overwrite: bool,
}

#[derive(Deserialize)]
struct Term {
    #[serde(deserialize_with = "either")]
    term_id: u64,
    value: String,
}

#[derive(Deserialize)]
struct Tags {
    tags: Ids,
}

#[derive(Deserialize)]
struct Ids {
    #[serde(default)]
    add_ids: Vec<Number>,
    #[serde(default)]
    remove_ids: Vec<Number>,
}

#[derive(Deserialize)]
struct Folders {
    folder_ids: Vec<Number>,
}

/// Sets terms, or adds to what they hold (IRAPI sections/files.md).
pub(super) async fn terms(State(desk): State<Desk>, Id(id): Id, body: Bytes) -> Result<Json<Value>, Problem> {
    let sent: Terms = read(&body)?;
    let mut library = desk.library();
    let file = library.files.get_mut(id).ok_or(Problem::not_found())?;
    for Term { term_id, value } in sent.terms {
        let mut known = file["terms"].as_array_mut().into_iter().flatten();
        let term = known.find(|term| term["term_id"] == term_id).ok_or(Problem::not_found())?;
        let before = term["value"].as_str().filter(|before| !sent.overwrite && !before.is_empty());
        term["value"] = json!(before.map_or(value.clone(), |before| format!("{before} {value}")));
    }
    Ok(Json(shown(&desk, file)))
}

/// Adds keywords and takes some off. A tag is a keyword (IRAPI sections/keywording.md).
pub(super) async fn tags(State(desk): State<Desk>, Id(id): Id, body: Bytes) -> Result<Json<Value>, Problem> {
    let Tags { tags } = read(&body)?;
    let mut library = desk.library();
    let mut found = library.files.get(id).ok_or(Problem::not_found())?["tags"].as_array().cloned().unwrap_or_default();
    found.retain(|tag| !tags.remove_ids.iter().any(|Number(id)| tag["tag_id"] == *id));
    for Number(added) in tags.add_ids {
        let keyword = library.row("keywords", added).ok_or(Problem::not_found())?;
        if !found.iter().any(|tag| tag["tag_id"] == added) {
            found.push(json!({ "tag_id": added, "value": keyword["name"] }));
        }
    }
    let file = library.files.get_mut(id).ok_or(Problem::not_found())?;
    file["tags"] = json!(found);
    Ok(Json(shown(&desk, file)))
}

/// Into these folders, and out of all others.
pub(super) async fn move_to(State(desk): State<Desk>, Id(id): Id, body: Bytes) -> Result<Json<Value>, Problem> {
    let Folders { folder_ids } = read(&body)?;
    let ids: Vec<u64> = folder_ids.into_iter().map(|Number(id)| id).collect();
    let mut library = desk.library();
    if ids.is_empty() || ids.iter().any(|id| library.folders.get(*id).is_none()) {
        return Err(Problem::not_found());
    }
    let file = library.files.get_mut(id).ok_or(Problem::not_found())?;
    file["folder_ids"] = json!(ids);
    Ok(Json(shown(&desk, file)))
}
