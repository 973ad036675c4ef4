//! Keeps secrets out of what is written down: URLs by the names of their parameters, any text by the live values.

mod forms;
mod names;
mod secrets;
mod stream;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use forms::forms;
pub use names::{header, header_lets_in, pairs, parameter_lets_in, url};
use secrets::Secrets;
pub use stream::Masking;

use crate::error::Error;
use crate::secret::Secret;

/// Stands for what is kept out.
pub const MASK: &str = "•••";

/// Masks the secrets that are in use right now, wherever they turn up in text from outside (security.md F9).
#[derive(Default)]
pub struct Redactor {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// The one that was named last at the end.
    live: Vec<Live>,
    /// How often they changed.
    changes: u64,
    /// What finds them, as long as they do not change.
    secrets: Option<Arc<Secrets>>,
    /// How many work for each connection.
    at_work: HashMap<String, usize>,
}

impl Known {
    fn keep(&mut self, is_kept: impl FnMut(&Live) -> bool) {
        self.live.retain(is_kept);
        self.changed();
    }

    fn changed(&mut self) {
        self.changes += 1;
        self.secrets = None;
    }

    fn secrets(&mut self) -> Arc<Secrets> {
        let live = &self.live;
        let all = || Arc::new(Secrets::new(live.iter().flat_map(|known| known.forms.iter().cloned())));
        self.secrets.get_or_insert_with(all).clone()
    }
}

/// A secret of a connection.
struct Live {
    owner: String,
    /// How it may be repeated: as it is, and as it may be written.
    forms: Vec<Secret>,
    /// Its connection was logged out, and somebody still waits for an answer that may repeat it.
    forgotten: bool,
}

impl Live {
    fn is(&self, secret: &Secret) -> bool {
        self.forms.first().is_some_and(|itself| itself.same_as(secret.expose()))
    }
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
/// So many are known of one connection. Beyond that the one goes that was named longest ago: what is in use is named again at
/// each renewal, so it is one that was replaced long ago, and nobody works with it. No connection is in another's way.
const MOST: usize = 128;

impl Redactor {
    /// Remembers a secret of a connection.
    pub fn add(&self, owner: &str, secret: &Secret) {
        if secret.expose().len() < SHORTEST {
            return;
        }
        let mut known = self.lock();
        let of_owner = |known: &Live| known.owner == owner;
        let same = known.live.iter().position(|live| of_owner(live) && live.is(secret));
        if let Some(mut again) = same.map(|at| known.live.remove(at)) {
            again.forgotten = false;
            return known.live.push(again);
        }
        if known.live.iter().filter(|live| of_owner(live)).count() >= MOST
            && let Some(oldest) = known.live.iter().position(of_owner)
        {
            known.live.remove(oldest);
        }
        known.live.push(Live { owner: owner.to_owned(), forms: forms(secret.expose()), forgotten: false });
        known.changed();
    }

    /// Forgets a secret that is spent.
    pub fn remove(&self, owner: &str, secret: &Secret) {
        self.lock().keep(|known| known.owner != owner || !known.is(secret));
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
        self.now().1.mask(text)
    }

    /// What finds its secrets, and as of which change.
    fn now(&self) -> (u64, Arc<Secrets>) {
        let mut known = self.lock();
        (known.changes, known.secrets())
    }

    /// The same, if something changed since.
    fn since(&self, change: u64) -> Option<(u64, Arc<Secrets>)> {
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
    fn f9_of_very_many_secrets_of_a_connection_those_go_that_were_named_longest_ago_and_none_of_another() {
        let redactor = Redactor::default();
        let token = |number: usize| Secret::new(format!("canary-token-{number:04}"));
        let (kept, idle) = (Secret::new("canary/client-secret"), Secret::new("canary/idle-token"));
        redactor.add("idle", &idle);
        for number in 0..1000 {
            redactor.add("a", &kept);
            redactor.add("a", &token(number));
        }
        let masked = |secret: &Secret| redactor.mask(secret.expose()) == MASK;
        assert!(masked(&idle) && masked(&kept), "what is in use");
        let known: Vec<usize> = (0..1000).filter(|number| masked(&token(*number))).collect();
        assert_eq!(known, (1000 - (MOST - 1)..1000).collect::<Vec<_>>(), "the newest");
        assert_eq!(redactor.lock().live.len(), MOST + 1);
    }

    #[test]
    fn f11_text_from_outside_stays_on_its_line() {
        assert_eq!(one_line("a\r\nb\u{1b}[31m", 100), "a  b [31m");
        assert_eq!(one_line("a\u{202e}b\u{2029}c\u{2066}d", 100), "a b c d");
        assert_eq!(one_line("abcdef", 3), "abc…");
    }
}
