//! What is secret by the name that it stands under.

use reqwest::header::{HeaderName, HeaderValue, SET_COOKIE};
use url::Url;

use super::MASK;

/// Query parameters that let in who sends them.
const LETTING_IN: [&str; 13] = [
    "access_key",
    "access_token",
    "api_key",
    "api_token",
    "apikey",
    "auth_token",
    "client_secret",
    "id_token",
    "key",
    "password",
    "refresh_token",
    "secret",
    "token",
];
/// Those that are worth something while one logs in.
const OF_A_LOGIN: [&str; 5] = ["assertion", "code", "code_verifier", "id_token_hint", "state"];
/// How the names of headers end that let in who sends them.
const HEADERS_LETTING_IN: [&str; 12] = [
    "access-key",
    "api-key",
    "apikey",
    "auth",
    "auth-key",
    "authorization",
    "cookie",
    "credential",
    "password",
    "secret",
    "subscription-key",
    "token",
];

/// Whether a header lets in who sends it, whatever the provider: `Authorization`, `Cookie`, `X-Api-Key`, `Private-Token`.
pub fn header_lets_in(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase().replace('_', "-");
    let is_whole_word = |before: &str| before.is_empty() || before.ends_with('-');
    HEADERS_LETTING_IN.iter().any(|ending| name.strip_suffix(ending).is_some_and(is_whole_word))
}

/// Whether a parameter of a query does. Only by its whole name: a `page_token` lets nobody in.
pub fn parameter_lets_in(name: &str) -> bool {
    is_one_of(&LETTING_IN, name)
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    let name = name.trim().replace('-', "_");
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The URL with the values of secret parameters masked, and without user name and password.
pub fn url(url: &Url) -> String {
    let mut shown = url.clone();
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    if let Some(query) = url.query() {
        shown.set_query(None);
        return format!("{shown}?{}", pairs(query, MASK));
    }
    shown.into()
}

/// A query, or a form, with `instead` in place of the values of secret parameters.
pub fn pairs(text: &str, instead: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if parameter_lets_in(name) || is_one_of(&OF_A_LOGIN, name) => format!("{name}={instead}"),
        _ => pair.to_owned(),
    };
    text.split('&').map(pair).collect::<Vec<_>>().join("&")
}

/// A header's value as it is shown and written down. A cookie lets in who has it, and nobody who masks knows it: of one its
/// name and rules stay.
pub fn header(name: &HeaderName, value: &HeaderValue) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    match text.split_once('=') {
        _ if value.is_sensitive() => MASK.to_owned(),
        Some((cookie, rest)) if name == SET_COOKIE => {
            let rules = rest.find(';').map_or("", |end| &rest[end..]);
            format!("{cookie}={MASK}{rules}")
        }
        _ => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f9_secret_parameters_are_masked_and_the_others_kept() {
        let shown = url(&Url::parse("https://u:p@h.example/a?user_id=1&code=abc&Access_Token=x&api-key=y&b").unwrap());
        assert_eq!(shown, "https://h.example/a?user_id=1&code=•••&Access_Token=•••&api-key=•••&b");
    }

    #[test]
    fn f9_a_header_that_lets_in_is_known_by_how_its_name_ends() {
        for name in
            ["Authorization", "proxy-authorization", "Cookie", "Private-Token", "x-vault-token", "X_API_KEY", "X-Auth"]
        {
            assert!(header_lets_in(name), "{name}");
        }
        for name in ["Idempotency-Key", "X-Token-Type", "X-Broken", "Sec-WebSocket-Key", "X-Author", "Accept", ""] {
            assert!(!header_lets_in(name), "{name}");
        }
        assert!(parameter_lets_in("Api-Key") && !parameter_lets_in("page_token") && !parameter_lets_in("state"));
    }
}
