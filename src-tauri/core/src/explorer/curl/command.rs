//! A command of curl, option by option.

use super::options::{Does, long, short};
use crate::error::{Error, Result};

/// What a command says, before it is a request.
#[derive(Debug, Default)]
pub struct Command {
    pub url: Option<String>,
    pub method: Option<String>,
    pub headers: Vec<(String, String)>,
    pub query: Vec<String>,
    /// The pieces of a body, as they are sent.
    pub data: Vec<String>,
    /// A body stands in a file.
    pub has_file: bool,
    pub is_json: bool,
    /// Name and value, and whether the value may name a file.
    pub parts: Vec<(String, bool)>,
    pub get: bool,
    pub head: bool,
    pub follow: bool,
    pub left_out: Vec<String>,
}

impl Command {
    /// Reads the words of a command, the first of which is `curl`.
    ///
    /// # Errors
    /// `invalid_input` of `text` when it is none, or the last option lacks its value.
    pub fn read(words: Vec<String>) -> Result<Self> {
        let mut words = words.into_iter();
        let program = words.next().unwrap_or_default();
        let program = program.rsplit(['/', '\\']).next().unwrap_or_default();
        if !["curl", "curl.exe"].contains(&program) {
            return Err(Error::input("text", "This is not a command of curl: it begins with “curl”."));
        }
        let mut command = Self::default();
        while let Some(word) = words.next() {
            if let Some(name) = word.strip_prefix("--").filter(|name| !name.is_empty()) {
                let does = long(name);
                let value = value(does, &word, None, &mut words)?;
                command.take(does, &word, value);
            } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                command.letters(letters, &mut words)?;
            } else if word != "--" && word != "-" {
                command.address(word);
            }
        }
        Ok(command)
    }

    /// Letters stand together; what follows one with a value is its value.
    fn letters(&mut self, letters: &str, words: &mut impl Iterator<Item = String>) -> Result<()> {
        for (at, letter) in letters.char_indices() {
            let (does, option) = (short(letter), format!("-{letter}"));
            let rest = &letters[at + letter.len_utf8()..];
            let rest = Some(rest).filter(|rest| !rest.is_empty());
            let value = value(does, &option, rest, words)?;
            self.take(does, &option, value);
            if does.has_value() {
                break;
            }
        }
        Ok(())
    }

    fn address(&mut self, url: String) {
        if self.url.is_some() {
            self.leave_out("One more address was left out: a request has one.".to_owned());
        } else {
            self.url = Some(url);
        }
    }

    fn take(&mut self, does: Does, option: &str, value: String) {
        match does {
            Does::Method => self.method = Some(value),
            Does::Header => self.header(&value),
            Does::Data if value.starts_with('@') => self.body_of_file(option),
            Does::Data | Does::RawData => self.data.push(value),
            Does::EncodedData => self.encoded(&value, option),
            Does::Json if value.starts_with('@') => {
                self.is_json = true;
                self.body_of_file(option);
            }
            Does::Json => {
                self.is_json = true;
                self.data.push(value);
            }
            Does::Part => self.parts.push((value, true)),
            Does::TextPart => self.parts.push((value, false)),
            Does::Get => self.get = true,
            Does::Head => self.head = true,
            Does::Cookie => self.leave_out("Cookies were left out: the connection presents its own token.".to_owned()),
            Does::Credential => {
                self.leave_out(format!("“{option}” was left out: the connection presents its own token."));
            }
            Does::UserAgent => self.headers.push(("User-Agent".to_owned(), value)),
            Does::Referer => self.headers.push(("Referer".to_owned(), value)),
            Does::Range => self.headers.push(("Range".to_owned(), format!("bytes={value}"))),
            Does::Url => self.address(value),
            Does::Query => self.query.push(value),
            Does::Follow => self.follow = true,
            Does::Insecure => {
                self.leave_out(format!("“{option}” was left out: certificates are always checked."));
            }
            Does::Nothing => {}
            Does::LeftOut | Does::LeftOutFlag => self.leave_out(format!("“{option}” was left out.")),
        }
    }

    /// `Name: value`, or `Name;` for one without a value. `Name:` takes a header away that curl sends by itself.
    fn header(&mut self, header: &str) {
        if header.starts_with('@') {
            return self.leave_out("Headers in a file were left out: no file is read.".to_owned());
        }
        match header.split_once(':') {
            Some((name, value)) if !value.trim().is_empty() => {
                self.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            None if header.ends_with(';') => {
                self.headers.push((header.trim_end_matches(';').trim().to_owned(), String::new()));
            }
            _ => {}
        }
    }

    /// `content`, `=content`, `name=content`; `@` names a file.
    fn encoded(&mut self, value: &str, option: &str) {
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let file = value.find('@');
        match value.find('=') {
            Some(at) if file.is_none_or(|file| at < file) => {
                let (name, content) = (&value[..at], encode(&value[at + 1..]));
                self.data.push(if name.is_empty() { content } else { format!("{name}={content}") });
            }
            _ if file.is_some() => self.body_of_file(option),
            _ => self.data.push(encode(value)),
        }
    }

    /// What it says still decides the method.
    fn body_of_file(&mut self, option: &str) {
        self.has_file = true;
        self.leave_out(format!("The body of “{option}” was left out: no file is read. Choose it."));
    }

    pub fn leave_out(&mut self, what: String) {
        if !self.left_out.contains(&what) {
            self.left_out.push(what);
        }
    }
}

fn value(does: Does, option: &str, rest: Option<&str>, words: &mut impl Iterator<Item = String>) -> Result<String> {
    if !does.has_value() {
        return Ok(String::new());
    }
    let value = rest.map(str::to_owned).or_else(|| words.next());
    value.ok_or_else(|| Error::input("text", format!("“{option}” lacks its value.")))
}
