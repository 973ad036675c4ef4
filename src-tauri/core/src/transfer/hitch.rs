//! What came between, and whether it is tried again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::carrier::Carrier;
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::{Exchange, NoAnswer, error_of};
use crate::provider::Provider;

/// The first wait, without a word of the server; then twice as long each time, up to the longest.
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(60);
/// So many tries in which nothing moved, and a person is asked: after about four minutes.
const PATIENCE: u32 = 10;

/// What came between.
#[derive(Debug)]
pub enum Hitch {
    /// It passes.
    Later(Error),
    /// The server asks everybody to wait.
    Limited(Error),
    /// It needs a person.
    Over(Error),
}

impl Hitch {
    /// The same, where it concerns no other request.
    pub fn of_this_alone(self) -> Self {
        match self {
            Self::Limited(error) => Self::Later(error),
            other => other,
        }
    }
}

impl From<Error> for Hitch {
    /// What goes wrong before a request leaves.
    fn from(error: Error) -> Self {
        if is_of_the_way(error.code) { Self::Later(error) } else { Self::Over(error) }
    }
}

/// Whether it was the network, or a server that is out of order.
fn is_of_the_way(code: ErrorCode) -> bool {
    use ErrorCode as E;
    matches!(code, E::Unreachable | E::NoReply | E::TimedOut | E::ServerFailed)
}

impl Carrier {
    /// An answer that is good, or what came between. `again` is whether the same may be sent twice.
    pub fn judge(
        &self,
        provider: &Provider,
        outcome: std::result::Result<Exchange, NoAnswer>,
        again: bool,
    ) -> std::result::Result<Exchange, Hitch> {
        let exchange = match outcome {
            Ok(exchange) => exchange,
            // What may have been done is not done again by itself (RFC 9110 section 9.2.2).
            Err(no) if no.sent && !again => return Err(Hitch::Over(no.error)),
            Err(no) => return Err(no.error.into()),
        };
        let Some(error) = error_of(provider, &exchange.answer) else {
            self.pace.answered();
            return match exchange.answer.status {
                300.. => Err(Hitch::Over(elsewhere(exchange.answer.status))),
                _ => Ok(exchange),
            };
        };
        let error = self.means.redactor.mask_error(error);
        Err(match error.code {
            ErrorCode::RateLimited => Hitch::Limited(error),
            ErrorCode::ServerFailed | ErrorCode::TimedOut if again || error.retry_after.is_some() => {
                Hitch::Later(error)
            }
            _ => Hitch::Over(error),
        })
    }

    /// Waits for what passes.
    ///
    /// # Errors
    /// What needs a person, or has not passed after all.
    pub async fn after(&mut self, hitch: Hitch) -> Result<()> {
        let error = match hitch {
            Hitch::Over(error) => return Err(error),
            Hitch::Limited(error) => {
                let wait = error.retry_after.map(|seconds| Duration::from_secs(seconds.into()));
                if !self.pace.hold(wait, self.means.clock.now()) {
                    return Err(error);
                }
                self.remember(error);
                // The next turn waits for it.
                return Ok(());
            }
            Hitch::Later(error) => error,
        };
        let done = self.live.now().done;
        // What was there before and had to be fetched anew is no progress.
        self.tries = if done > self.tries.1 { (1, done) } else { (self.tries.0 + 1, self.tries.1) };
        if self.tries.0 > PATIENCE {
            return Err(error);
        }
        let asked = error.retry_after.map_or(Duration::ZERO, |seconds| Duration::from_secs(seconds.into()));
        let wait = FIRST.saturating_mul(1 << (self.tries.0 - 1)).min(LONGEST).max(asked);
        self.remember(error);
        self.wait(later(self.means.clock.now(), wait)).await;
        Ok(())
    }

    fn remember(&self, error: Error) {
        self.live.change(|now| {
            now.tries += 1;
            now.error = Some(error);
        });
    }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

fn elsewhere(status: u16) -> Error {
    Error::new(ErrorCode::UnexpectedAnswer, "The server sends elsewhere, which Keydesk does not follow.")
        .with_status(status)
}
