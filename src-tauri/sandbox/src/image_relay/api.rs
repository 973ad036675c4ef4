use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, post};
use serde::de::DeserializeOwned;

use super::presentation::{Caller, check};
use super::problem::Problem;
use super::resource::Resource;
use super::resources::RESOURCES;
use super::{
    Desk, collection, file, file_change, file_copy, folder, product, quick_link, upload_job, user, version, vocabulary,
    webhook,
};

/// The API. Paths: providers.md §2.3. Which list is paged in which of the two styles: as the examples in the vendor's
/// document are (IRAPI).
pub(super) fn router(desk: &Desk) -> Router<Desk> {
    let mut router = Router::new();
    let own = routes().into_iter().map(|(path, methods)| (path.to_owned(), methods));
    let alike = RESOURCES.iter().flat_map(Resource::routes);
    for (path, methods) in own.chain(alike) {
        // `.json` is optional. After a number it is read with it: see `Id`.
        if !path.ends_with('}') {
            router = router.route(&format!("{path}.json"), methods.clone());
        }
        router = router.route(&path, methods);
    }
    router.fallback(unknown_path).layer(from_fn_with_state(desk.clone(), guard))
}

fn routes() -> [(&'static str, MethodRouter<Desk>); 42] {
    [
        ("/users/me", get(user::me)),
        ("/users", get(user::users)),
        ("/users/search", get(user::search)),
        ("/users/sso_user", post(user::create)),
        ("/users/{id}", get(user::user).put(user::change)),
        ("/users/{id}/quick_links", get(quick_link::of_user)),
        ("/folders", get(folder::folders)),
        ("/folders/root", get(folder::root)),
        ("/folders/{id}", get(folder::folder).put(folder::change).delete(folder::remove)),
        // Two sources spell it so (providers.md §2.3).
        ("/folder/{id}", delete(folder::remove)),
        ("/folders/{id}/children", get(folder::children).post(folder::create)),
        ("/folders/{id}/files", get(file::of_folder)),
        ("/files", post(file::create)),
        ("/files/{id}", get(file::file).delete(file::remove)),
        ("/files/{id}/terms", post(file_change::terms)),
        ("/files/{id}/tags", post(file_change::tags)),
        ("/files/{id}/move", post(file_change::move_to)),
        ("/files/{id}/synced_file", post(file_copy::sync)),
        ("/files/{id}/duplicate", post(file_copy::duplicate)),
        // So the vendor's reference spells it, and two clients with it.
        ("/files/{id}/dupicate", post(file_copy::duplicate)),
        ("/files/{id}/thumbnail", post(file_copy::thumbnail).layer(large())),
        ("/files/{id}/versions", post(version::begin)),
        ("/files/{id}/versions/{uuid}/chunk/{chunk}", post(version::chunk).layer(large())),
        ("/files/{id}/versions/{uuid}/complete", post(version::complete)),
        ("/collections", get(collection::collections).post(collection::create)),
        ("/collections/{id}", get(collection::collection).put(collection::add).delete(collection::remove)),
        ("/collections/{id}/files", get(collection::files)),
        ("/quick_links", get(quick_link::quick_links).post(quick_link::create)),
        ("/quick_links/{id}", get(quick_link::quick_link).delete(quick_link::remove)),
        ("/webhooks", get(webhook::webhooks).post(webhook::create)),
        ("/webhooks/supported", get(webhook::supported)),
        ("/webhooks/{id}", get(webhook::webhook).put(webhook::change).delete(webhook::remove)),
        ("/permissions", get(vocabulary::permissions)),
        ("/permissions/{id}", get(vocabulary::permission_by_id)),
        ("/file_types", get(vocabulary::file_types)),
        ("/file_types/{id}", get(vocabulary::file_type_by_id)),
        ("/products/{id}/catalog", get(product::catalog)),
        ("/product_catalogs/{id}/products", get(product::of_catalog)),
        ("/product_dimensions/{id}/add_option", post(product::add_option)),
        ("/upload_jobs", post(upload_job::create)),
        ("/upload_jobs/{id}", get(upload_job::upload_job)),
        ("/upload_jobs/{id}/files/{file}/chunks/{chunk}", post(upload_job::chunk).layer(large())),
    ]
}

/// For a chunk, or a picture.
fn large() -> DefaultBodyLimit {
    DefaultBodyLimit::max(upload_job::LARGEST_BODY)
}

/// What every path demands, in the order of providers.md §2.2: a User-Agent, no haste, a caller.
async fn guard(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    if !has_user_agent(request.headers()) {
        return (StatusCode::FORBIDDEN, "Forbidden: a User-Agent header is required\n").into_response();
    }
    if let Err(refusal) = desk.tenant.meter.admit(&desk.shared.options()) {
        return refusal.into_response();
    }
    let path = request.uri().path();
    if path.strip_suffix(".json").unwrap_or(path).ends_with("/webhooks/supported") {
        return next.run(request).await;
    }
    match check(request.headers(), &desk.tenant.ledger) {
        Ok(Caller::Viewer) if request.method() != Method::GET => Problem::unauthorized().into_response(),
        Ok(_) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn has_user_agent(headers: &HeaderMap) -> bool {
    headers.get(header::USER_AGENT).is_some_and(|value| !value.as_bytes().trim_ascii().is_empty())
}

async fn unknown_path() -> Problem {
    Problem::not_found()
}

/// A JSON body.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|_| Problem::bad_request("The body is not the JSON that is wanted here"))
}
