use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// What follows `scheme` in the one Authorization header; two of them are none.
pub(crate) fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    let (named, credentials) = value.split_once(' ')?;
    let single = values.next().is_none();
    (single && named.eq_ignore_ascii_case(scheme)).then(|| credentials.trim())
}

/// The two parts of HTTP Basic authentication (RFC 7617 §2).
pub(crate) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = BASE64_STANDARD.decode(credentials(headers, "Basic")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (username, password) = text.split_once(':')?;
    Some((username.to_owned(), password.to_owned()))
}

/// Whether an Authorization header is there at all, whatever is in it.
pub(crate) fn are_given(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(values: &[&'static str]) -> HeaderMap {
        let pair = |value: &&'static str| (header::AUTHORIZATION, HeaderValue::from_static(value));
        values.iter().map(pair).collect()
    }

    #[test]
    fn one_header_of_the_scheme_is_read() {
        assert_eq!(credentials(&headers(&["bearer abc"]), "Bearer"), Some("abc"));
        assert_eq!(credentials(&headers(&["OAuth abc"]), "Bearer"), None);
        assert_eq!(credentials(&headers(&["Bearer a", "Bearer b"]), "Bearer"), None);
    }

    #[test]
    fn password_may_hold_colons() {
        let given = basic(&headers(&["Basic dXNlcjphOmI="]));
        assert_eq!(given, Some(("user".to_owned(), "a:b".to_owned())));
        assert_eq!(basic(&headers(&["Basic !"])), None);
    }
}
