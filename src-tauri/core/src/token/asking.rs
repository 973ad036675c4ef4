//! The request of a renewal: what may be sent, once more where no answer came, and what is in doubt then (security.md E3, E5, E6).

use std::time::Duration;

use super::TokenSet;
use super::owner::Owner;
use super::renew_by::{self, login_needed};
use super::renewal::ENDS;
use super::slot::Slot;
use super::tokens::Tokens;
use crate::error::{Error, ErrorCode, Result};
use crate::event::KeptIn;
use crate::grant::TokenResponse;
use crate::secret::Secret;

/// Between a request whose answer was lost and the same once more.
const PAUSE: Duration = Duration::from_millis(800);

impl Tokens {
    /// Asks; once more where no answer came. What is then still in doubt waits for the person, unless it is known that
    /// this server leaves the refresh token as it is.
    pub(super) async fn ask(&self, slot: &Slot, owner: &Owner, set: &TokenSet) -> Result<TokenResponse> {
        let Some(token) = set.spent_by_renewal(owner) else {
            // Nothing is spent by it: there is nothing to be in doubt about.
            slot.state().in_doubt = false;
            return self.ask_once(owner, set).await;
        };
        self.must_be_unspent(slot, owner, token)?;
        let left_open = self.journal.is_open(&owner.connection, token);
        if !self.journal.sent(&owner.connection, token) {
            self.can_be_kept(&owner.connection, set).await?;
        }
        let first = self.ask_once(owner, set).await;
        let lost = is_lost(&first);
        // Of one that was left open, this is the second try.
        let outcome = if lost && !left_open {
            tokio::time::sleep(PAUSE).await;
            self.ask_once(owner, set).await
        } else {
            first
        };
        let unsure = set.rotates != Some(false) && !is_answered(&outcome);
        // What was left open and could not be sent now is not in more doubt than it was.
        let sent = !matches!(&outcome, Err(error) if error.code == ErrorCode::Unreachable);
        let in_doubt = unsure && (lost || is_lost(&outcome) || left_open && sent);
        slot.state().in_doubt = in_doubt;
        let error = match outcome {
            Ok(response) => return Ok(response),
            Err(error) if in_doubt => return Err(doubtful(error)),
            Err(error) => error,
        };
        if !(unsure && left_open) {
            self.journal.done(&owner.connection);
        }
        Err(if error.code == ErrorCode::TokenRefused && (lost || left_open) { spent(error) } else { error })
    }

    async fn ask_once(&self, owner: &Owner, set: &TokenSet) -> Result<TokenResponse> {
        renew_by::ask(set, owner, set.seconds_left(self.clock.now())).await
    }

    /// A refresh token that is known to be spent is not sent: a server that sees it twice may end the login everywhere.
    fn must_be_unspent(&self, slot: &Slot, owner: &Owner, token: &Secret) -> Result<()> {
        let connection = &owner.connection;
        if !self.journal.is_spent(connection, token) {
            return Ok(());
        }
        // The same would be found again and again.
        slot.state().in_doubt = true;
        Err(login_needed(if self.journal.is_spent_and_unkept(connection, token) {
            "The last renewal could not be kept, and the server has given a new refresh token for the one that is: unlock the \
             keychain or the file while Keydesk still runs, or log in."
        } else if self.store.kept_in() == KeptIn::Memory {
            "Another Keydesk has renewed this login or made another one, and this one keeps tokens in memory only: use what it \
             has, or log in."
        } else {
            "The refresh token that is kept was used before, as after a backup was put back, and the server gives nothing for it \
             any more: log in."
        }))
    }

    /// Where the journal cannot be written, as on a full disk, the new refresh token may have no place either: then the old one is
    /// not spent. Tried with what is kept already.
    async fn can_be_kept(&self, connection: &str, set: &TokenSet) -> Result<()> {
        if self.store.kept_in() == KeptIn::Memory {
            return Ok(());
        }
        self.store.write(connection, &set.to_json()).await.map_err(|error| Error {
            message: format!("{} Nothing was sent: the new refresh token could not be kept.", error.message),
            ..error
        })
    }
}

/// Whether the request may have been answered without the answer coming here. A 408 is an answer.
fn is_lost(outcome: &Result<TokenResponse>) -> bool {
    let lost = |error: &Error| matches!(error.code, ErrorCode::NoReply | ErrorCode::TimedOut);
    matches!(outcome, Err(error) if lost(error) && error.status.is_none())
}

/// Whether the authorization server itself has said what became of the refresh token (RFC 6749 sections 5.1 and 5.2). An error of
/// a gateway, or of another page, leaves that open.
fn is_answered(outcome: &Result<TokenResponse>) -> bool {
    outcome.as_ref().map_or_else(|error| error.oauth.is_some() || ENDS.contains(&error.code), |_| true)
}

fn doubtful(error: Error) -> Error {
    let message = format!(
        "{} The server may have taken the refresh token for used, so it is not sent again by itself: renew, or log in.",
        error.message
    );
    Error { code: ErrorCode::RenewalInDoubt, message, retryable: false, ..error }
}

fn spent(error: Error) -> Error {
    let message = "The answer to a renewal was lost, and the server does not take the refresh token again: log in.";
    Error { message: message.to_owned(), ..error }
}
