//! Whether an id token is for this login (OpenID Connect Core section 3.1.3.7). Its signature is not checked: it came
//! straight from the token endpoint, over TLS (item 6 there).

use jiff::Timestamp;
use serde_json::Value;

use crate::error::{Error, ErrorCode, Result};
use crate::jwt::DecodedToken;
use crate::secret::Secret;

/// What the id token of a login must say.
pub struct Expected<'a> {
    /// The issuer, where it is known.
    pub issuer: Option<&'a str>,
    /// The client identifier.
    pub client_id: &'a str,
    /// What was sent as `nonce`, where one was.
    pub nonce: Option<&'a Secret>,
}

/// How far the clocks of two machines may differ, in seconds.
const SKEW: i64 = 600;

/// Checks `iss`, `aud`, `azp`, `exp` and `nonce`.
///
/// # Errors
/// `id_token_wrong` that names the claim.
pub fn check(id_token: &Secret, expected: &Expected, now: Timestamp) -> Result<()> {
    let wrong = |what: &str| {
        Err(Error::new(ErrorCode::IdTokenWrong, format!("The id token is not for this login: its {what} is wrong.")))
    };
    let decoded = DecodedToken::of(id_token.expose());
    let Some(claims) = decoded.claims_object() else { return wrong("form") };
    if expected.issuer.is_some_and(|issuer| claims["iss"] != issuer) {
        return wrong("issuer (iss)");
    }
    let audience: Vec<&Value> = match &claims["aud"] {
        Value::Array(several) => several.iter().collect(),
        one => vec![one],
    };
    let party = claims.get("azp");
    let for_us = audience.iter().any(|audience| *audience == expected.client_id);
    if !for_us || party.is_some_and(|party| party != expected.client_id) || (audience.len() > 1 && party.is_none()) {
        return wrong("audience (aud)");
    }
    match decoded.expires_at() {
        Some(end) if end.as_second() + SKEW > now.as_second() => {}
        _ => return wrong("end (exp)"),
    }
    match (expected.nonce, claims["nonce"].as_str()) {
        (None, _) => Ok(()),
        (Some(sent), Some(nonce)) if sent.same_as(nonce) => Ok(()),
        _ => wrong("nonce"),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    fn outcome(change: impl FnOnce(&mut Value)) -> Result<()> {
        let mut claims = json!({"iss": "https://a.example", "aud": "client", "exp": 2000, "nonce": "n-0S6"});
        change(&mut claims);
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let token = Secret::new(format!("{}.{}.c2ln", part(json!({"alg": "RS256"})), part(claims)));
        let nonce = Secret::new("n-0S6");
        let expected = Expected { issuer: Some("https://a.example"), client_id: "client", nonce: Some(&nonce) };
        check(&token, &expected, Timestamp::from_second(1500).unwrap())
    }

    #[test]
    fn a6_an_id_token_that_is_wrong_in_one_claim_is_refused() {
        outcome(|_| ()).unwrap();
        outcome(|claims| claims["aud"] = json!(["client"])).unwrap();
        for (name, value) in [
            ("iss", json!("https://b.example")),
            ("aud", json!("another")),
            ("aud", json!(["client", "another"])),
            ("azp", json!("another")),
            ("exp", json!(800)),
            ("exp", json!(null)),
            ("nonce", json!("another")),
            ("nonce", json!(null)),
        ] {
            let error = outcome(|claims| claims[name] = value.clone()).unwrap_err();
            assert_eq!(error.code, ErrorCode::IdTokenWrong, "{name}: {value}");
        }
    }
}
