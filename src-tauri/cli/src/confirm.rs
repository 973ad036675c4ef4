//! Asks before a run goes to many.

use std::io::{IsTerminal, stderr, stdin};

use keydesk_core::{Error, ErrorCode, RunOptions, Started};

use crate::context::Context;
use crate::failure::Failure;

/// Starts a run; one that goes to many after the person has said so at the terminal.
///
/// # Errors
/// `confirm_needed` where nobody can be asked or the answer is no, or why it cannot be started.
pub async fn started(
    context: &Context,
    start: impl AsyncFn(&RunOptions) -> Result<Started, Error>,
    options: RunOptions,
) -> Result<Started, Failure> {
    match start(&options).await {
        Err(error) if error.code == ErrorCode::ConfirmNeeded && is_agreed(context, &error)? => {
            Ok(start(&RunOptions { confirmed: true, ..options }).await?)
        }
        outcome => Ok(outcome?),
    }
}

fn is_agreed(context: &Context, error: &Error) -> Result<bool, Failure> {
    if context.output.is_json() || !stdin().is_terminal() || !stderr().is_terminal() {
        return Ok(false);
    }
    context.output.note(&format!("{} Send it? [y/N]", error.message));
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
