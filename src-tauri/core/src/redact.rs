//! Keeps secrets out of what is written down: URLs by the names of their parameters, any text by the live values.

mod stream;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::header::{HeaderName, HeaderValue, SET_COOKIE};
pub use stream::Masking;
use url::Url;

use crate::error::Error;
use crate::secret::Secret;

/// Stands for what is kept out.
pub const MASK: &str = "•••";

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

/// A header's value as it is shown and written down. A cookie lets in who has it, and nobody who masks knows it: of one its
/// name and rules stay.
pub fn header(name: &HeaderName, value: &HeaderValue) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    match text.split_once('=') {
        _ if value.is_sensitive() => MASK.to_owned(),
        Some((cookie, rest)) if name == SET_COOKIE => {
            let rules = rest.find(';').map_or("", |end| &rest[end..]);
            format!("{cookie}={MASK}{rules}")
        }
        _ => text.into_owned(),
    }
}

/// Masks the secrets that are in use right now, wherever they turn up in text from outside (security.md F9).
#[derive(Default)]
pub struct Redactor {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    live: Vec<Live>,
    /// How often they changed.
    changes: u64,
    /// How many work for each connection.
    at_work: HashMap<String, usize>,
}

impl Known {
    fn keep(&mut self, is_kept: impl FnMut(&Live) -> bool) {
        self.live.retain(is_kept);
        self.changes += 1;
    }
}

/// A secret of a connection, in one of the forms in which it may be repeated.
struct Live {
    owner: String,
    form: Secret,
    /// Its connection was logged out, and somebody still waits for an answer that may repeat it.
    forgotten: bool,
}

/// Somebody works for a connection: what is forgotten meanwhile is masked until all have ended.
pub struct AtWork {
    redactor: Arc<Redactor>,
    owner: String,
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.redactor.ended(&self.owner);
    }
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
        let mut known = self.lock();
        let Known { live, changes, .. } = &mut *known;
        for form in forms(secret.expose()) {
            let same = |known: &&mut Live| known.owner == owner && known.form.same_as(form.expose());
            if let Some(known) = live.iter_mut().find(same) {
                known.forgotten = false;
                continue;
            }
            *changes += 1;
            if live.len() == MOST {
                live.remove(0);
            }
            live.push(Live { owner: owner.to_owned(), form, forgotten: false });
        }
    }

    /// Forgets a secret that is spent.
    pub fn remove(&self, owner: &str, secret: &Secret) {
        let spent = forms(secret.expose());
        let is_spent =
            |known: &Live| known.owner == owner && spent.iter().any(|form| form.same_as(known.form.expose()));
        self.lock().keep(|known| !is_spent(known));
    }

    /// Forgets everything of a connection, after it was logged out; what is still asked with it, when that has ended.
    pub fn forget(&self, owner: &str) {
        let mut known = self.lock();
        if known.at_work.contains_key(owner) {
            known.live.iter_mut().filter(|known| known.owner == owner).for_each(|known| known.forgotten = true);
        } else {
            known.keep(|known| known.owner != owner);
        }
    }

    /// Somebody begins to work for a connection.
    pub fn at_work(self: &Arc<Self>, owner: &str) -> AtWork {
        *self.lock().at_work.entry(owner.to_owned()).or_default() += 1;
        AtWork { redactor: self.clone(), owner: owner.to_owned() }
    }

    fn ended(&self, owner: &str) {
        let mut known = self.lock();
        let Some(left) = known.at_work.get_mut(owner) else { return };
        *left -= 1;
        if *left == 0 {
            known.at_work.remove(owner);
            known.keep(|known| known.owner != owner || !known.forgotten);
        }
    }

    /// The text with every remembered secret masked.
    pub fn mask(&self, text: &str) -> String {
        self.lock()
            .live
            .iter()
            .map(|known| known.form.expose())
            .fold(text.to_owned(), |text, secret| if text.contains(secret) { text.replace(secret, MASK) } else { text })
    }

    /// Its secrets, and as of which change.
    fn now(&self) -> (u64, Vec<Secret>) {
        let known = self.lock();
        (known.changes, known.live.iter().map(|known| known.form.clone()).collect())
    }

    /// The same, if something changed since.
    fn since(&self, change: u64) -> Option<(u64, Vec<Secret>)> {
        let changed = self.lock().changes != change;
        changed.then(|| self.now())
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
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

/// Whether a character steers what shows it: a control, an end of line, or a mark that turns the direction of what stands
/// after it (Unicode UAX 9 section 2).
pub fn steers(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || turns
}

/// Text from outside, made safe to show in a line: nothing that steers, at most `most` characters (security.md F11).
pub fn one_line(text: &str, most: usize) -> String {
    let clean = text.chars().map(|c| if steers(c) { ' ' } else { c });
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
    fn f7_f9_what_is_forgotten_while_somebody_waits_is_masked_until_then_and_then_gone() {
        let redactor = Arc::new(Redactor::default());
        let (old, new) = (Secret::new("canary-old-0123"), Secret::new("canary-new-0123"));
        redactor.add("a", &old);
        let (first, second) = (redactor.at_work("a"), redactor.at_work("a"));
        redactor.forget("a");
        redactor.add("a", &new);
        drop(first);
        assert_eq!(redactor.mask("canary-old-0123"), "•••", "somebody still waits");
        drop(second);
        assert_eq!(redactor.mask("canary-old-0123 canary-new-0123"), "canary-old-0123 •••", "the next login's stays");
        redactor.forget("a");
        assert!(redactor.lock().live.is_empty());
    }

    #[test]
    fn f11_text_from_outside_stays_on_its_line() {
        assert_eq!(one_line("a\r\nb\u{1b}[31m", 100), "a  b [31m");
        assert_eq!(one_line("a\u{202e}b\u{2029}c\u{2066}d", 100), "a b c d");
        assert_eq!(one_line("abcdef", 3), "abc…");
    }
}
