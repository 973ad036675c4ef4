//! The words of a command, as a shell would split it. Nothing in them is expanded.

use std::iter::Peekable;
use std::str::Chars;

use crate::error::{Error, Result};

/// Splits a command: of a POSIX shell, with bash's `$'…'`, or as browsers write one for Windows.
///
/// # Errors
/// `invalid_input` of `text` when a quote is left open.
pub fn words(text: &str) -> Result<Vec<String>> {
    let text = text.replace("\r\n", "\n");
    let text = if text.contains("^\"") || text.contains("^\n") { without_carets(&text) } else { text };
    let plain = without_ansi_quotes(&text)?;
    let mut words = shlex::Shlex::new(&plain);
    let found = words.by_ref().collect();
    if words.had_error { Err(open_quote()) } else { Ok(found) }
}

/// As cmd.exe reads it: a caret takes what follows as it is, and goes on in the next line.
fn without_carets(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '^' => plain.extend(rest.next().map(|next| if next == '\n' { ' ' } else { next })),
            other => plain.push(other),
        }
    }
    plain
}

/// With each `$'…'` as an ordinary quote.
fn without_ansi_quotes(text: &str) -> Result<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '$' if rest.peek() == Some(&'\'') => {
                rest.next();
                let quoted = ansi(&mut rest)?;
                plain.push_str(&shlex::try_quote(&quoted).map_err(|_| no_nul())?);
            }
            '\\' => match rest.next() {
                // It goes on in the next line.
                Some('\n') => {}
                next => plain.extend(std::iter::once(c).chain(next)),
            },
            '\'' | '"' => {
                plain.push(c);
                copy_quote(c, &mut rest, &mut plain);
            }
            other => plain.push(other),
        }
    }
    Ok(plain)
}

fn copy_quote(quote: char, rest: &mut Peekable<Chars<'_>>, plain: &mut String) {
    while let Some(c) = rest.next() {
        plain.push(c);
        match c {
            '\\' if quote == '"' => plain.extend(rest.next()),
            end if end == quote => return,
            _ => {}
        }
    }
}

/// What stands in `$'…'` (POSIX.1-2024, XCU section 2.2.4).
fn ansi(rest: &mut Peekable<Chars<'_>>) -> Result<String> {
    let mut quoted = String::new();
    loop {
        match rest.next().ok_or_else(open_quote)? {
            '\'' => return Ok(quoted),
            '\\' => quoted.push(match rest.next().ok_or_else(open_quote)? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'a' => '\u{7}',
                'b' => '\u{8}',
                'e' | 'E' => '\u{1b}',
                'f' => '\u{c}',
                'v' => '\u{b}',
                'x' => numbered(rest, 16, 2)?,
                'u' => numbered(rest, 16, 4)?,
                'U' => numbered(rest, 16, 8)?,
                digit @ '0'..='7' => {
                    let first = digit.to_digit(8).unwrap_or_default();
                    of_code(number(rest, 8, 2, first))?
                }
                other => other,
            }),
            other => quoted.push(other),
        }
    }
}

fn numbered(rest: &mut Peekable<Chars<'_>>, radix: u32, most: usize) -> Result<char> {
    of_code(number(rest, radix, most, 0))
}

fn number(rest: &mut Peekable<Chars<'_>>, radix: u32, most: usize, first: u32) -> u32 {
    let mut number = first;
    for _ in 0..most {
        let Some(digit) = rest.peek().and_then(|c| c.to_digit(radix)) else { break };
        number = number.wrapping_mul(radix).wrapping_add(digit);
        rest.next();
    }
    number
}

fn of_code(code: u32) -> Result<char> {
    let no = || Error::input("text", "The command holds a character by a number that is none.");
    char::from_u32(code).filter(|c| *c != '\0').ok_or_else(no)
}

fn open_quote() -> Error {
    Error::input("text", "A quote in the command is left open.")
}

fn no_nul() -> Error {
    Error::input("text", "The command holds a NUL.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h7_words_are_split_as_a_shell_does_and_nothing_is_expanded() {
        for (text, expected) in [
            ("curl 'a b' \"c \\\"d\\\" $HOME\" e\\ f", &["curl", "a b", "c \"d\" $HOME", "e f"][..]),
            ("curl \\\n  -H 'x: y' \\\n z", &["curl", "-H", "x: y", "z"]),
            (r"curl $'it\'s\n\x41\u00e9 \\' '$'", &["curl", "it's\nAé \\", "$"]),
            ("curl $(id) `id` ${HOME}", &["curl", "$(id)", "`id`", "${HOME}"]),
            ("curl 'a'\"b\"$'c'", &["curl", "abc"]),
            (
                "curl ^\"https://a.example/^\" ^\r\n  --data ^\"^{\\^\"a\\^\":1^}^\"",
                &["curl", "https://a.example/", "--data", "{\"a\":1}"],
            ),
        ] {
            assert_eq!(words(text).unwrap(), expected, "{text}");
        }
        for open in ["curl 'a", "curl \"a", "curl $'a", r"curl $'\", r"curl $'\x00'"] {
            assert_eq!(words(open).unwrap_err().field.as_deref(), Some("text"), "{open}");
        }
    }
}
