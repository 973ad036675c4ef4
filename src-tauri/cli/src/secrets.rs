//! Secrets: from standard input, a line each, or asked for without echo where that is a terminal. Never from arguments.

use std::io::{self, BufRead, IsTerminal, Read, StdinLock};

use keydesk_core::{FieldKind, FieldView, Secret};

use crate::failure::Failure;
use crate::output::Output;

/// The longest line that is taken.
const LONGEST: u64 = 1024 * 1024;

/// Whether somebody can be asked.
pub fn can_ask() -> bool {
    io::stdin().is_terminal()
}

/// Reads the secrets of these fields, in this order.
///
/// # Errors
/// `invalid_input` when standard input ends too early.
pub fn read(fields: &[&FieldView]) -> Result<Vec<(String, Secret)>, Failure> {
    let mut read = Vec::new();
    for (number, field) in fields.iter().enumerate() {
        // A file, such as a token stands in, can only be the last.
        let rest = field.lines && number + 1 == fields.len();
        let secret = if can_ask() { ask(&field.label)? } else { of_stdin(field, rest)? };
        read.push((field.id.clone(), secret));
    }
    Ok(read)
}

/// A secret line that belongs to no field.
///
/// # Errors
/// Standard input has ended.
pub fn line(prompt: &str) -> Result<Secret, Failure> {
    if can_ask() {
        return ask(prompt);
    }
    line_of(&mut io::stdin().lock())?.ok_or_else(|| Failure::usage("stdin", "Standard input has ended."))
}

/// All of standard input, up to so many bytes.
///
/// # Errors
/// It cannot be read, or there is more.
pub fn all(most: u64) -> Result<Secret, Failure> {
    let mut text = String::new();
    io::stdin().lock().take(most + 1).read_to_string(&mut text)?;
    let secret = Secret::new(text);
    if secret.expose().len() as u64 > most {
        return Err(Failure::usage("stdin", format!("There is more than {most} bytes on standard input.")));
    }
    Ok(secret)
}

/// The fields that `--secret-stdin` names.
///
/// # Errors
/// `invalid_input` when one is no secret, or not there.
pub fn named<'a>(keys: &[String], fields: &'a [FieldView]) -> Result<Vec<&'a FieldView>, Failure> {
    let find = |key: &String| {
        let field = crate::find::one("field", key, fields, |field| &field.id)?;
        if field.kind == FieldKind::Secret {
            return Ok(field);
        }
        Err(Failure::usage(key, format!("{} is no secret: --set {key}=…", field.label)))
    };
    keys.iter().map(find).collect()
}

/// Asks for what is no secret.
///
/// # Errors
/// Standard input cannot be read.
pub fn ask_plainly(output: Output, label: &str) -> Result<String, Failure> {
    output.note(&format!("{label}:"));
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

fn ask(label: &str) -> Result<Secret, Failure> {
    Ok(Secret::new(rpassword::prompt_password(format!("{label}: "))?))
}

fn of_stdin(field: &FieldView, rest: bool) -> Result<Secret, Failure> {
    let missing = || {
        let FieldView { id, label, .. } = field;
        Failure::usage(
            id,
            format!("{label} is missing: standard input has a line for each --secret-stdin, in their order."),
        )
    };
    if rest {
        let text = all(LONGEST)?;
        return if text.expose().trim().is_empty() { Err(missing()) } else { Ok(text) };
    }
    line_of(&mut io::stdin().lock())?.ok_or_else(missing)
}

/// A line without its end; none at the end of all.
fn line_of(stdin: &mut StdinLock<'_>) -> Result<Option<Secret>, Failure> {
    let mut line = String::new();
    if stdin.take(LONGEST).read_line(&mut line)? == 0 {
        return Ok(None);
    }
    line.truncate(line.trim_end_matches(['\n', '\r']).len());
    Ok(Some(Secret::new(line)))
}
