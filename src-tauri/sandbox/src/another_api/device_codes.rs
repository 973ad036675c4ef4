use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::oauth::OauthError;
use crate::random::Random;

/// RFC 8628 §6.1: no vowels, so no words; nothing that looks like something else.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// The devices that wait for a person, by their device codes (RFC 8628).
#[derive(Default)]
pub(super) struct DeviceCodes(Mutex<HashMap<String, Waiting>>);

struct Waiting {
    user_code: String,
    client_id: String,
    scope: String,
    expires_at: Instant,
    interval: Duration,
    last_poll: Option<Instant>,
    answer: Answer,
}

/// What the person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    None,
    Allowed,
    Denied,
    /// Allowed, and the device took its tokens.
    Taken,
}

/// What a device shows, and what it keeps.
pub(super) struct DeviceCode {
    pub(super) device_code: String,
    pub(super) user_code: String,
}

/// Who waits behind a user code.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    pub(super) user_code: String,
    pub(super) client_id: String,
    pub(super) scope: String,
}

impl DeviceCodes {
    pub(super) fn give(
        &self,
        random: &Random,
        client_id: &str,
        scope: String,
        lifetime: Duration,
        interval: Duration,
    ) -> DeviceCode {
        let (device_code, user_code) = (random.base64url(), user_code(random));
        let waiting = Waiting {
            user_code: user_code.clone(),
            client_id: client_id.to_owned(),
            scope,
            expires_at: Instant::now() + lifetime,
            interval,
            last_poll: None,
            answer: Answer::None,
        };
        self.entries().insert(device_code.clone(), waiting);
        DeviceCode { device_code, user_code }
    }

    /// A device asks whether the person answered (RFC 8628 §3.5): the scope, if so. Who asks too
    /// often has to wait `step` longer from then on; the RFC lets clients wait five seconds longer.
    pub(super) fn poll(&self, device_code: &str, client_id: &str, step: Duration) -> Result<String, OauthError> {
        let mut entries = self.entries();
        let Some(waiting) = entries.get_mut(device_code).filter(|waiting| waiting.client_id == client_id) else {
            return Err(OauthError::invalid_grant("Device code not valid"));
        };
        let now = Instant::now();
        match waiting.answer {
            Answer::Taken => Err(OauthError::invalid_grant("Device code not valid")),
            Answer::Denied => Err(OauthError::of_device("access_denied", "The person denied the request")),
            _ if now >= waiting.expires_at => Err(OauthError::of_device("expired_token", "The device code is expired")),
            Answer::Allowed => {
                waiting.answer = Answer::Taken;
                Ok(waiting.scope.clone())
            }
            Answer::None => {
                let too_early = waiting.last_poll.is_some_and(|last| now < last + waiting.interval);
                waiting.last_poll = Some(now);
                if too_early {
                    waiting.interval += step;
                    return Err(OauthError::of_device("slow_down", "Asked again too early"));
                }
                Err(OauthError::of_device("authorization_pending", "The person has not answered yet"))
            }
        }
    }

    /// Who waits behind a user code, however it was typed (RFC 8628 §6.1).
    pub(super) fn find(&self, user_code: &str) -> Option<Asking> {
        self.entries().values().find(|waiting| waiting.is_open(user_code)).map(|waiting| Asking {
            user_code: waiting.user_code.clone(),
            client_id: waiting.client_id.clone(),
            scope: waiting.scope.clone(),
        })
    }

    /// Enters the person's answer.
    pub(super) fn answer(&self, user_code: &str, allowed: bool) {
        let mut entries = self.entries();
        if let Some(waiting) = entries.values_mut().find(|waiting| waiting.is_open(user_code)) {
            waiting.answer = if allowed { Answer::Allowed } else { Answer::Denied };
        }
    }

    pub(super) fn revoke_all(&self) {
        self.entries().clear();
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn is_open(&self, user_code: &str) -> bool {
        self.answer == Answer::None && Instant::now() < self.expires_at && plain(&self.user_code).eq(plain(user_code))
    }
}

/// A user code without what people add or leave out.
fn plain(user_code: &str) -> impl Iterator<Item = char> {
    user_code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase())
}

fn user_code(random: &Random) -> String {
    let letters: String =
        random.bytes().iter().take(8).map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
    format!("{}-{}", &letters[..4], &letters[4..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_code_is_found_however_it_was_typed() {
        let random = Random::new().unwrap();
        let codes = DeviceCodes::default();
        let minute = Duration::from_secs(60);
        let given = codes.give(&random, "tv", "things".to_owned(), minute, minute);
        assert_eq!(given.user_code.len(), 9);
        let typed = given.user_code.replace('-', " ").to_lowercase();
        assert_eq!(codes.find(&typed).unwrap().client_id, "tv");
        assert!(codes.find("").is_none());
    }
}
