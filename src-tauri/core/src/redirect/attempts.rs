//! The logins that wait for their redirect, keyed by `state`.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::oneshot;
use url::Url;

use super::response::{AuthorizationResponse, Parameters};
use crate::event::Ignored;
use crate::secret::Secret;

/// A login that waits.
pub struct Waiting {
    /// The attempt's id.
    pub id: String,
    /// Its `state` (RFC 6749 section 10.12), fresh and random.
    pub state: Secret,
    /// Where its response arrives; compared without the query.
    pub redirect_uri: Url,
    /// The issuer that was asked, where it is known.
    pub issuer: Option<String>,
    /// Whether that issuer promised to name itself in its response (RFC 9207 section 3).
    pub issuer_promised: bool,
    /// When it is given up.
    pub expires_at: Timestamp,
}

struct Attempt {
    waiting: Waiting,
    phase: Phase,
}

enum Phase {
    Waiting(oneshot::Sender<AuthorizationResponse>),
    Used,
    GivenUp,
}

/// How many attempts are remembered, so that a late redirect is told why it is late.
const REMEMBERED: usize = 64;

/// The attempts of this process.
#[derive(Default)]
pub struct Attempts {
    all: Mutex<VecDeque<Attempt>>,
}

impl Attempts {
    /// Begins to wait. The receiver ends with an error when the attempt is given up.
    pub fn wait(&self, waiting: Waiting) -> oneshot::Receiver<AuthorizationResponse> {
        let (sender, receiver) = oneshot::channel();
        let mut all = self.lock();
        if all.len() == REMEMBERED {
            all.pop_front();
        }
        all.push_back(Attempt { waiting, phase: Phase::Waiting(sender) });
        receiver
    }

    /// Takes a redirect, whichever way it came, and returns the id of the attempt that it finished.
    ///
    /// The order is that of security.md B7: address, then `state`, and only then what the response says.
    ///
    /// # Errors
    /// Why it was ignored. Nothing has changed then.
    pub fn receive(&self, redirect: &Url, now: Timestamp) -> Result<String, Ignored> {
        let mut all = self.lock();
        if !all.iter().any(|attempt| same_address(&attempt.waiting.redirect_uri, redirect)) {
            return Err(Ignored::NoLoginWaiting);
        }
        let parameters = Parameters::of(redirect)?;
        let state = parameters.state.as_deref().ok_or(Ignored::WrongState)?;
        let attempt = find(&mut all, state).ok_or(Ignored::WrongState)?;
        if !same_address(&attempt.waiting.redirect_uri, redirect) {
            return Err(Ignored::WrongState);
        }
        match &attempt.phase {
            Phase::Used => return Err(Ignored::AlreadyUsed),
            Phase::GivenUp => return Err(Ignored::Expired),
            Phase::Waiting(_) if attempt.waiting.expires_at <= now => return Err(Ignored::Expired),
            Phase::Waiting(_) => {}
        }
        let waiting = &attempt.waiting;
        let response = parameters.response(waiting.issuer.as_deref(), waiting.issuer_promised)?;
        if let Phase::Waiting(sender) = std::mem::replace(&mut attempt.phase, Phase::Used) {
            // The login may just have been given up: then nobody takes it, and nothing has changed.
            let _ = sender.send(response);
        }
        Ok(attempt.waiting.id.clone())
    }

    /// Gives an attempt up. Does nothing when it is finished.
    pub fn give_up(&self, id: &str) {
        let mut all = self.lock();
        if let Some(attempt) = all.iter_mut().find(|attempt| attempt.waiting.id == id)
            && matches!(attempt.phase, Phase::Waiting(_))
        {
            attempt.phase = Phase::GivenUp;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Attempt>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Compares with every attempt, each in constant time, so that timing says nothing of a `state`.
fn find<'a>(all: &'a mut VecDeque<Attempt>, state: &str) -> Option<&'a mut Attempt> {
    all.iter_mut().fold(None, |found, attempt| if attempt.waiting.state.same_as(state) { Some(attempt) } else { found })
}

/// Scheme, host, port and path, exactly.
fn same_address(one: &Url, other: &Url) -> bool {
    let port = Url::port_or_known_default;
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && port(one) == port(other)
        && one.path() == other.path()
        && other.username().is_empty()
        && other.fragment().is_none_or(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn waiting(attempts: &Attempts, state: &str) -> oneshot::Receiver<AuthorizationResponse> {
        attempts.wait(Waiting {
            id: format!("attempt-{state}"),
            state: Secret::new(state),
            redirect_uri: Url::parse("http://127.0.0.1:8079/callback").unwrap(),
            issuer: None,
            issuer_promised: false,
            expires_at: crate::clock::after(NOW, 300),
        })
    }

    fn receive(attempts: &Attempts, redirect: &str) -> Result<String, Ignored> {
        attempts.receive(&Url::parse(redirect).unwrap(), NOW)
    }

    #[test]
    fn b7_b9_what_does_not_belong_changes_nothing_and_the_true_redirect_still_arrives() {
        let attempts = Attempts::default();
        let mut response = waiting(&attempts, "s1");
        for (redirect, why) in [
            ("http://127.0.0.1:8079/callback?error=access_denied", Ignored::WrongState),
            ("http://127.0.0.1:8079/callback?error=access_denied&state=bad", Ignored::WrongState),
            ("http://127.0.0.1:8079/callback?code=x&state=bad", Ignored::WrongState),
            ("http://127.0.0.1:8079/callback?code=x&code=y&state=s1", Ignored::Malformed),
            ("http://127.0.0.1:8079/callback?code=x&state=s1&state=s1", Ignored::Malformed),
            ("http://127.0.0.1:8079/callback?code=x&error=y&state=s1", Ignored::Malformed),
            ("http://127.0.0.1:8079/callback?state=s1", Ignored::Malformed),
            ("http://127.0.0.1:8079/callback?access_token=x&state=s1", Ignored::Malformed),
            ("http://127.0.0.1:8079/other?code=x&state=s1", Ignored::NoLoginWaiting),
            ("http://127.0.0.1:8080/callback?code=x&state=s1", Ignored::NoLoginWaiting),
            ("http://localhost:8079/callback?code=x&state=s1", Ignored::NoLoginWaiting),
            ("dev.keydesk:/callback?code=x&state=s1", Ignored::NoLoginWaiting),
        ] {
            assert_eq!(receive(&attempts, redirect), Err(why), "{redirect}");
            assert!(response.try_recv().is_err());
        }
        let id = receive(&attempts, "http://127.0.0.1:8079/callback?code=good&state=s1&session_state=z").unwrap();
        assert_eq!(id, "attempt-s1");
        assert!(matches!(response.try_recv(), Ok(AuthorizationResponse::Code(code)) if code.same_as("good")));
    }

    #[test]
    fn b8_a_redirect_counts_once() {
        let attempts = Attempts::default();
        let _response = waiting(&attempts, "s1");
        let redirect = "http://127.0.0.1:8079/callback?code=good&state=s1";
        receive(&attempts, redirect).unwrap();
        assert_eq!(receive(&attempts, redirect), Err(Ignored::AlreadyUsed));
    }

    #[test]
    fn b14_a_late_redirect_is_told_that_it_is_late() {
        let attempts = Attempts::default();
        let mut response = waiting(&attempts, "s1");
        let late = crate::clock::after(NOW, 300);
        let redirect = Url::parse("http://127.0.0.1:8079/callback?code=good&state=s1").unwrap();
        assert_eq!(attempts.receive(&redirect, late), Err(Ignored::Expired));
        attempts.give_up("attempt-s1");
        assert_eq!(attempts.receive(&redirect, NOW), Err(Ignored::Expired));
        assert!(response.try_recv().is_err());
    }

    #[test]
    fn b15_attempts_finish_in_any_order() {
        let attempts = Attempts::default();
        let (mut first, mut second) = (waiting(&attempts, "s1"), waiting(&attempts, "s2"));
        receive(&attempts, "http://127.0.0.1:8079/callback?code=two&state=s2").unwrap();
        receive(&attempts, "http://127.0.0.1:8079/callback?code=one&state=s1").unwrap();
        assert!(matches!(first.try_recv(), Ok(AuthorizationResponse::Code(code)) if code.same_as("one")));
        assert!(matches!(second.try_recv(), Ok(AuthorizationResponse::Code(code)) if code.same_as("two")));
    }

    #[test]
    fn b10_an_error_with_the_right_state_ends_the_attempt_in_plain_text() {
        let attempts = Attempts::default();
        let mut response = waiting(&attempts, "s1");
        let long = "x".repeat(5000);
        receive(
            &attempts,
            &format!("http://127.0.0.1:8079/callback?error=access_denied&error_description=%0A{long}&state=s1"),
        )
        .unwrap();
        let Ok(AuthorizationResponse::Error(error)) = response.try_recv() else { panic!("no error") };
        let description = error.error_description.unwrap();
        assert!(description.chars().count() <= 301 && !description.contains('\n'));
    }
}
