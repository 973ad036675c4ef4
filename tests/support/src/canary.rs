//! Finds a secret in all that a program wrote, in every form in which it might have been written.

use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::memmem;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Failure, Outcome};

// RFC 3986's unreserved characters stay as they are.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
// Shorter ones would be found by chance.
const SHORTEST: usize = 12;

/// A planted secret: unique in the run, so that each place where it turns up is a leak.
#[derive(Clone)]
pub struct Canary {
    name: String,
    forms: Vec<(&'static str, Vec<u8>)>,
}

/// Where a canary was found. Never holds the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// What the secret is called.
    pub secret: String,
    /// The file.
    pub file: PathBuf,
    /// How it was written: "plain", "URL-encoded", "base64" and so on.
    pub form: &'static str,
}

impl fmt::Display for Leak {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} in {} ({})", self.secret, self.file.display(), self.form)
    }
}

impl fmt::Debug for Canary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Canary({})", self.name)
    }
}

impl Canary {
    /// A secret under a name that may be printed.
    ///
    /// # Errors
    /// The secret is so short that it would be found by chance.
    pub fn new(name: impl Into<String>, secret: &str) -> Outcome<Self> {
        let name = name.into();
        if secret.len() < SHORTEST {
            return Err(Failure::new(format!("{name} is shorter than {SHORTEST} characters: it proves nothing")));
        }
        Ok(Self { name, forms: forms_of(secret) })
    }

    /// In which forms the secret is in `bytes`.
    #[must_use]
    pub fn forms_in(&self, bytes: &[u8]) -> Vec<&'static str> {
        let mut found: Vec<_> =
            self.forms.iter().filter(|(_, form)| memmem::find(bytes, form).is_some()).map(|(name, _)| *name).collect();
        found.dedup();
        found
    }

    /// Searches every file under `directory`, whatever its kind.
    ///
    /// # Errors
    /// The directory itself cannot be read.
    pub fn find(directory: &Path, canaries: &[Self]) -> Outcome<Vec<Leak>> {
        let mut leaks = Vec::new();
        for file in files_below(directory)? {
            // A file that went away meanwhile holds nothing.
            let Ok(bytes) = std::fs::read(&file) else {
                continue;
            };
            for canary in canaries {
                leaks.extend(canary.forms_in(&bytes).into_iter().map(|form| canary.leak(&file, form)));
            }
        }
        Ok(leaks)
    }

    /// Says where the secrets are, if they are anywhere.
    ///
    /// # Errors
    /// There are leaks; the message lists them.
    pub fn must_be_nowhere(directory: &Path, canaries: &[Self]) -> Outcome {
        let leaks = Self::find(directory, canaries)?;
        if leaks.is_empty() {
            return Ok(());
        }
        let list: Vec<_> = leaks.iter().map(ToString::to_string).collect();
        Err(Failure::new(format!("{} leaks:\n  {}", leaks.len(), list.join("\n  "))))
    }

    fn leak(&self, file: &Path, form: &'static str) -> Leak {
        Leak { secret: self.name.clone(), file: file.to_path_buf(), form }
    }
}

fn files_below(directory: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            files.extend(files_below(&entry.path()).unwrap_or_default());
        } else if kind.is_file() {
            // Neither links, which lead elsewhere, nor sockets and pipes, which would never end.
            files.push(entry.path());
        }
    }
    Ok(files)
}

fn forms_of(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = secret.as_bytes();
    let encoded = utf8_percent_encode(secret, ENCODED).to_string();
    let mut forms = vec![
        ("plain", bytes.to_vec()),
        // As WebKit keeps local storage.
        ("UTF-16", secret.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("hexadecimal", bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()),
    ];
    if encoded != secret {
        forms.push(("URL-encoded", encoded.to_lowercase_escapes().into_bytes()));
        forms.push(("URL-encoded", encoded.into_bytes()));
    }
    for offset in 0..3 {
        for (name, engine) in [("base64", STANDARD_NO_PAD), ("base64url", URL_SAFE_NO_PAD)] {
            let form = base64_inside(&engine, bytes, offset);
            if !forms.iter().any(|(_, known)| *known == form) {
                forms.push((name, form));
            }
        }
    }
    forms
}

/// What base64 makes of the secret in the midst of something else, after 3n + `offset` bytes: only the characters that
/// depend on nothing but the secret.
fn base64_inside(engine: &impl Engine, secret: &[u8], offset: usize) -> Vec<u8> {
    let padded: Vec<u8> = std::iter::repeat_n(0, offset).chain(secret.iter().copied()).collect();
    let all = engine.encode(&padded).into_bytes();
    let first = (offset * 8).div_ceil(6);
    let end = padded.len() * 8 / 6;
    all[first..end].to_vec()
}

trait LowercaseEscapes {
    fn to_lowercase_escapes(&self) -> String;
}

impl LowercaseEscapes for String {
    fn to_lowercase_escapes(&self) -> String {
        let mut parts = self.split('%');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |all, part| {
            let (escape, rest) = part.split_at(part.len().min(2));
            format!("{all}%{}{rest}", escape.to_lowercase())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "kd-canary/7f+e2 ~tail?";

    #[test]
    fn a_secret_is_found_in_every_form_and_at_every_alignment() {
        let canary = Canary::new("the password", SECRET).unwrap();
        assert_eq!(canary.forms_in(SECRET.as_bytes()), ["plain"]);
        assert_eq!(canary.forms_in(b"a=kd-canary%2F7f%2Be2%20~tail%3F&b"), ["URL-encoded"]);
        assert_eq!(canary.forms_in(b"a=kd-canary%2f7f%2be2%20~tail%3f&b"), ["URL-encoded"]);
        for before in ["", "x", "xy", "xyz"] {
            for after in ["", "1", "12"] {
                let inside = format!("{before}{SECRET}{after}");
                let standard = STANDARD_NO_PAD.encode(&inside);
                let url_safe = URL_SAFE_NO_PAD.encode(&inside);
                assert!(!canary.forms_in(standard.as_bytes()).is_empty(), "base64 after {before:?}");
                assert!(!canary.forms_in(url_safe.as_bytes()).is_empty(), "base64url after {before:?}");
            }
        }
        let utf16: Vec<u8> = SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(canary.forms_in(&utf16), ["UTF-16"]);
        assert!(canary.forms_in(b"kd-canary/7f+e2 ~tale?").is_empty());
    }

    #[test]
    fn leaks_are_named_by_file_and_form_and_never_print_the_secret() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("deep/er")).unwrap();
        std::fs::write(folder.path().join("deep/er/state.bin"), format!("\0\u{1}{SECRET}\0")).unwrap();
        std::fs::write(folder.path().join("clean"), "nothing").unwrap();
        let canary = Canary::new("the password", SECRET).unwrap();
        let leaks = Canary::find(folder.path(), std::slice::from_ref(&canary)).unwrap();
        assert_eq!(leaks.len(), 1);
        assert_eq!(leaks[0].file, folder.path().join("deep/er/state.bin"));
        let report = Canary::must_be_nowhere(folder.path(), std::slice::from_ref(&canary)).unwrap_err();
        let all = format!("{report:?}{report}{leaks:?}{canary:?}");
        assert!(all.contains("state.bin") && all.contains("plain") && !all.contains(SECRET));
    }

    #[test]
    fn a_secret_too_short_to_prove_anything_is_refused() {
        assert!(Canary::new("pin", "1234").is_err());
    }
}
