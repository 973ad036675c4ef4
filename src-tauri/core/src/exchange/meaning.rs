//! What an answer means, by the signs in its provider's file.

use serde_json::Value;

use super::daily;
use crate::error::{Error, ErrorCode};
use crate::pointer::text_at;
use crate::provider::{Provider, Sign};
use crate::redact::one_line;
use crate::transport::Answer;

/// What is taken of a server's words; they are cut to what is shown when they were masked.
const MOST: usize = 16 * 1024;

/// Whether an answer says that the token is dead. A token that may not do this is not dead, whatever else the answer
/// looks like (providers.md section 5.3).
pub(super) fn is_dead_token(provider: &Provider, answer: &Answer) -> bool {
    Signs::of(provider, answer.status, &answer.body).dead_token
}

/// What the signs of a provider's file say of an answer.
#[derive(Debug, Clone)]
pub(super) struct Signs {
    /// The token is dead.
    pub dead_token: bool,
    /// It may not do this.
    pub no_permission: bool,
    /// The permission that is missing, where the answer names it.
    pub missing: Option<String>,
    /// The tenant is wrong.
    pub wrong_tenant: bool,
}

impl Signs {
    /// By its status and body.
    pub fn of(provider: &Provider, status: u16, body: &[u8]) -> Self {
        let shown = |signs| shown(signs, status, body);
        let forbids = shown(&provider.no_permission);
        Self {
            dead_token: forbids.is_none() && shown(&provider.dead_token).is_some(),
            no_permission: forbids.is_some(),
            missing: forbids.and_then(|sign| text_at(&json(body), sign.missing.as_deref()?)),
            wrong_tenant: shown(&provider.wrong_tenant).is_some(),
        }
    }
}

/// The error that an answer stands for, in the server's own words where it has some; none for a good one.
pub fn error_of(provider: &Provider, answer: &Answer) -> Option<Error> {
    let error = Error::of_status(answer.status)?;
    let said = said(provider, answer).map(|said| format!(" It says: {said}")).unwrap_or_default();
    let message = format!("{}{said}", error.message);
    if let Some(day) = daily::limit(&provider.api, answer) {
        let retry_after = day.left.and_then(|left| u32::try_from(left.as_secs()).ok());
        return Some(Error { retry_after, ..Error::new(ErrorCode::DailyLimit, message).with_status(answer.status) });
    }
    let no_permission = Signs::of(provider, answer.status, &answer.body).no_permission;
    let code = if no_permission { ErrorCode::NoPermission } else { error.code };
    Some(Error { code, message, ..error }.with_wait(answer.retry_after()))
}

/// The same where only these statuses are good: any other answer is told as “status - body”, as workflows pass it on
/// (providers.md section 4).
pub fn error_unless(good: &[u16], provider: &Provider, answer: &Answer) -> Option<Error> {
    if good.contains(&answer.status) {
        return None;
    }
    let error = error_of(provider, answer);
    let error = error.unwrap_or_else(|| Error::new(ErrorCode::UnexpectedAnswer, "").with_status(answer.status));
    let body = String::from_utf8_lossy(&answer.body);
    let message = match body.trim() {
        "" => answer.status.to_string(),
        body => format!("{} - {}", answer.status, one_line(body, MOST)),
    };
    Some(Error { message, ..error })
}

fn said(provider: &Provider, answer: &Answer) -> Option<String> {
    let text = match answer.media_type().as_str() {
        // Some say it in a line of plain text (providers.md section 2.2).
        "text/plain" => String::from_utf8_lossy(&answer.body).into_owned(),
        _ => {
            let body: Value = serde_json::from_slice(&answer.body).ok()?;
            provider.error_message.iter().find_map(|pointer| text_at(&body, pointer))?
        }
    };
    let line = one_line(text.trim(), MOST);
    (!line.is_empty()).then_some(line)
}

fn shown<'a>(signs: &'a [Sign], status: u16, body: &[u8]) -> Option<&'a Sign> {
    signs.iter().find(|sign| {
        let said = |at: &String| text_at(&json(body), at).is_some_and(|text| sign.is.contains(&text));
        sign.status.contains(&status) && sign.at.as_ref().is_none_or(said)
    })
}

fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}
