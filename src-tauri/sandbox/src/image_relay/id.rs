use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::{Deserialize, Deserializer};

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

/// A number in a body, also as a text: so the vendor's documents write them, and its server reads both.
pub(super) fn either<'de, D: Deserializer<'de>>(value: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Text(String),
    }
    match Either::deserialize(value)? {
        Either::Number(number) => Ok(number),
        Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

/// One of several such numbers.
#[derive(Deserialize)]
pub(super) struct Number(#[serde(deserialize_with = "either")] pub(super) u64);

pub(super) fn number(text: &str) -> Option<u64> {
    text.strip_suffix(".json").unwrap_or(text).parse().ok()
}
