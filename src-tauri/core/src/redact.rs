//! Keeps secrets out of what is written down: URLs by the names of their parameters, any text by the live values.

use std::sync::{Mutex, MutexGuard, PoisonError};

use url::Url;

use crate::error::Error;
use crate::secret::Secret;

const MASK: &str = "•••";

/// Query parameters whose values are never written down.
const SECRET_PARAMETERS: [&str; 14] = [
    "access_token",
    "api_key",
    "apikey",
    "assertion",
    "client_secret",
    "code",
    "code_verifier",
    "id_token",
    "id_token_hint",
    "key",
    "password",
    "refresh_token",
    "state",
    "token",
];

/// The URL with the values of secret parameters masked, and without user name and password.
pub fn url(url: &Url) -> String {
    let mut shown = url.clone();
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    if url.query().is_some() {
        let pairs: Vec<String> = url
            .query()
            .unwrap_or_default()
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, _)) if SECRET_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) => {
                    format!("{name}={MASK}")
                }
                _ => pair.to_owned(),
            })
            .collect();
        shown.set_query(None);
        return format!("{shown}?{}", pairs.join("&"));
    }
    shown.into()
}

/// Masks the secrets that are in use right now, wherever they turn up in text from outside (security.md F9).
#[derive(Default)]
pub struct Redactor {
    live: Mutex<Vec<Live>>,
}

/// A secret of a connection, in one of the forms in which it may be repeated.
struct Live {
    owner: String,
    form: Secret,
}

/// Shorter values would mask ordinary words.
const SHORTEST: usize = 8;
/// So that a long-lived process forgets tokens that were replaced long ago.
const MOST: usize = 512;

impl Redactor {
    /// Remembers a secret of a connection.
    pub fn add(&self, owner: &str, secret: &Secret) {
        if secret.expose().len() < SHORTEST {
            return;
        }
        let mut live = self.lock();
        for form in forms(secret.expose()) {
            if live.iter().any(|known| known.owner == owner && known.form.same_as(form.expose())) {
                continue;
            }
            if live.len() == MOST {
                live.remove(0);
            }
            live.push(Live { owner: owner.to_owned(), form });
        }
    }

    /// Forgets a secret that is spent.
    pub fn remove(&self, owner: &str, secret: &Secret) {
        let spent = forms(secret.expose());
        self.lock().retain(|known| known.owner != owner || !spent.iter().any(|form| form.same_as(known.form.expose())));
    }

    /// Forgets everything of a connection, after it was logged out.
    pub fn forget(&self, owner: &str) {
        self.lock().retain(|known| known.owner != owner);
    }

    /// The text with every remembered secret masked.
    pub fn mask(&self, text: &str) -> String {
        self.lock()
            .iter()
            .map(|known| known.form.expose())
            .fold(text.to_owned(), |text, secret| if text.contains(secret) { text.replace(secret, MASK) } else { text })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The error with every remembered secret masked, and then cut to what is shown: cut first, a secret that stands
    /// across the end would not be known any more.
    pub fn mask_error(&self, mut error: Error) -> Error {
        error.message = one_line(&self.mask(&error.message), 600);
        if let Some(oauth) = &mut error.oauth {
            oauth.error = one_line(&self.mask(&oauth.error), 80);
            oauth.error_description = oauth.error_description.as_ref().map(|text| one_line(&self.mask(text), 300));
        }
        error
    }
}

/// As it is, as JSON may escape it, and as a URL does.
fn forms(secret: &str) -> Vec<Secret> {
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let mut forms = vec![secret.to_owned(), secret.replace('/', "\\/"), encoded];
    forms.dedup();
    forms.into_iter().map(Secret::new).collect()
}

/// Text from outside, made safe to show in a line: no control characters, at most `most` characters (security.md F11).
pub fn one_line(text: &str, most: usize) -> String {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut line: String = clean.clone().take(most).collect();
    if clean.count() > most {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f9_secret_parameters_are_masked_and_the_others_kept() {
        let shown = url(&Url::parse("https://u:p@h.example/a?user_id=1&code=abc&Access_Token=x&b").unwrap());
        assert_eq!(shown, "https://h.example/a?user_id=1&code=•••&Access_Token=•••&b");
    }

    #[test]
    fn f9_live_secrets_are_masked_in_text_from_outside() {
        let redactor = Redactor::default();
        let secret = Secret::new("canary/0123456789");
        redactor.add("a", &secret);
        redactor.add("b", &secret);
        assert_eq!(redactor.mask("token canary/0123456789 is bad"), "token ••• is bad");
        assert_eq!(redactor.mask(r"canary\/0123456789 canary%2F0123456789"), "••• •••");
        redactor.remove("a", &secret);
        assert_eq!(redactor.mask("canary/0123456789"), "•••", "another connection has it too");
        redactor.forget("b");
        assert_eq!(redactor.mask("canary/0123456789"), "canary/0123456789");
    }

    #[test]
    fn f11_text_from_outside_stays_on_its_line() {
        assert_eq!(one_line("a\r\nb\u{1b}[31m", 100), "a  b [31m");
        assert_eq!(one_line("abcdef", 3), "abc…");
    }
}
