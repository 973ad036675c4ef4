use axum::http::HeaderMap;
use url::form_urlencoded;

use crate::credentials::{are_given, basic};
use crate::oauth::{OauthError, Parameters, Pkce, RedirectUri, Rules};

/// The public client of "Another API": no secret.
pub const ANOTHER_API_CLIENT_ID: &str = "keydesk-demo";
/// The confidential client of "Another API".
pub const ANOTHER_API_CONFIDENTIAL_CLIENT_ID: &str = "keydesk-demo-service";
/// Its secret. A demo value: it guards nothing, and has the characters that go wrong where RFC 6749
/// §2.3.1 isn't followed to the letter.
pub const ANOTHER_API_CLIENT_SECRET: &str = "a:b%c+e";
/// The demo key that the API of "Another API" takes. It guards nothing.
pub const ANOTHER_API_KEY: &str = "demo-another-api-key-7Hc4Vn1w";

/// Granted where a request names no scope (RFC 6749 §3.3).
pub(super) const DEFAULT_SCOPE: &str = "openid profile offline_access";
pub(super) const SCOPES: &[&str] = &["openid", "profile", "email", "offline_access", "things"];
/// What a client is granted on its own behalf where it names nothing.
pub(super) const SERVICE_SCOPE: &str = "things";

const CALLBACK: &str = "/callback";

/// RFC 8252 §7.3: any port of a loopback literal. localhost is what §8.3 advises against, and what
/// many registrations hold.
pub(super) const RULES: Rules = Rules {
    client_ids: &[ANOTHER_API_CLIENT_ID, ANOTHER_API_CONFIDENTIAL_CLIENT_ID],
    redirect_uris: &[
        RedirectUri::AnyPort { origin: "http://127.0.0.1", path: CALLBACK },
        RedirectUri::AnyPort { origin: "http://[::1]", path: CALLBACK },
        RedirectUri::AnyPort { origin: "http://localhost", path: CALLBACK },
        RedirectUri::Exact("https://hillside.example/callback"),
        RedirectUri::Exact("dev.keydesk:/callback"),
    ],
    scopes: SCOPES,
    pkce: Pkce::Required,
};

/// A client that said who it is, with its secret where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Client {
    pub(super) id: &'static str,
    pub(super) confidential: bool,
}

const CLIENTS: [Client; 2] = [
    Client { id: ANOTHER_API_CLIENT_ID, confidential: false },
    Client { id: ANOTHER_API_CONFIDENTIAL_CLIENT_ID, confidential: true },
];

/// client_secret_basic, client_secret_post, or none for the public client (RFC 6749 §2.3.1).
pub(super) fn authenticate(headers: &HeaderMap, form: &Parameters) -> Result<Client, OauthError> {
    if are_given(headers) {
        return by_basic(headers, form);
    }
    let unknown = OauthError::invalid_client("Unknown client, or its secret is missing or wrong");
    let client = form.get("client_id").and_then(find).ok_or(unknown)?;
    if client.accepts(form.get("client_secret")) { Ok(client) } else { Err(unknown) }
}

fn by_basic(headers: &HeaderMap, form: &Parameters) -> Result<Client, OauthError> {
    if form.get("client_secret").is_some() {
        // RFC 6749 §2.3: no more than one method in a request.
        return Err(OauthError::invalid_request("The client authenticates twice"));
    }
    let wrong = OauthError::invalid_basic_client("Unknown client, or its secret is wrong");
    let (id, secret) = basic(headers).ok_or(wrong)?;
    let (id, secret) = (form_decoded(&id), form_decoded(&secret));
    let client = find(&id).ok_or(wrong)?;
    if form.get("client_id").is_some_and(|named| named != id) {
        return Err(OauthError::invalid_request("client_id is not the client that authenticates"));
    }
    // A public client that sends an empty password has no secret.
    let secret = Some(secret.as_str()).filter(|secret| !secret.is_empty());
    if client.accepts(secret) { Ok(client) } else { Err(wrong) }
}

impl Client {
    fn accepts(self, secret: Option<&str>) -> bool {
        secret == self.confidential.then_some(ANOTHER_API_CLIENT_SECRET)
    }
}

fn find(id: &str) -> Option<Client> {
    CLIENTS.into_iter().find(|client| client.id == id)
}

/// RFC 6749 §2.3.1: both parts of Basic are form-encoded first.
fn form_decoded(text: &str) -> String {
    // A name and no `=` or `&`: those are encoded too.
    let encoded = text.replace('=', "%3D").replace('&', "%26");
    form_urlencoded::parse(encoded.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_form_decoded() {
        assert_eq!(form_decoded("a%3Ab%25c%2Be"), "a:b%c+e");
        assert_eq!(form_decoded("a=b&c"), "a=b&c");
        assert_ne!(form_decoded("a:b%c+e"), "a:b%c+e");
    }
}
