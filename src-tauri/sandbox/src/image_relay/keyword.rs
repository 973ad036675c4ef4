use axum::extract::State;
use axum::response::Response;

use super::Desk;
use super::id::Id;
use super::paging::Paging;
use super::problem::Problem;

/// The keywords of a set.
pub(super) async fn keywords(State(desk): State<Desk>, Id(set): Id, paging: Paging) -> Result<Response, Problem> {
    let library = desk.library();
    library.keyword_sets.get(set).ok_or(Problem::not_found())?;
    Ok(paging.array(&desk.shared.url, &library.keywords.with("keyword_set_id", set)))
}
