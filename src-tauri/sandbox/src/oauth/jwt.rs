use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::random::Random;

/// Signs and checks JWTs with HS256 (RFC 7518 §3.2) and a key of its own.
///
/// A public provider would sign its access tokens with RS256 or the like. HS256 says more honestly
/// that only the sandbox can check them, and needs no key pair.
pub(crate) struct Signer(Hmac<Sha256>);

impl Signer {
    pub(crate) fn new(random: &Random) -> Self {
        let mut key = [0; 64];
        key[..32].copy_from_slice(&random.bytes());
        key[32..].copy_from_slice(&random.bytes());
        Self::with_key(key)
    }

    /// With a key that is known already.
    pub(crate) fn with_key(key: [u8; 64]) -> Self {
        Self(Hmac::new(&key.into()))
    }

    /// The JWS compact serialization of `claims`.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "HS256", "typ": "JWT", "kid": "keydesk-sandbox" });
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.0.clone().chain_update(&signed).finalize().into_bytes();
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    /// The claims of a token that this signer made, whether expired or not.
    pub(crate) fn verify(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.0.clone().chain_update(signed).verify_slice(&signature).ok()?;
        let claims = signed.split('.').nth(1)?;
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

fn encode(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_tokens_pass() {
        let random = Random::new().unwrap();
        let (own, other) = (Signer::new(&random), Signer::new(&random));
        let token = own.sign(&json!({ "sub": "alice" }));
        assert_eq!(own.verify(&token), Some(json!({ "sub": "alice" })));
        assert_eq!(other.verify(&token), None);
        assert_eq!(own.verify(&format!("{token}A")), None);
        assert_eq!(own.verify("no.token"), None);
    }
}
