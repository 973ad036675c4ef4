use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Answers that a test wants in place of the true ones, by path.
#[derive(Default)]
pub(crate) struct Faults(Mutex<HashMap<String, Fault>>);

struct Fault {
    status: StatusCode,
    body: String,
    times: usize,
}

impl Faults {
    pub(crate) fn plan(&self, path: &str, status: u16, body: &str, times: usize) {
        let fault = Fault {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            body: body.to_owned(),
            times,
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), fault);
    }

    /// The planned answer for a request at `path`, if one is left.
    pub(crate) fn take(&self, path: &str) -> Option<Response> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = faults.get_mut(path).filter(|fault| fault.times > 0)?;
        fault.times -= 1;
        Some(answer(fault))
    }
}

fn answer(fault: &Fault) -> Response {
    let json = serde_json::from_str::<serde::de::IgnoredAny>(&fault.body).is_ok();
    let content_type = if json { "application/json" } else { "text/html; charset=utf-8" };
    let mut response = (fault.status, fault.body.clone()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
