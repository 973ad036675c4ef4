//! A token that lives for some time yet, for who cannot come back for another.

use std::sync::Arc;

use jiff::Timestamp;

use super::owner::{Owner, belongs};
use super::tokens::Tokens;
use super::{RenewalKind, TokenSet};
use crate::clock::seconds_between;
use crate::error::{Error, ErrorCode, Result};
use crate::event::RenewalCause;

/// After a renewal gave too short a life, none is tried for so many seconds.
const AGAIN: i64 = 300;

impl Tokens {
    /// A token set that can be used now and has at least so many seconds left, renewed if need be. One of which nobody knows
    /// the end has enough.
    ///
    /// Where even a new one lives shorter, it is not renewed again and again (security.md E8, I8).
    ///
    /// # Errors
    /// As for [`Tokens::usable`]; `unexpected_answer` when a new one lives shorter, `login_needed` when there can be none.
    pub async fn usable_for(self: &Arc<Self>, owner: &Owner, least: u32) -> Result<Arc<TokenSet>> {
        let least = i64::from(least);
        if least == 0 {
            return self.usable(owner).await;
        }
        let short_lived = |set: &Arc<TokenSet>| is_short_lived(set, least, self.clock.now());
        if let Some(set) = self.at_hand(owner).await?.filter(|set| belongs(set, owner) && short_lived(set)) {
            return Err(self.too_short(&set, least));
        }
        let set = self.usable(owner).await?;
        if self.lasts(&set, least) {
            return Ok(set);
        }
        if short_lived(&set) || self.slot(&owner.connection).state().was_found_good(self.clock.now()) {
            return Err(self.too_short(&set, least));
        }
        if set.renewal(owner) == RenewalKind::None {
            let message = format!("The token ends in {} s and cannot be renewed.", self.seconds_left(&set));
            return Err(Error::new(ErrorCode::LoginNeeded, message));
        }
        let fresh = self.renew(owner, RenewalCause::Ahead, Some(set.access_token.clone())).await?;
        if self.lasts(&fresh, least) { Ok(fresh) } else { Err(self.too_short(&fresh, least)) }
    }

    fn lasts(&self, set: &TokenSet, least: i64) -> bool {
        set.seconds_left(self.clock.now()).is_none_or(|left| left >= least)
    }

    fn seconds_left(&self, set: &TokenSet) -> i64 {
        set.seconds_left(self.clock.now()).unwrap_or_default().max(0)
    }

    fn too_short(&self, set: &TokenSet, least: i64) -> Error {
        let message = format!("Even a new token ends in {} s, and not after {least} s.", self.seconds_left(set));
        Error::new(ErrorCode::UnexpectedAnswer, message)
    }
}

/// Whether a renewal gave this not long ago, and its whole life is shorter.
fn is_short_lived(set: &TokenSet, least: i64, now: Timestamp) -> bool {
    let short = set.lifetime().is_some_and(|life| life < least);
    // Known of what a renewal gave, and of that alone.
    let renewed = set.rotates.is_some();
    short && renewed && (0..AGAIN).contains(&seconds_between(set.obtained_at, now))
}
