//! Reads what a token endpoint answers (RFC 6749 sections 5.1 and 5.2). Strict in what counts as success, lenient in
//! how a number is written.

use serde_json::{Map, Value};

use crate::error::{Error, ErrorCode, OAuthError, Result};
use crate::redact::one_line;
use crate::secret::Secret;
use crate::transport::Answer;

/// A good answer.
#[derive(Debug)]
pub struct TokenResponse {
    /// Never blank.
    pub access_token: Secret,
    /// A new refresh token, where the server gave one.
    pub refresh_token: Option<Secret>,
    /// Not a credential, but it says who logged in.
    pub id_token: Option<Secret>,
    /// Seconds from now; none where the server did not say, or said nothing that can be used.
    pub expires_in: Option<i64>,
    /// What was granted; none means what was asked for.
    pub scope: Option<String>,
}

impl TokenResponse {
    /// Every secret in it.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        [Some(&self.access_token), self.refresh_token.as_ref(), self.id_token.as_ref()].into_iter().flatten()
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// An OAuth error by its name, `not_a_token_answer` for anything that is no JSON object with a token, or the error
    /// of the status.
    pub fn of(answer: &Answer) -> Result<Self> {
        let object = object(answer);
        if answer.status != 200 {
            return Err(failure(answer, object.as_ref().ok()));
        }
        let object = object?;
        // Some servers answer 200 with an error in it.
        if object.contains_key("error") && !object.contains_key("access_token") {
            return Err(failure(answer, Some(&object)));
        }
        check_token_type(&object)?;
        let Some(access_token) = secret(&object, "access_token")? else {
            return Err(not_a_token("it holds no access_token"));
        };
        Ok(Self {
            access_token,
            refresh_token: secret(&object, "refresh_token")?,
            id_token: secret(&object, "id_token")?,
            expires_in: object.get("expires_in").and_then(seconds),
            scope: object.get("scope").and_then(Value::as_str).map(|scope| one_line(scope, 2000)),
        })
    }
}

fn object(answer: &Answer) -> Result<Map<String, Value>> {
    if answer.truncated {
        return Err(not_a_token("it is larger than 1 MiB"));
    }
    match serde_json::from_slice(&answer.body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => {
            let kind = answer.media_type();
            let kind = if kind.is_empty() { "no media type".to_owned() } else { one_line(&kind, 80) };
            Err(not_a_token(&format!("it is no JSON object ({kind}, {} bytes)", answer.body.len())))
        }
    }
}

fn not_a_token(why: &str) -> Error {
    Error::new(ErrorCode::NotATokenAnswer, format!("The token endpoint’s answer cannot be used: {why}."))
}

/// RFC 6749 section 7.1: a type that is not understood must not be used. A missing one is taken for `Bearer`.
fn check_token_type(object: &Map<String, Value>) -> Result<()> {
    match object.get("token_type").and_then(Value::as_str) {
        None => Ok(()),
        Some(kind) if kind.eq_ignore_ascii_case("bearer") => Ok(()),
        Some(kind) => Err(Error::new(
            ErrorCode::TokenTypeUnknown,
            format!("The server gave a token of type “{}”, which cannot be used.", one_line(kind, 40)),
        )),
    }
}

/// A token that is there must be text and not blank; `null` and an absent one are none.
fn secret(object: &Map<String, Value>, name: &str) -> Result<Option<Secret>> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(Secret::new(text.as_str()))),
        Some(Value::String(_)) => Err(not_a_token(&format!("its {name} is blank"))),
        Some(_) => Err(not_a_token(&format!("its {name} is no text"))),
    }
}

/// Seconds as a number or as text; nothing negative, and no more than a hundred years.
fn seconds(value: &Value) -> Option<i64> {
    const MOST: f64 = 100.0 * 365.25 * 86400.0;
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    if !number.is_finite() || number < 0.0 {
        return None;
    }
    // In range by the two checks above.
    #[allow(clippy::cast_possible_truncation)]
    Some(number.min(MOST) as i64)
}

fn failure(answer: &Answer, object: Option<&Map<String, Value>>) -> Error {
    let text = |name: &str| object?.get(name)?.as_str().map(str::to_owned);
    let Some(error) = text("error") else {
        return Error::of_status(answer.status)
            .unwrap_or_else(|| not_a_token(&format!("it has the status {}", answer.status)).with_status(answer.status))
            .with_wait(answer.retry_after());
    };
    let oauth = OAuthError {
        error: one_line(&error, 80),
        error_description: text("error_description").map(|text| one_line(&text, 300)),
    };
    of_oauth(oauth).with_status(answer.status).with_wait(answer.retry_after())
}

/// The error that an OAuth error code stands for (RFC 6749 section 5.2).
pub fn of_oauth(oauth: OAuthError) -> Error {
    let code = match oauth.error.as_str() {
        "invalid_grant" => ErrorCode::TokenRefused,
        "invalid_client" | "unauthorized_client" => ErrorCode::ClientRefused,
        "access_denied" => ErrorCode::LoginDenied,
        "temporarily_unavailable" | "server_error" => ErrorCode::ServerFailed,
        _ => ErrorCode::AuthorizationRefused,
    };
    let message = format!("The authorization server answered “{}”.", oauth.error);
    Error { oauth: Some(oauth), ..Error::new(code, message) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn answer(status: u16, body: &str) -> Result<TokenResponse> {
        TokenResponse::of(&Answer {
            status,
            headers: reqwest::header::HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            truncated: false,
            took: Duration::ZERO,
        })
    }

    fn code(status: u16, body: &str) -> ErrorCode {
        answer(status, body).unwrap_err().code
    }

    #[test]
    fn d8_every_form_of_expires_in_has_a_meaning() {
        for (value, meaning) in [
            ("7200", Some(7200)),
            ("\"7200\"", Some(7200)),
            ("7199.9", Some(7199)),
            ("0", Some(0)),
            ("-1", None),
            ("1e30", Some(3_155_760_000)),
            ("\"soon\"", None),
            ("null", None),
            ("[]", None),
        ] {
            let response = answer(200, &format!(r#"{{"access_token":"a","expires_in":{value}}}"#)).unwrap();
            assert_eq!(response.expires_in, meaning, "{value}");
        }
        assert_eq!(answer(200, r#"{"access_token":"a"}"#).unwrap().expires_in, None);
    }

    #[test]
    fn d7_bearer_is_known_in_any_case_and_other_types_are_refused() {
        for good in ["bearer", "BEARER", "Bearer"] {
            assert!(answer(200, &format!(r#"{{"access_token":"a","token_type":"{good}"}}"#)).is_ok());
        }
        for bad in ["DPoP", "mac"] {
            let body = format!(r#"{{"access_token":"a","token_type":"{bad}"}}"#);
            assert_eq!(code(200, &body), ErrorCode::TokenTypeUnknown);
        }
    }

    #[test]
    fn d9_blank_and_foreign_tokens_are_errors_and_unknown_members_are_not() {
        for bad in [r#"{"access_token":""}"#, r#"{"access_token":"  "}"#, r#"{"access_token":1}"#, "{}"] {
            assert_eq!(code(200, bad), ErrorCode::NotATokenAnswer, "{bad}");
        }
        assert_eq!(code(200, r#"{"access_token":"a","refresh_token":" "}"#), ErrorCode::NotATokenAnswer);
        assert!(answer(200, r#"{"access_token":"a","not-before-policy":0,"x":{}}"#).is_ok());
    }

    #[test]
    fn d6_only_200_with_a_json_object_counts() {
        for (status, body) in
            [(200, "<html>Log in to the Wi-Fi"), (200, ""), (200, "[1]"), (200, "{\"access_token\":\"a")]
        {
            assert_eq!(code(status, body), ErrorCode::NotATokenAnswer, "{body}");
        }
        for status in [201, 204, 302, 307] {
            assert_eq!(code(status, r#"{"access_token":"a"}"#), ErrorCode::NotATokenAnswer, "{status}");
        }
        assert_eq!(code(503, "down"), ErrorCode::ServerFailed);
        assert_eq!(code(429, ""), ErrorCode::RateLimited);
    }

    #[test]
    fn d12_known_errors_have_a_code_of_their_own_and_the_servers_words_stay_data() {
        assert_eq!(code(400, r#"{"error":"invalid_grant"}"#), ErrorCode::TokenRefused);
        assert_eq!(code(401, r#"{"error":"invalid_client"}"#), ErrorCode::ClientRefused);
        assert_eq!(code(400, r#"{"error":"unauthorized_client"}"#), ErrorCode::ClientRefused);
        assert_eq!(code(400, r#"{"error":"invalid_scope"}"#), ErrorCode::AuthorizationRefused);
        let error = answer(400, r#"{"error":"invalid_grant","error_description":"<b>\nno"}"#).unwrap_err();
        assert_eq!(error.oauth.unwrap().error_description.as_deref(), Some("<b> no"));
    }
}
