//! The one place that prints. Results go to standard output; what is said meanwhile, and errors for people, to standard
//! error.

use std::io::{self, ErrorKind, IsTerminal, Write};

use keydesk_core::{Secret, steers};
use serde::Serialize;
use serde_json::json;

use crate::advice;
use crate::exit::Exit;
use crate::failure::Failure;

/// Where a command speaks.
#[derive(Clone, Copy)]
pub struct Output {
    json: bool,
}

impl Output {
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether JSON was asked for.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// A result: as JSON, or in words.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn result<T: Serialize>(self, value: &T, words: impl FnOnce(&T) -> String) -> Result<(), Failure> {
        if self.json {
            let text = serde_json::to_string_pretty(value).map_err(io::Error::from)?;
            return self.print(&text);
        }
        let words = words(value);
        if words.is_empty() { Ok(()) } else { self.print(&words) }
    }

    /// A text and an end of line, whatever was asked for: scripts, pages, files.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn print(self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout();
        let shown = if out.is_terminal() { harmless(text) } else { text.to_owned() };
        let end = if shown.ends_with('\n') { "" } else { "\n" };
        let written = out.write_all(shown.as_bytes()).and_then(|()| out.write_all(end.as_bytes()));
        whole(written.and_then(|()| out.flush()))
    }

    /// A secret that was asked for.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn secret(self, secret: &Secret) -> Result<(), Failure> {
        let mut out = io::stdout();
        whole(out.write_all(secret.expose().as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()))
    }

    /// Says something meanwhile.
    pub fn note(self, text: &str) {
        let mut err = io::stderr();
        let shown = if err.is_terminal() { harmless(text) } else { text.to_owned() };
        // Nobody listens: nothing to say.
        let _ = writeln!(err, "{shown}");
    }

    /// Draws something for who looks at a terminal: not text, and of our own making.
    pub fn draw(self, drawing: &str) {
        let mut err = io::stderr();
        if err.is_terminal() {
            let _ = err.write_all(drawing.as_bytes());
        }
    }

    /// Says why a command failed, and gives what that comes to.
    pub fn failure(self, failure: &Failure) -> Exit {
        let Failure { error, exit } = failure;
        if self.json {
            // Standard output that cannot be written leaves the status to say it.
            let _ = self.result(&json!({ "error": error }), |_| String::new());
            return *exit;
        }
        // The field's key, where the words have only its label.
        let field = error.field.as_deref().filter(|field| !error.message.contains(field));
        let field = field.map(|field| format!(" ({field})")).unwrap_or_default();
        self.note(&format!("keydesk: {}{field}", error.message));
        if let Some(advice) = advice::of(error.code) {
            self.note(advice);
        }
        *exit
    }
}

/// Who reads no further, as `head` does, has what was wanted.
fn whole(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Without the characters that a server could steer a terminal with.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if steers(c) && c != '\n' && c != '\t' { '\u{FFFD}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\x1b[2Jb\r\u{9b}c\td\n\u{202e}"), "a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}c\td\n\u{FFFD}");
    }
}
