use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::problem::Problem;

/// The one number in a path; `.json` after it is optional (providers.md §2.1).
pub(super) struct Id(pub(super) u64);

impl<S: Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Path(text)) = Path::<String>::from_request_parts(parts, &()).await else {
            return Err(Problem::not_found());
        };
        number(&text).map(Self).ok_or(Problem::not_found())
    }
}

pub(super) fn number(text: &str) -> Option<u64> {
    text.strip_suffix(".json").unwrap_or(text).parse().ok()
}
