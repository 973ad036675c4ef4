//! `keydesk call`: any request of the API, with the token.

use clap::Args;
use keydesk_core::{CallAnswer, CallRequest};
use serde_json::Value;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::interrupt::finishing;
use crate::{refusal, secrets};

/// The longest body that is sent.
const LONGEST: u64 = 8 * 1024 * 1024;

/// What `keydesk call` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id
    connection: String,
    /// GET, POST, …
    method: String,
    /// A path below the API's address, or a whole address of it
    path: String,
    /// JSON to send: the text itself, @FILE, or - for standard input
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    body: Option<String>,
}

pub async fn run(context: &Context, arguments: Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let connection = context.unlocked(&arguments.connection).await?;
    let request = CallRequest {
        connection: connection.id,
        method: arguments.method,
        path: arguments.path,
        body: arguments.body.as_deref().map(body).transpose()?,
    };
    let answer = finishing(keydesk.call(&request)).await??;
    context.output.result(&answer, |answer: &CallAnswer| answer.body.clone())?;
    if !context.output.is_json() {
        if let Some(error) = &answer.error {
            context.output.note(&format!("keydesk: {}", error.message));
        }
        if let Some(why) = answer.refusal.as_ref().and_then(refusal::sentence) {
            context.output.note(&why);
        }
        if answer.truncated {
            context.output.note("keydesk: The answer was cut short.");
        }
    }
    Ok(answer.error.as_ref().map_or(Exit::Ok, Exit::of_answer))
}

/// What is wrong with it is said without repeating it.
fn body(given: &str) -> Result<Value, Failure> {
    let no = |why: String| Failure::usage("body", why);
    let text = match given.strip_prefix('@') {
        Some(file) => std::fs::read_to_string(file).map_err(|error| no(format!("{file}: {error}")))?,
        None if given == "-" => secrets::all(LONGEST)?.expose().to_owned(),
        None => given.to_owned(),
    };
    serde_json::from_str(&text)
        .map_err(|error| no(format!("The body is not valid JSON: line {}, column {}.", error.line(), error.column())))
}
