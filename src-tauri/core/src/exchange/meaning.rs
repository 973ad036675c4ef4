//! What an answer means, by the signs in its provider's file.

use serde_json::Value;

use crate::error::{Error, ErrorCode};
use crate::pointer::text_at;
use crate::provider::{Provider, Sign};
use crate::redact::one_line;
use crate::transport::Answer;

/// Whether an answer says that the token is dead. A token that may not do this is not dead, whatever else the answer
/// looks like (providers.md section 5.3).
pub(super) fn is_dead_token(provider: &Provider, answer: &Answer) -> bool {
    !shows(&provider.no_permission, answer) && shows(&provider.dead_token, answer)
}

/// The error that an answer stands for, in the server's own words where it has some; none for a good one.
pub fn error_of(provider: &Provider, answer: &Answer) -> Option<Error> {
    let error = Error::of_status(answer.status)?;
    let code = if shows(&provider.no_permission, answer) { ErrorCode::NoPermission } else { error.code };
    let said = said(provider, answer).map(|said| format!(" It says: {said}")).unwrap_or_default();
    Some(Error { code, message: format!("{}{said}", error.message), ..error }.with_wait(answer.retry_after()))
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
    // Cut when it was masked.
    let line = one_line(text.trim(), 16 * 1024);
    (!line.is_empty()).then_some(line)
}

fn shows(signs: &[Sign], answer: &Answer) -> bool {
    signs.iter().any(|sign| {
        sign.status.contains(&answer.status)
            && sign.at.as_ref().is_none_or(|at| {
                let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
                text_at(&body, at).is_some_and(|text| sign.is.contains(&text))
            })
    })
}
