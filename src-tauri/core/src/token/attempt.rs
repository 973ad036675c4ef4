//! One attempt to renew, behind the gate: journal, ask, keep, and only then hand out. What was sent and not answered is
//! sent once more at most; what was refused may have been renewed by somebody else (security.md E2, E3, E5, E6).

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::TokenSet;
use super::owner::{Owner, belongs};
use super::renew_by::{self, login_needed};
use super::renewal::{ENDS, clamp};
use super::slot::Slot;
use super::tokens::Tokens;
use crate::clock::after;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, KeptIn, RenewalCause};
use crate::grant::TokenResponse;
use crate::secret::Secret;

/// Between a request whose answer was lost and the same once more.
const PAUSE: Duration = Duration::from_millis(800);

/// For how many seconds a token counts as good that its server has just called so, whatever its end says by our clock.
const STILL_GOOD: i64 = 60;

impl Tokens {
    /// Asks for a new token, keeps it, and only then hands it out.
    pub(super) async fn attempt(&self, slot: &Slot, owner: &Owner, cause: RenewalCause) -> Result<Arc<TokenSet>> {
        let set = slot.state().set.clone().ok_or_else(|| login_needed("There is no token yet."))?;
        if !belongs(&set, owner) {
            return Err(login_needed("The token was made for another server than this connection now has."));
        }
        if slot.state().ended {
            // Told as it was the first time: this login is over, whoever asks and however often.
            return Err(Error::new(ErrorCode::TokenRefused, "The authorization server has ended this login."));
        }
        let begun = Instant::now();
        let (set, response) = match self.ask(slot, owner, &set).await {
            Err(error) if error.code == ErrorCode::TokenRefused => {
                match self.renewed_elsewhere(slot, owner, &set).await {
                    // Another process was faster, past our lock: its token is the one that counts. Renewed once more, that
                    // process would be left with a refresh token that is spent.
                    Some(newer) if newer.usable(owner, self.clock.now()) => {
                        slot.take(&newer, self.store.kept_in());
                        return Ok(newer);
                    }
                    Some(newer) => {
                        let response = self.ask(slot, owner, &newer).await?;
                        (newer, response)
                    }
                    None => return Err(error),
                }
            }
            outcome => (set, outcome?),
        };
        let fresh = Arc::new(set.renewed(response, &owner.provider.renewal, self.clock.now()));
        let old = set.refresh_token.as_ref();
        let rotated = fresh.refresh_token.as_ref().zip(old).is_some_and(|(new, old)| !new.same_as(old.expose()));
        let seconds = fresh.lifetime().map(clamp);
        owner.record(&self.events, ActivityEvent::TokenRenewed { cause, seconds, rotated }, Some(begun));
        fresh.refresh_token.iter().for_each(|token| self.journal.given(&owner.connection, token));
        let keeping = Instant::now();
        let kept = self.keep(slot, &owner.connection, &fresh).await;
        if kept {
            owner.record(&self.events, ActivityEvent::TokenKept { kept_in: self.store.kept_in() }, Some(keeping));
        }
        {
            let mut state = slot.state();
            let same = fresh.access_token.same_as(set.access_token.expose()) && fresh.expires_at == set.expires_at;
            let now = self.clock.now();
            // One that has not ended by our clock will have, when it has.
            let left = fresh.seconds_left(now).filter(|left| *left > 0).unwrap_or(STILL_GOOD);
            state.still_good_until = same.then(|| after(now, STILL_GOOD.min(left)));
            state.set = Some(fresh.clone());
            // The file may have been locked meanwhile.
            state.loaded = true;
        }
        if let Some(old) = old.filter(|_| rotated) {
            // Whoever still has it, or finds it where secrets are kept, must not send it again.
            let outlives_us = kept && self.store.kept_in() != KeptIn::Memory;
            self.journal.rotated(&owner.connection, old, outlives_us);
        }
        self.journal.done(&owner.connection);
        renew_by::afterwards(&set, &fresh, owner).await;
        Ok(fresh)
    }

    /// Asks; once more where no answer came. What is then still in doubt waits for the person, unless it is known that
    /// this server leaves the refresh token as it is.
    async fn ask(&self, slot: &Slot, owner: &Owner, set: &TokenSet) -> Result<TokenResponse> {
        let rotating = set.spent_by_renewal(owner);
        self.may_be_sent(slot, owner, rotating)?;
        let interrupted = rotating.is_some_and(|token| self.journal.is_open(&owner.connection, token));
        if let Some(token) = rotating
            && !self.journal.sent(&owner.connection, token)
        {
            self.can_be_kept(&owner.connection, set).await?;
        }
        let mut outcome = self.ask_once(owner, set).await;
        let lost = is_lost(&outcome);
        if lost && rotating.is_some() && !interrupted {
            tokio::time::sleep(PAUSE).await;
            outcome = self.ask_once(owner, set).await;
        }
        let answered = is_answered(&outcome);
        let unsure = rotating.is_some() && set.rotates != Some(false) && !answered;
        // What was interrupted and could not be sent now is not in more doubt than it was: it is tried once.
        let tried = !matches!(&outcome, Err(error) if error.code == ErrorCode::Unreachable);
        let in_doubt = unsure && (lost || is_lost(&outcome) || interrupted && tried);
        slot.state().in_doubt = in_doubt;
        if in_doubt {
            return outcome.map_err(doubtful);
        }
        if outcome.is_err() && !(unsure && interrupted) {
            self.journal.done(&owner.connection);
        }
        match outcome {
            Err(error) if error.code == ErrorCode::TokenRefused && (lost || interrupted) => Err(spent(error)),
            outcome => outcome,
        }
    }

    /// A refresh token that is known to be spent is not sent: a server that sees it twice may end the login everywhere.
    fn may_be_sent(&self, slot: &Slot, owner: &Owner, rotating: Option<&Secret>) -> Result<()> {
        let connection = &owner.connection;
        let Some(token) = rotating.filter(|token| self.journal.is_spent(connection, token)) else { return Ok(()) };
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

    /// Where the journal cannot be written, as on a full disk, the new refresh token may have no place either: then the old one is not
    /// spent. Tried with what is kept already.
    async fn can_be_kept(&self, connection: &str, set: &TokenSet) -> Result<()> {
        if self.store.kept_in() == KeptIn::Memory {
            return Ok(());
        }
        self.store.write(connection, &set.to_json()).await.map_err(|error| Error {
            message: format!("{} Nothing was sent: the new refresh token could not be kept.", error.message),
            ..error
        })
    }

    async fn ask_once(&self, owner: &Owner, set: &TokenSet) -> Result<TokenResponse> {
        renew_by::ask(set, owner, set.seconds_left(self.clock.now())).await
    }

    /// What the keychain has by now, if that came after the one that was refused, with another refresh token.
    async fn renewed_elsewhere(&self, slot: &Slot, owner: &Owner, refused: &TokenSet) -> Option<Arc<TokenSet>> {
        if self.store.kept_in() == KeptIn::Memory {
            return None;
        }
        let stored = self.stored(&owner.connection).await.ok()??;
        let same = match (&stored.refresh_token, &refused.refresh_token) {
            (Some(stored), Some(refused)) => stored.same_as(refused.expose()),
            _ => true,
        };
        let newer = !same && self.is_newer(&slot.state(), &owner.connection, &stored, refused);
        (newer && belongs(&stored, owner)).then(|| Arc::new(stored))
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
