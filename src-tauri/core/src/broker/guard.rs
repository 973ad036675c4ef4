//! What is looked at before anything else: whom a request is for, whether a page sent it, how it asks (security.md I4, I5,
//! I9). No answer has a CORS header, so that a page that gets through all the same reads nothing.

use hyper::body::Body;
use hyper::header::ORIGIN;
use hyper::{HeaderMap, Method, Request};

use super::answer::Refusal;
use super::keys::HEADER;
use crate::event::NotHandedOut;
use crate::local_http::MeantFor;

/// Whether a request that came in under the name `authority` may be looked at further.
pub(super) fn admit<B: Body>(request: &Request<B>, authority: &str) -> Result<(), Refusal> {
    let refuse = |reason, message: &str| Err(Refusal::new(reason, message));
    match MeantFor::of(request, authority) {
        MeantFor::Us => {}
        MeantFor::Another => return refuse(NotHandedOut::WrongHost, "This is another host."),
        MeantFor::Unclear => return refuse(NotHandedOut::Malformed, "One Host header and a path, nothing else."),
    }
    if is_from_a_page(request.headers()) {
        return refuse(NotHandedOut::FromAPage, "Pages in a browser are given nothing.");
    }
    if request.method() != Method::GET {
        return refuse(NotHandedOut::WrongMethod, "Tokens are read by GET.");
    }
    if !request.body().is_end_stream() {
        return refuse(NotHandedOut::Malformed, "A GET without a body.");
    }
    Ok(())
}

/// Browsers say so: with `Origin`, or with `Sec-Fetch-Site` (Fetch Metadata), where `none` is an address that the person
/// typed.
fn is_from_a_page(headers: &HeaderMap) -> bool {
    headers.contains_key(ORIGIN) || headers.get_all("sec-fetch-site").iter().any(|site| site.as_bytes() != b"none")
}

/// The secret that a request shows.
pub(super) fn secret(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut shown = headers.get_all(HEADER).iter();
    match (shown.next(), shown.next()) {
        (Some(secret), None) => Ok(secret.to_str().unwrap_or_default()),
        (None, _) => Ok(""),
        (Some(_), Some(_)) => Err(Refusal::new(NotHandedOut::Malformed, "One secret, not several.")),
    }
}
