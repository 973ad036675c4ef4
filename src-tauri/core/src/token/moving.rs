//! Moves what is kept to another place, because the person said so (security.md F3).
//!
//! Every connection's gate is held while its tokens are copied and the choice is written down, so that no renewal, here or
//! in another process, keeps something in the old place meanwhile. What was copied was read back before the choice counts;
//! interrupted at any moment, one of the two places has all of it. Only then is the old place emptied.

use std::sync::Arc;

use super::slot::Slot;
use super::store::{Place, Reach};
use super::tokens::Tokens;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, KeptIn, Signal};
use crate::secret::Secret;

/// What is moved: tokens with the slot of their connection, and what else is kept, without.
struct Moved {
    name: String,
    slot: Option<Arc<Slot>>,
}

impl Tokens {
    /// From now on secrets are kept in `place`: those of the connections, and the items of other names.
    ///
    /// # Errors
    /// `keychain_*`, `passphrase_needed`, `store_failed`: everything is as it was.
    pub async fn move_to(&self, place: Place, mut connections: Vec<String>, others: &[&str]) -> Result<()> {
        let from = self.store.follow();
        if from == place {
            self.store.use_chosen();
            return Ok(());
        }
        // In one order, lest two that move wait for each other.
        connections.sort();
        let tokens = connections.into_iter().map(|name| Moved { slot: Some(self.slot(&name)), name });
        let others = others.iter().map(|name| Moved { name: (*name).to_owned(), slot: None });
        let all: Vec<Moved> = tokens.chain(others).collect();
        let mut held = Vec::new();
        for slot in all.iter().filter_map(|moved| moved.slot.as_ref()) {
            held.push(slot.gate.pass().await?);
        }
        self.store.delete_what_is_owed(place).await?;
        let reach = self.store.reach(from).await;
        for moved in &all {
            self.see_what_is_newer(from, reach, moved).await;
        }
        let (copied, left) = self.copy(from, reach, place, &all).await?;
        if let Err(error) = self.store.choose(place, reach != Reach::Nothing) {
            self.empty(place, &copied).await;
            return Err(error);
        }
        copied.iter().for_each(|moved| self.is_kept(moved, place.into()));
        drop(held);
        if reach == Reach::Open && !left && self.empty(from, &copied).await {
            // Not written down, it is tried again when something is deleted.
            let _ = self.store.choose(place, false);
        }
        Ok(())
    }

    /// Forgets the file's key and what was read from it. What is in memory only stays, because it is nowhere else.
    pub fn lock_file(&self) {
        self.store.lock_file();
        let locked = Error::new(ErrorCode::PassphraseNeeded, "The file of secrets was locked.");
        for (connection, slot) in self.slots() {
            if slot.forget_kept(KeptIn::File, &locked) {
                self.redactor.forget(&connection);
                self.events.signal(Signal::TokenChanged(connection));
            }
        }
        self.transport.hang_up();
        self.hang_up_later();
    }

    /// What is in memory only may have been logged out by another process, or be older than what that has kept since.
    async fn see_what_is_newer(&self, from: Place, reach: Reach, moved: &Moved) {
        let Some(slot) = &moved.slot else { return };
        self.follow_log_out(slot, &moved.name);
        if reach == Reach::Open
            && moved.newer().is_some()
            && let Ok(kept) = self.store.read_in(from, &moved.name).await
        {
            let kept = kept.and_then(|kept| self.as_kept(&kept, &moved.name));
            self.take_what_is_newer(slot, &moved.name, kept, from.into());
        }
    }

    /// Copies, and says of what, and whether something stayed because it cannot be read.
    async fn copy<'a>(
        &self,
        from: Place,
        reach: Reach,
        place: Place,
        all: &'a [Moved],
    ) -> Result<(Vec<&'a Moved>, bool)> {
        let (mut copied, mut left) = (Vec::new(), false);
        for moved in all {
            let secret = match moved.newer() {
                Some(newer) => Ok(Some(newer)),
                None if reach == Reach::Open => self.store.read_in(from, &moved.name).await,
                None => Ok(None),
            };
            let kept = match secret {
                Ok(Some(secret)) => self.store.write_in(place, &moved.name, &secret).await.map(|()| true),
                Ok(None) => Ok(false),
                // One that is damaged must not hold up the others.
                Err(error) if error.code == ErrorCode::KeychainFailed => {
                    left = true;
                    Ok(false)
                }
                Err(error) => Err(error),
            };
            match kept {
                Ok(true) => copied.push(moved),
                Ok(false) => {}
                Err(error) => {
                    self.empty(place, &copied).await;
                    return Err(error);
                }
            }
        }
        Ok((copied, left))
    }

    fn is_kept(&self, moved: &Moved, place: KeptIn) {
        let Some(slot) = &moved.slot else { return };
        if moved.newer().is_some() {
            self.journal.kept(&moved.name);
            self.logged_out.settle(&moved.name);
        }
        slot.is_kept_in(place);
        self.events.record(&moved.name, ActivityEvent::TokenKept { kept_in: place });
        self.events.signal(Signal::TokenChanged(moved.name.clone()));
    }

    /// Deletes these there. Whether all of them are gone.
    async fn empty(&self, place: Place, copied: &[&Moved]) -> bool {
        let mut gone = true;
        for moved in copied {
            gone &= self.store.delete_in(place, &moved.name).await.is_ok();
        }
        gone
    }
}

impl Moved {
    /// What is in memory only, and so newer than what is kept.
    fn newer(&self) -> Option<Secret> {
        let state = self.slot.as_ref()?.state();
        let set = state.set.as_ref().filter(|_| state.newer_than_kept())?;
        Some(set.to_json())
    }
}
