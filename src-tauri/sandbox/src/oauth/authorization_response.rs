use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::redirect_uri::with_query;

/// Sends the browser back to the client (RFC 6749 §4.1.2).
pub(crate) fn authorization_response(redirect_uri: &str, answer: &[(&str, &str)]) -> Response {
    let headers = [
        (header::LOCATION, with_query(redirect_uri, answer)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    (StatusCode::FOUND, headers).into_response()
}
