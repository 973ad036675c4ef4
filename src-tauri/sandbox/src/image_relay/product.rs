//! What is asked of products beside their rows.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::api::read;
use super::id::Id;
use super::paging::Paging;
use super::problem::Problem;

#[derive(Deserialize)]
struct NewOption {
    value: String,
}

/// The catalog that a product is in.
pub(super) async fn catalog(State(desk): State<Desk>, Id(id): Id) -> Result<Json<Value>, Problem> {
    let library = desk.library();
    let catalog = library.row("products", id).and_then(|product| product["product_catalog_id"].as_u64());
    let catalog = catalog.and_then(|id| library.row("product_catalogs", id));
    catalog.cloned().map(Json).ok_or(Problem::not_found())
}

/// The products of a catalog.
pub(super) async fn of_catalog(State(desk): State<Desk>, Id(id): Id, paging: Paging) -> Result<Response, Problem> {
    let library = desk.library();
    library.row("product_catalogs", id).ok_or(Problem::not_found())?;
    let products = library.rows("products").iter().filter(|product| product["product_catalog_id"] == id);
    Ok(paging.object("products", &products.cloned().collect::<Vec<_>>()))
}

/// Adds what a dimension can be. The body is not documented; a client sends `{"value"}`.
pub(super) async fn add_option(State(desk): State<Desk>, Id(id): Id, body: Bytes) -> Result<Json<Value>, Problem> {
    let NewOption { value } = read(&body)?;
    let mut library = desk.library();
    let dimension = library.table("product_dimensions").get_mut(id).ok_or(Problem::not_found())?;
    if let Some(options) = dimension["options"].as_array_mut() {
        options.push(json!({ "id": id * 100 + options.len() as u64 + 1, "value": value }));
    }
    Ok(Json(dimension.clone()))
}
