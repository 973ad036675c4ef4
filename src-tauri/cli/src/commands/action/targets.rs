//! Targets from the command line: a list, a file, or the rows of a CSV.

use keydesk_core::{ActionView, ConnectionView, Keydesk, Row};

use crate::context::Context;
use crate::failure::Failure;
use crate::secrets;

/// The longest list or CSV.
const LONGEST: u64 = 16 * 1024 * 1024;
/// The most problems that are told.
const PROBLEMS: usize = 10;

/// The targets of `a,b`, of the lines of `@FILE`, or of those of standard input.
///
/// # Errors
/// `invalid_input` when the action has none, or the file cannot be read.
pub fn listed(action: &ActionView, given: &str) -> Result<(String, Vec<String>), Failure> {
    let field = action.target_field.clone();
    let field = field.ok_or_else(|| Failure::usage("targets", format!("{} has no targets.", action.label)))?;
    let text = match given.strip_prefix('@') {
        Some(file) => read("targets", file)?,
        None if given == "-" => read("targets", given)?,
        None => given.to_owned(),
    };
    let targets = text.split(['\n', ',']).map(str::trim).filter(|target| !target.is_empty());
    Ok((field, targets.map(str::to_owned).collect()))
}

/// The rows of a CSV.
///
/// # Errors
/// `invalid_input` that says which lines cannot be used.
pub fn rows(
    context: &Context,
    keydesk: &Keydesk,
    connection: &ConnectionView,
    action: &ActionView,
    file: &str,
) -> Result<Vec<Row>, Failure> {
    let preview = keydesk.preview_csv(&connection.id, &action.id, &read("csv", file)?, None)?;
    if !preview.problems.is_empty() {
        let told = preview.problems.iter().take(PROBLEMS).map(|it| format!("line {}: {}", it.line, it.message));
        return Err(Failure::usage("csv", told.collect::<Vec<_>>().join("\n")));
    }
    for column in preview.columns.iter().filter(|column| !preview.mapping.contains_key(*column)) {
        context.output.note(&format!("keydesk: The column “{column}” fills nothing."));
    }
    Ok(preview.values)
}

fn read(field: &str, file: &str) -> Result<String, Failure> {
    if file == "-" {
        return Ok(secrets::all(LONGEST)?.expose().to_owned());
    }
    std::fs::read_to_string(file).map_err(|error| Failure::usage(field, format!("{file}: {error}")))
}
