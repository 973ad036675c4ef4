use std::convert::Infallible;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::oauth::Parameters;

/// providers.md §2.2: 100 a page. `per_page` isn't documented, and works.
const PER_PAGE: usize = 100;

/// Where the API stands: a handler sees what comes after it.
const API: &str = "/image-relay/api/v2";

/// Which page of a list is asked for, and of which list.
pub(super) struct Paging {
    page: usize,
    per_page: usize,
    uri: Uri,
    pub(super) query: Parameters,
}

impl<S: Sync> FromRequestParts<S> for Paging {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let number = |name| query.get(name).and_then(|value| value.parse::<usize>().ok()).filter(|value| *value > 0);
        Ok(Self {
            page: number("page").unwrap_or(1),
            per_page: number("per_page").unwrap_or(PER_PAGE).min(PER_PAGE),
            uri: parts.uri.clone(),
            query,
        })
    }
}

impl Paging {
    /// The first style: an object, with what page it is beside the list.
    pub(super) fn object(&self, name: &str, rows: &[Value]) -> Response {
        let pages = self.pages(rows);
        let previous = (self.page > 1).then(|| self.page - 1);
        let next = (self.page < pages).then(|| self.page + 1);
        Json(json!({
            name: self.slice(rows),
            "pagination": {
                "current": self.page,
                "previous": previous,
                "next": next,
                "per_page": self.per_page,
                "pages": pages,
                "count": rows.len(),
                "prev_page_path": previous.map(|page| self.path_of(page)),
                "next_page_path": next.map(|page| self.path_of(page)),
            },
        }))
        .into_response()
    }

    /// The second style: an array, with the neighbours in a Link header (RFC 8288).
    pub(super) fn array(&self, url: &str, rows: &[Value]) -> Response {
        let mut response = self.bare(rows);
        let link = |page, relation: &str| format!("<{url}{}>; rel=\"{relation}\"", self.path_of(page));
        let previous = (self.page > 1).then(|| link(self.page - 1, "prev"));
        let next = (self.page < self.pages(rows)).then(|| link(self.page + 1, "next"));
        let links: Vec<_> = previous.into_iter().chain(next).collect();
        if let Ok(value) = HeaderValue::try_from(links.join(", "))
            && !links.is_empty()
        {
            response.headers_mut().insert(header::LINK, value);
        }
        response
    }

    /// The second style where the header is still missing: the end shows by a short page only.
    pub(super) fn bare(&self, rows: &[Value]) -> Response {
        Json(self.slice(rows)).into_response()
    }

    fn slice<'a>(&self, rows: &'a [Value]) -> &'a [Value] {
        let from = ((self.page - 1).saturating_mul(self.per_page)).min(rows.len());
        let to = from.saturating_add(self.per_page).min(rows.len());
        &rows[from..to]
    }

    fn pages(&self, rows: &[Value]) -> usize {
        rows.len().div_ceil(self.per_page).max(1)
    }

    /// The same list, another page of it.
    fn path_of(&self, page: usize) -> String {
        let asked = form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes());
        let others = asked.filter(|(name, _)| name != "page");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(others)
            .append_pair("page", &page.to_string())
            .finish();
        format!("{API}{}?{query}", self.uri.path())
    }
}
