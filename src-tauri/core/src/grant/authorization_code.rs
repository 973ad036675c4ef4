//! The authorization code grant (RFC 6749 section 4.1) of a native app (RFC 8252), always with PKCE S256 (RFC 7636).

use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use url::Url;

use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;

/// One authorization request: what the browser is sent to, and what its response is checked with.
pub struct AuthorizationRequest {
    /// Where the browser is sent.
    pub url: Url,
    /// 128 random bits (RFC 6749 section 10.12).
    pub state: Secret,
    /// 256 random bits (RFC 7636 section 4.1); stays in this process.
    pub code_verifier: Secret,
    /// For the id token of a login that asks for `openid` (OpenID Connect Core section 3.1.2.1).
    pub nonce: Option<Secret>,
    /// The same in both legs (RFC 6749 section 4.1.3).
    pub redirect_uri: Url,
}

impl AuthorizationRequest {
    /// A fresh request: `state` and verifier are used for it alone.
    ///
    /// # Errors
    /// `invalid_input` when an address of the provider file is none.
    pub fn new(endpoint: &Url, client_id: &str, scope: Option<&str>, redirect_uri: &Url) -> Result<Self> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        // Kept as written: a parsed URL would gain a slash, and servers compare redirect URIs letter by letter.
        let redirect = RedirectUrl::new(redirect_uri.to_string()).map_err(invalid)?;
        let client = oauth2::basic::BasicClient::new(ClientId::new(client_id.to_owned()))
            .set_auth_uri(AuthUrl::new(endpoint.to_string()).map_err(invalid)?)
            .set_redirect_uri(redirect);
        let scopes = scope.unwrap_or_default().split_whitespace().map(|scope| Scope::new(scope.to_owned()));
        let (mut url, state) =
            client.authorize_url(CsrfToken::new_random).add_scopes(scopes).set_pkce_challenge(challenge).url();
        let openid = scope.unwrap_or_default().split_whitespace().any(|scope| scope == "openid");
        let nonce = openid.then(|| Secret::new(CsrfToken::new_random().into_secret()));
        if let Some(nonce) = &nonce {
            url.query_pairs_mut().append_pair("nonce", nonce.expose());
        }
        Ok(Self {
            url,
            nonce,
            state: Secret::new(state.secret()),
            code_verifier: secret_of(verifier),
            redirect_uri: redirect_uri.clone(),
        })
    }
}

fn secret_of(verifier: PkceCodeVerifier) -> Secret {
    Secret::new(verifier.into_secret())
}

fn invalid(error: oauth2::url::ParseError) -> Error {
    Error::new(ErrorCode::InvalidInput, format!("An address of the provider file cannot be used: {error}."))
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use sha2::{Digest, Sha256};

    use super::*;

    fn request() -> AuthorizationRequest {
        let endpoint = Url::parse("https://auth.example/authorize?realm=x").unwrap();
        let redirect = Url::parse("http://127.0.0.1:8079/authorization-code/callback").unwrap();
        AuthorizationRequest::new(&endpoint, "client", Some("openid profile"), &redirect).unwrap()
    }

    fn query(request: &AuthorizationRequest) -> HashMap<String, String> {
        request.url.query_pairs().into_owned().collect()
    }

    #[test]
    fn a2_a3_a4_a11_the_request_asks_for_a_code_with_s256_and_the_configured_scope_only() {
        let request = request();
        let query = query(&request);
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(query["scope"], "openid profile");
        assert_eq!(query["realm"], "x");
        assert_eq!(query["redirect_uri"], "http://127.0.0.1:8079/authorization-code/callback");
        let digest = Sha256::digest(request.code_verifier.expose());
        assert_eq!(query["code_challenge"], URL_SAFE_NO_PAD.encode(digest));
        assert!(!request.url.as_str().contains(request.code_verifier.expose()));
    }

    #[test]
    fn a3_the_example_of_rfc_7636_appendix_b_holds() {
        let verifier = PkceCodeVerifier::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        assert_eq!(challenge.as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a3_a5_a_thousand_attempts_share_neither_state_nor_challenge() {
        let (mut states, mut challenges) = (HashSet::new(), HashSet::new());
        for _ in 0..1000 {
            let request = request();
            let verifier = request.code_verifier.expose();
            assert!((43..=128).contains(&verifier.len()));
            assert!(verifier.chars().all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c)));
            assert!(request.state.expose().len() >= 22);
            assert!(states.insert(request.state.expose().to_owned()));
            assert!(challenges.insert(query(&request)["code_challenge"].clone()));
        }
    }
}
