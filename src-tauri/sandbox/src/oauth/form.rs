use axum::http::{HeaderMap, header};

use super::error::OauthError;
use super::parameters::Parameters;

const FORM: &str = "application/x-www-form-urlencoded";

/// The parameters of a request at a token endpoint, or at an endpoint of its kind (RFC 6749 §3.2).
pub(crate) fn form(headers: &HeaderMap, body: &[u8]) -> Result<Parameters, OauthError> {
    if !is_form(headers) {
        return Err(OauthError::invalid_request("The body must be application/x-www-form-urlencoded"));
    }
    let form = Parameters::parse(body);
    if form.repeated().is_some() {
        return Err(OauthError::invalid_request("duplicated parameter"));
    }
    Ok(form)
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case(FORM))
}
