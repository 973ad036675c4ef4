//! Reads what a token endpoint answers (RFC 6749 sections 5.1 and 5.2), or any server as its provider file describes it.
//! Strict in what counts as success, lenient in how a number is written.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::clock::seconds_between;
use crate::error::{Error, ErrorCode, OAuthError, Result};
use crate::jwt::{DecodedToken, Members};
use crate::pointer::{at, text_at};
use crate::provider::{Encoding, ExpiresFormat, Inputs, TokenResponseTemplate, fill};
use crate::redact::one_line;
use crate::secret::Secret;
use crate::transport::Answer;

/// When a token ends, as its answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// So many seconds from when it was received.
    In(i64),
    /// At an instant.
    At(Timestamp),
    /// Nobody says, or what is said cannot be used.
    Unknown,
}

/// A good answer.
#[derive(Debug)]
pub struct TokenResponse {
    /// Never blank.
    pub access_token: Secret,
    /// A new refresh token, where the server gave one.
    pub refresh_token: Option<Secret>,
    /// Not a credential, but it says who logged in.
    pub id_token: Option<Secret>,
    /// When the access token ends.
    pub end: End,
    /// What time it was for the server.
    pub date: Option<Timestamp>,
    /// What was granted; none means what was asked for.
    pub scope: Option<String>,
    /// What else is kept for the renewal.
    pub kept: BTreeMap<String, Secret>,
    /// What is remembered with the connection.
    pub remembered: BTreeMap<String, String>,
}

impl TokenResponse {
    /// Every secret in it.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let tokens = [Some(&self.access_token), self.refresh_token.as_ref(), self.id_token.as_ref()];
        tokens.into_iter().flatten().chain(self.kept.values())
    }

    /// Reads an answer. `inputs` are what was sent, for a template that names one of them; `messages` says where an
    /// error answer says what is wrong.
    ///
    /// # Errors
    /// An OAuth error by its name, `not_a_token_answer` for anything that is no JSON object with a token, or the error
    /// of the status.
    pub fn read(
        answer: &Answer,
        template: &TokenResponseTemplate,
        inputs: &Inputs,
        messages: &[String],
    ) -> Result<Self> {
        if !template.status.contains(&answer.status) {
            return Err(failure(answer, messages));
        }
        // “Still good” may be said without a word.
        let object = match template.otherwise {
            Some(_) if answer.body.trim_ascii().is_empty() => Value::Object(serde_json::Map::new()),
            _ => object(answer)?,
        };
        let pointer = |template: &str| fill(template, inputs, Encoding::Plain);
        let token_at = pointer(&template.access_token)?;
        let access_token = secret(&object, &token_at)?;
        // Some servers answer 200 with an error in it.
        let says = |pointer: &String| pointer.starts_with("/error") && text_at(&object, pointer).is_some();
        if access_token.is_none() && (object["error"].is_string() || messages.iter().any(says)) {
            return Err(failure(answer, messages));
        }
        check_token_type(&object)?;
        let otherwise = || {
            let text = fill(template.otherwise.as_deref()?, inputs, Encoding::Plain).ok()?;
            (!text.trim().is_empty()).then(|| Secret::new(text))
        };
        let Some(access_token) = access_token.or_else(otherwise) else {
            return Err(not_a_token(&format!("it holds no {}", token_at.trim_start_matches('/'))));
        };
        let refresh_token = template.refresh_token.as_deref().map(pointer).transpose()?;
        let mut kept = BTreeMap::new();
        for (name, at) in &template.keep {
            kept.extend(text_at(&object, at).map(|value| (name.clone(), Secret::new(value))));
        }
        let remembered = template.remember.iter();
        Ok(Self {
            end: by_our_clock(end(&object, template, inputs, &access_token)?, answer),
            date: answer.date(),
            access_token,
            refresh_token: refresh_token.map(|at| secret(&object, &at)).transpose()?.flatten(),
            id_token: secret(&object, "/id_token")?,
            scope: object["scope"].as_str().map(|scope| one_line(scope, 2000)),
            kept,
            remembered: remembered.filter_map(|(name, at)| Some((name.clone(), text_at(&object, at)?))).collect(),
        })
    }
}

fn object(answer: &Answer) -> Result<Value> {
    if answer.truncated {
        return Err(not_a_token("it is larger than 1 MiB"));
    }
    match serde_json::from_slice(&answer.body) {
        Ok(Value::Object(_)) if has_doubles(&String::from_utf8_lossy(&answer.body)) => {
            Err(not_a_token("one of its members stands in it twice"))
        }
        Ok(object @ Value::Object(_)) => Ok(object),
        _ => {
            let kind = answer.media_type();
            let kind = if kind.is_empty() { "no media type".to_owned() } else { one_line(&kind, 80) };
            Err(not_a_token(&format!("it is not a JSON object ({kind}, {} bytes)", answer.body.len())))
        }
    }
}

/// Whether a member stands twice in an object, or in one inside it. RFC 6749 section 3.2 forbids it, and nobody can say
/// which one counts (RFC 8259 section 4).
fn has_doubles(json: &str) -> bool {
    let Ok(members) = serde_json::from_str::<Members>(json) else { return false };
    members.any_repeats() || members.list.iter().any(|member| has_doubles(&member.value))
}

fn not_a_token(why: &str) -> Error {
    Error::new(ErrorCode::NotATokenAnswer, format!("The server’s answer cannot be used: {why}."))
}

/// RFC 6749 section 7.1: a type that is not understood must not be used. A missing one is taken for `Bearer`.
fn check_token_type(object: &Value) -> Result<()> {
    match object["token_type"].as_str() {
        None => Ok(()),
        Some(kind) if kind.eq_ignore_ascii_case("bearer") => Ok(()),
        Some(kind) => Err(Error::new(
            ErrorCode::TokenTypeUnknown,
            format!("The server gave a token of type “{}”, which cannot be used.", one_line(kind, 40)),
        )),
    }
}

/// A token that is there must be text and not blank; `null` and an absent one are none.
fn secret(object: &Value, pointer: &str) -> Result<Option<Secret>> {
    let name = pointer.trim_start_matches('/');
    match at(object, pointer) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(Secret::new(text))),
        Some(Value::String(_)) => {
            Err(Error::new(ErrorCode::BlankToken, format!("The server answered, and its {name} is blank.")))
        }
        Some(_) => Err(not_a_token(&format!("its {name} is no text"))),
    }
}

fn end(object: &Value, template: &TokenResponseTemplate, inputs: &Inputs, token: &Secret) -> Result<End> {
    let expires = &template.expires;
    let format = expires.format.of(inputs)?;
    let at_pointer = || {
        let pointer = fill(&expires.at, inputs, Encoding::Plain).ok()?;
        at(object, &pointer).filter(|_| !pointer.is_empty())
    };
    let lasts = |factor: f64| at_pointer().and_then(|value| seconds(&value, factor)).map(End::In);
    let text = || at_pointer().and_then(|value| value.as_str().map(|text| text.trim().to_owned()));
    let found = match format {
        ExpiresFormat::Seconds => lasts(1.0),
        ExpiresFormat::Minutes => lasts(60.0),
        ExpiresFormat::Epoch => at_pointer().and_then(|value| seconds(&value, 1.0)).and_then(instant),
        ExpiresFormat::Instant => text().and_then(|text| text.parse().ok()).map(End::At),
        ExpiresFormat::NaiveUtc => text().and_then(|text| naive_utc(&text)).map(End::At),
        ExpiresFormat::JwtExp => DecodedToken::of(token.expose()).expires_at().map(End::At),
        ExpiresFormat::Fixed => {
            let lifetime = expires.seconds.as_deref().and_then(|it| fill(it, inputs, Encoding::Plain).ok());
            lifetime.and_then(|lifetime| seconds(&Value::String(lifetime), 1.0)).map(End::In)
        }
    };
    Ok(found.unwrap_or(End::Unknown))
}

/// An instant is one of the server's clock. Where the server says what time it is for it, the end is so many seconds from
/// now, and a clock that is wrong on this side does no harm (security.md E9).
fn by_our_clock(end: End, answer: &Answer) -> End {
    match (end, answer.date()) {
        (End::At(end), Some(date)) if end > date => End::In(seconds_between(date, end)),
        _ => end,
    }
}

fn instant(seconds: i64) -> Option<End> {
    Timestamp::from_duration(SignedDuration::from_secs(seconds)).ok().map(End::At)
}

/// A date and time without a zone (providers.md section 5.1). One that has a zone after all is taken at its word.
fn naive_utc(text: &str) -> Option<Timestamp> {
    let naive = |text: &str| text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    text.parse().ok().or_else(|| naive(text).map(|zoned| zoned.timestamp()))
}

/// A number or a text that holds one; nothing negative, and no more than a hundred years from now, or 1970.
fn seconds(value: &Value, factor: f64) -> Option<i64> {
    const MOST: f64 = 100.0 * 365.25 * 86400.0;
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())? * factor;
    if !number.is_finite() || number < 0.0 {
        return None;
    }
    // In range by the two checks above.
    #[allow(clippy::cast_possible_truncation)]
    Some(number.min(MOST) as i64)
}

/// What a server says is cut when it was masked: see [`crate::redact::Redactor::mask_error`].
const UNCUT: usize = 16 * 1024;

/// What a refusal means. OAuth's names come first (RFC 6749 section 5.2); else the status, and what the server says.
pub(super) fn failure(answer: &Answer, messages: &[String]) -> Error {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    let said = messages.iter().find_map(|pointer| text_at(&body, pointer)).map(|text| one_line(text.trim(), UNCUT));
    let error = match body["error"].as_str().filter(|error| is_oauth(error) || messages.is_empty()) {
        Some(error) => of_oauth(OAuthError {
            error: one_line(error, UNCUT),
            error_description: body["error_description"].as_str().map(|text| one_line(text, UNCUT)),
        }),
        // A request that a provider file describes: what was sent with it is wrong. Servers differ in how they say so; the page of a
        // gateway before them says nothing of it.
        None if !messages.is_empty() && !is_a_page(answer, &body) && matches!(answer.status, 400 | 401 | 403 | 422) => {
            Error::new(ErrorCode::CredentialsRefused, format!("The server answered {}.", answer.status))
        }
        None => Error::of_status(answer.status)
            .unwrap_or_else(|| not_a_token(&format!("it has the status {}", answer.status))),
    };
    let said = said.map(|said| format!(" It says: {said}")).unwrap_or_default();
    let error = Error { message: format!("{}{said}", error.message), ..error };
    error.with_status(answer.status).with_wait(answer.retry_after())
}

/// Whether it is neither JSON nor empty.
fn is_a_page(answer: &Answer, body: &Value) -> bool {
    body.is_null() && !answer.body.trim_ascii().is_empty()
}

/// The names of RFC 6749 section 5.2. Other servers put what they like there.
fn is_oauth(error: &str) -> bool {
    const NAMES: [&str; 6] = [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    ];
    NAMES.contains(&error)
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
        described(status, body, "", &[])
    }

    /// As a provider file describes it.
    fn described(status: u16, body: &str, template: &str, messages: &[&str]) -> Result<TokenResponse> {
        let answer = Answer {
            status,
            headers: reqwest::header::HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            truncated: false,
            took: Duration::ZERO,
        };
        let messages: Vec<String> = messages.iter().map(|text| (*text).to_owned()).collect();
        TokenResponse::read(&answer, &toml::from_str(template).unwrap(), &Inputs::default(), &messages)
    }

    fn code(status: u16, body: &str) -> ErrorCode {
        answer(status, body).unwrap_err().code
    }

    #[test]
    fn d8_every_form_of_expires_in_has_a_meaning() {
        for (value, meaning) in [
            ("7200", End::In(7200)),
            ("\"7200\"", End::In(7200)),
            ("7199.9", End::In(7199)),
            ("0", End::In(0)),
            ("-1", End::Unknown),
            ("1e30", End::In(3_155_760_000)),
            ("\"soon\"", End::Unknown),
            ("null", End::Unknown),
            ("[]", End::Unknown),
        ] {
            let response = answer(200, &format!(r#"{{"access_token":"a","expires_in":{value}}}"#)).unwrap();
            assert_eq!(response.end, meaning, "{value}");
        }
        assert_eq!(answer(200, r#"{"access_token":"a"}"#).unwrap().end, End::Unknown);
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
        for blank in
            [r#"{"access_token":""}"#, r#"{"access_token":"  "}"#, r#"{"access_token":"a","refresh_token":" "}"#]
        {
            assert_eq!(code(200, blank), ErrorCode::BlankToken, "{blank}");
        }
        for bad in [r#"{"access_token":1}"#, "{}"] {
            assert_eq!(code(200, bad), ErrorCode::NotATokenAnswer, "{bad}");
        }
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

    #[test]
    fn the_end_of_a_token_is_read_in_each_of_its_forms() {
        let at = |text: &str| End::At(text.parse().unwrap());
        for (format, value, meaning) in [
            ("minutes", "30", End::In(1800)),
            ("minutes", "\"1.5\"", End::In(90)),
            ("epoch", "1300819380", at("2011-03-22T18:43:00Z")),
            ("instant", "\"2026-11-22T10:00:00+01:00\"", at("2026-11-22T09:00:00Z")),
            ("instant", "\"2026-11-22T10:00:00\"", End::Unknown),
            ("naive_utc", "\"2026-11-22T03:02:04.774826\"", at("2026-11-22T03:02:04.774826Z")),
            ("naive_utc", "\"tomorrow\"", End::Unknown),
            ("jwt_exp", "1", End::Unknown),
        ] {
            let template =
                format!("access_token = \"/data/token\"\nexpires = {{ at = \"/data/end\", format = \"{format}\" }}");
            let response = described(200, &format!(r#"{{"data":{{"token":"a","end":{value}}}}}"#), &template, &[]);
            assert_eq!(response.unwrap().end, meaning, "{format} {value}");
        }
        let fixed = "expires = { format = \"fixed\", seconds = \"3600\" }";
        assert_eq!(described(200, r#"{"access_token":"a"}"#, fixed, &[]).unwrap().end, End::In(3600));
    }

    #[test]
    fn what_a_described_server_says_of_a_refusal_is_told_in_its_words() {
        let pointers = ["/errors/0/message", "/reason/0"];
        for body in [r#"{"errors":[{"type":"x","message":"No such\nuser"}]}"#, r#"{"reason":["No such user"]}"#] {
            let error = described(401, body, "", &pointers).unwrap_err();
            assert_eq!((error.code, error.status), (ErrorCode::CredentialsRefused, Some(401)));
            assert!(error.message.ends_with("It says: No such user"), "{}", error.message);
        }
        assert_eq!(described(429, "", "", &pointers).unwrap_err().code, ErrorCode::RateLimited);
    }
}
