//! Where secrets are kept: look at it, and use another place because the person said so.

use super::login::WAITING_LOGIN;
use super::{AppStatus, Keydesk};
use crate::error::Result;
use crate::event::Signal;
use crate::secret::Secret;
use crate::token::{Place, StoreState, StoreView};

impl Keydesk {
    /// Where secrets are kept, and how it stands with that.
    pub fn store(&self) -> StoreView {
        self.store.view()
    }

    /// Whether something can be kept now, as far as is known.
    ///
    /// # Errors
    /// `keychain_*`, `passphrase_needed`, `store_failed`.
    pub fn store_ready(&self) -> Result<()> {
        self.store.ready()
    }

    /// Tries the place where secrets are kept, for what ends there.
    ///
    /// # Errors
    /// `keychain_*`, `passphrase_needed`, `store_failed`: nothing can be kept now.
    pub async fn try_store(&self) -> Result<()> {
        self.store.look().await;
        self.store.ready()
    }

    /// Keeps secrets in the system keychain, and moves there what another place has. Where the keychain is the place already,
    /// and to come back from memory only, this tries it again and the status says what came of it.
    ///
    /// # Errors
    /// `keychain_*` or `store_failed` when it cannot take what the file has: the file stays in use.
    pub async fn use_keychain(&self) -> Result<AppStatus> {
        let tried = self.store.try_keychain().await;
        if self.store.chosen() == Place::File {
            tried?;
        }
        self.move_to(Place::Keychain).await?;
        // It is of no use any more.
        self.store.lock_file();
        self.look_again().await
    }

    /// Keeps secrets in a file that this passphrase opens, makes it where there is none, and moves there what another place has,
    /// as far as that can be read.
    ///
    /// # Errors
    /// `passphrase_wrong`, `invalid_input` for a new passphrase that is too short, `keychain_*` or `store_failed` when something
    /// could not be moved: then the old place stays in use.
    pub async fn use_file(&self, passphrase: &Secret) -> Result<AppStatus> {
        self.store.open_or_make_file(passphrase).await?;
        self.move_to(Place::File).await?;
        self.look_again().await
    }

    /// Opens the file with its passphrase, where it is the place. Reads nothing yet.
    ///
    /// # Errors
    /// `passphrase_wrong`, `store_failed`.
    pub async fn unlock_file(&self, passphrase: &Secret) -> Result<()> {
        self.store.open_file(passphrase).await?;
        self.events.signal(Signal::StatusChanged);
        Ok(())
    }

    /// The file opens with another passphrase from now on.
    ///
    /// # Errors
    /// `passphrase_wrong`, `invalid_input` where the next one is too short, `store_failed`.
    pub async fn change_passphrase(&self, current: &Secret, next: &Secret) -> Result<AppStatus> {
        self.store.change_passphrase(current, next).await?;
        self.look_again().await
    }

    /// Forgets the file's key and the tokens that were read from it. What could not be kept stays in memory, because it is
    /// nowhere else.
    ///
    /// # Errors
    /// As for [`Keydesk::app_status`].
    pub async fn lock_file(&self) -> Result<AppStatus> {
        self.tokens.lock_file();
        self.events.signal(Signal::StatusChanged);
        self.app_status().await
    }

    /// Gives the file another name, as where its passphrase is lost: nothing is deleted, and another one can be made. What was
    /// read from it is forgotten here.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn set_file_aside(&self) -> Result<AppStatus> {
        self.store.set_file_aside().await?;
        self.lock_file().await
    }

    /// From now on keeps tokens in memory only, because the person said so. For this process: the next one asks the place that
    /// was chosen before.
    ///
    /// # Errors
    /// As for [`Keydesk::app_status`].
    pub async fn use_memory_only(&self) -> Result<AppStatus> {
        self.store.use_memory_only();
        self.tokens.keep_unsaved().await;
        self.events.signal(Signal::StatusChanged);
        self.app_status().await
    }

    /// Tries again to keep what could not be kept.
    pub async fn keep_unsaved(&self) {
        self.tokens.keep_unsaved().await;
    }

    /// Tries the place where secrets are kept, reads the tokens, and keeps again what could not be kept.
    pub async fn look_at_store(&self) {
        self.store.look().await;
        self.read_all().await;
    }

    /// Follows the person's choice in another process, and says what became otherwise.
    pub(super) async fn follow_store(&self, seen: &mut StoreView) {
        self.store.follow();
        let now = self.store.view();
        if now.kept_in != seen.kept_in || (now.state == StoreState::Ready && seen.state != StoreState::Ready) {
            self.read_all().await;
        } else if now != *seen {
            self.events.signal(Signal::StatusChanged);
        }
        *seen = now;
    }

    async fn move_to(&self, place: Place) -> Result<()> {
        let connections = self.connections.all().into_iter().map(|connection| connection.id).collect();
        self.tokens.move_to(place, connections, &[WAITING_LOGIN]).await
    }

    async fn look_again(&self) -> Result<AppStatus> {
        self.read_all().await;
        self.app_status().await
    }

    async fn read_all(&self) {
        self.events.signal(Signal::StatusChanged);
        for account in self.accounts() {
            self.tokens.preload(&account.owner).await;
        }
        self.follow_log_outs().await;
        self.tokens.keep_unsaved().await;
    }
}
