//! Two exchanges side by side: address, status, headers and bodies, line by line.

use std::time::{Duration, Instant};

use serde::Serialize;
use similar::{Algorithm, ChangeTag, capture_diff_slices_deadline};
use specta::Type;

use super::exchange::ExchangeDetails;

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names are the facts
pub enum Side {
    Both,
    One,
    Other,
}

/// A line of two exchanges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ComparedLine {
    /// Where it stands.
    pub side: Side,
    /// The line.
    pub text: String,
}

/// After this long, what is left is told as different: texts can be made that take for ever.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn lines(one: &ExchangeDetails, other: &ExchangeDetails) -> Vec<ComparedLine> {
    let (one, other) = (text(one), text(other));
    let until = Some(Instant::now() + PATIENCE);
    let steps = capture_diff_slices_deadline(Algorithm::Patience, &one, &other, until);
    let changes = steps.iter().flat_map(|step| step.iter_changes(&one, &other));
    let line = |(tag, text): (ChangeTag, String)| {
        let side = match tag {
            ChangeTag::Equal => Side::Both,
            ChangeTag::Delete => Side::One,
            ChangeTag::Insert => Side::Other,
        };
        ComparedLine { side, text }
    };
    changes.map(|change| line((change.tag(), change.value()))).collect()
}

fn text(exchange: &ExchangeDetails) -> Vec<String> {
    let row = &exchange.row;
    let status = row.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let mut lines = vec![format!("{} {}", row.method, row.url), status];
    lines.extend(exchange.headers.iter().map(|header| format!("{}: {}", header.name, header.value)));
    lines.push(String::new());
    lines.extend(indented(exchange.body.as_deref().unwrap_or_default()).lines().map(str::to_owned));
    lines
}

/// JSON with each member on a line of its own; its texts and numbers stay as they are. Any other text is hardly touched.
fn indented(text: &str) -> String {
    let is_json = text.trim_start().starts_with(['{', '[']);
    if !is_json {
        return text.to_owned();
    }
    let (mut out, mut depth, mut in_text, mut escaped) = (String::with_capacity(text.len() * 2), 0_usize, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        // Deeper than this it would be spaces only.
        out.extend(std::iter::repeat_n("  ", depth.min(40)));
    };
    for character in text.chars() {
        if in_text {
            in_text = escaped || character != '"';
            escaped = !escaped && character == '\\';
            out.push(character);
            continue;
        }
        match character {
            '{' | '[' => {
                depth += 1;
                out.push(character);
                line(&mut out, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(character);
                line(&mut out, depth);
            }
            ' ' | '\n' | '\r' | '\t' => {}
            ':' => out.push_str(": "),
            other => {
                in_text = other == '"';
                out.push(other);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_laid_out_with_its_texts_and_numbers_as_they_are() {
        let text = r#"{"a":[1.10,12345678901234567890],"b":"x, {\"y\": 1}\\"}"#;
        let laid = "{\n  \"a\": [\n    1.10,\n    12345678901234567890\n  ],\n  \"b\": \"x, {\\\"y\\\": 1}\\\\\"\n}";
        assert_eq!(indented(text), laid);
        assert_eq!(indented("a, b: c"), "a, b: c");
        assert!(indented(&"[".repeat(100_000)).len() < 100_000 * 90);
    }
}
