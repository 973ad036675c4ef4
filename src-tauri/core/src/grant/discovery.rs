//! The metadata of an authorization server (RFC 8414, OpenID Connect Discovery). What it says is hostile input: every
//! endpoint is checked before it is used, and its issuer must be exactly the one that was asked for.

use serde::Deserialize;
use url::Url;

use super::token_client::TokenClient;
use crate::error::{Error, ErrorCode, Result};
use crate::redact::one_line;
use crate::transport::{authority, check_url, parse_url};

/// The members that are used.
#[derive(Debug, Clone, Deserialize)]
pub struct Metadata {
    /// The issuer, as it names itself.
    pub issuer: String,
    /// Where the browser is sent.
    pub authorization_endpoint: Option<Url>,
    /// Where tokens are asked for.
    pub token_endpoint: Option<Url>,
    /// RFC 8628 section 4.
    pub device_authorization_endpoint: Option<Url>,
    /// RFC 7009 section 2.
    pub revocation_endpoint: Option<Url>,
    /// RFC 7662 section 2.
    pub introspection_endpoint: Option<Url>,
    /// The issuer's keys (RFC 7517 section 5).
    pub jwks_uri: Option<Url>,
    /// Whether authorization responses carry `iss` (RFC 9207 section 3).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// The endpoints, in the order of [`crate::provider::DISCOVERED`].
    pub fn endpoints(&self) -> [Option<&Url>; 4] {
        [
            self.authorization_endpoint.as_ref(),
            self.token_endpoint.as_ref(),
            self.device_authorization_endpoint.as_ref(),
            self.revocation_endpoint.as_ref(),
        ]
    }
}

impl TokenClient {
    /// Reads the metadata of an issuer: where OpenID Connect has it, else where RFC 8414 section 3.1 has it.
    ///
    /// # Errors
    /// `issuer_wrong` when it is another issuer's, `discovery_failed` when there is none, or why there was no answer.
    pub async fn discover(&self, issuer: &str) -> Result<Metadata> {
        let base = parse_url(issuer).map_err(|error| Error { field: Some("issuer".to_owned()), ..error })?;
        let mut last = None;
        for url in places(&base) {
            let answer = self.get(url).await?;
            match serde_json::from_slice::<Metadata>(&answer.body) {
                Ok(metadata) if answer.status == 200 => return checked(metadata, issuer),
                Ok(_) | Err(_) => last = Some(answer.status),
            }
        }
        let why = last.map_or_else(String::new, |status| format!(" (status {status})"));
        let message = format!("{} has no metadata at its well-known addresses{why}.", authority(&base));
        Err(Error { field: Some("issuer".to_owned()), ..Error::new(ErrorCode::DiscoveryFailed, message) })
    }
}

/// The two well-known addresses of an issuer.
fn places(issuer: &Url) -> [Url; 2] {
    let path = issuer.path().trim_end_matches('/');
    let at = |path: String| {
        let mut url = issuer.clone();
        url.set_path(&path);
        url.set_query(None);
        url
    };
    [
        at(format!("{path}/.well-known/openid-configuration")),
        at(format!("/.well-known/oauth-authorization-server{path}")),
    ]
}

/// RFC 8414 section 3.3: letter by letter.
fn checked(metadata: Metadata, issuer: &str) -> Result<Metadata> {
    if metadata.issuer != issuer {
        let named = one_line(&metadata.issuer, 200);
        let message = format!("The server names itself “{named}”. Put the issuer exactly so, if you trust it.");
        return Err(Error { field: Some("issuer".to_owned()), ..Error::new(ErrorCode::IssuerWrong, message) });
    }
    let others = [metadata.introspection_endpoint.as_ref(), metadata.jwks_uri.as_ref()];
    for endpoint in metadata.endpoints().into_iter().chain(others).flatten() {
        check_url(endpoint).map_err(|error| {
            let message = format!("An endpoint in the issuer’s metadata cannot be used. {}", error.message);
            Error::new(ErrorCode::DiscoveryFailed, message)
        })?;
    }
    Ok(metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_looked_for_where_both_documents_have_it() {
        let [openid, oauth] = places(&Url::parse("https://a.example/tenant/").unwrap());
        assert_eq!(openid.as_str(), "https://a.example/tenant/.well-known/openid-configuration");
        assert_eq!(oauth.as_str(), "https://a.example/.well-known/oauth-authorization-server/tenant");
    }

    #[test]
    fn a9_an_issuer_must_be_named_letter_by_letter_and_its_endpoints_must_be_usable() {
        let metadata = |endpoint: &str| Metadata {
            issuer: "https://a.example".to_owned(),
            authorization_endpoint: Some(Url::parse(endpoint).unwrap()),
            token_endpoint: None,
            device_authorization_endpoint: None,
            revocation_endpoint: None,
            introspection_endpoint: None,
            jwks_uri: None,
            authorization_response_iss_parameter_supported: false,
        };
        assert!(checked(metadata("https://b.example/x"), "https://a.example").is_ok());
        for other in ["https://a.example/", "https://A.example", "http://a.example"] {
            assert_eq!(checked(metadata("https://b.example/x"), other).unwrap_err().code, ErrorCode::IssuerWrong);
        }
        for hostile in ["file:///etc/passwd", "http://b.example/", "javascript:alert(1)"] {
            let error = checked(metadata(hostile), "https://a.example").unwrap_err();
            assert_eq!(error.code, ErrorCode::DiscoveryFailed, "{hostile}");
        }
    }
}
