//! Where secrets are kept: in the system keychain, in a file that a passphrase opens, or in this process's memory. Which of
//! them is used, the person says; nothing moves to another place by itself (security.md F1, F3).

mod file;
mod files;
mod key;
mod keychain;
mod keyring;
mod place;
mod places;
mod sealed;
mod split;
mod standing;
mod vault;
mod view;

use std::time::Duration;

use tokio::time::timeout;

use crate::error::{Error, ErrorCode, Result};
use crate::event::KeptIn;
use crate::paths::Paths;
use crate::secret::Secret;
use file::FileStore;
use keychain::{Keychain, PROBE, silent};
use place::ChoiceFile;
pub use place::Place;
pub(in crate::token) use places::Reach;
use places::{lied, no_keychain};
use standing::Standing;
pub use view::{StoreState, StoreView};

/// The store of this process. In memory only it keeps nothing: the tokens are in memory already.
pub struct SecretStore {
    keychain: Option<Keychain>,
    file: Option<FileStore>,
    choice: Option<ChoiceFile>,
    standing: Standing,
}

/// How long a keychain may take to show that it works: a window waits for that (security.md F4).
const AT_START: Duration = Duration::from_millis(2500);

impl SecretStore {
    /// The place that the person chose on this machine; the keychain, where nobody chose. Nothing is asked of it before
    /// [`Self::look`].
    pub fn system(paths: &Paths) -> Self {
        Self::new(Some(Keychain::system()), Some(paths))
    }

    /// The same, on a machine that has no keychain.
    pub fn without_keychain(paths: &Paths) -> Self {
        Self::new(None, Some(paths))
    }

    /// Memory only.
    pub fn in_memory() -> Self {
        let store = Self::new(None, None);
        store.use_memory_only();
        store
    }

    fn new(keychain: Option<Keychain>, paths: Option<&Paths>) -> Self {
        let file = paths.map(|paths| FileStore::new(paths.data("")));
        let choice = paths.map(|paths| ChoiceFile::new(paths.config("secret-store.json")));
        let chosen = choice.as_ref().and_then(ChoiceFile::get).map(|choice| choice.kept_in);
        // What was chosen is not known any more: whoever has a file has chosen it once.
        let has_file = file.as_ref().is_some_and(FileStore::exists);
        let chosen = chosen.unwrap_or(if has_file { Place::File } else { Place::Keychain });
        let standing =
            Standing::new(chosen, if keychain.is_some() { StoreState::Checking } else { StoreState::Absent });
        Self { keychain, file, choice, standing }
    }

    /// Where secrets are kept now.
    pub fn kept_in(&self) -> KeptIn {
        self.standing.kept_in()
    }

    /// Where, and how it stands with that.
    pub fn view(&self) -> StoreView {
        let kept_in = self.kept_in();
        let (state, message) = match kept_in {
            KeptIn::Memory => (StoreState::Ready, None),
            KeptIn::Keychain => self.standing.keychain(),
            KeptIn::File => {
                let state = self.file.as_ref().map_or(StoreState::Absent, FileStore::state);
                (state, self.standing.file_message())
            }
        };
        StoreView { kept_in, state, message, file_exists: self.file.as_ref().is_some_and(FileStore::exists) }
    }

    /// Whether something can be kept now, as far as is known.
    ///
    /// # Errors
    /// Why not.
    pub fn ready(&self) -> Result<()> {
        let StoreView { kept_in, state, message, .. } = self.view();
        let code = match (kept_in, state) {
            (_, StoreState::Ready | StoreState::Checking) => return Ok(()),
            (KeptIn::File, StoreState::Locked) => ErrorCode::PassphraseNeeded,
            (KeptIn::File, _) => ErrorCode::StoreFailed,
            (_, StoreState::Absent) => ErrorCode::KeychainAbsent,
            (_, StoreState::Silent) => ErrorCode::KeychainSilent,
            (_, StoreState::Locked) => ErrorCode::KeychainLocked,
        };
        let message = message.unwrap_or_else(|| match code {
            ErrorCode::PassphraseNeeded => "The passphrase of the file is needed.".to_owned(),
            ErrorCode::StoreFailed => "The file of secrets is missing.".to_owned(),
            _ => "The keychain cannot be used.".to_owned(),
        });
        Err(Error::new(code, message))
    }

    /// Whether the person would be asked once more to unlock what they have left locked.
    pub async fn would_ask_again(&self) -> bool {
        match (self.ready(), &self.keychain) {
            (Err(error), _) if error.code == ErrorCode::PassphraseNeeded => true,
            (Err(error), Some(keychain)) if error.code == ErrorCode::KeychainLocked => {
                keychain.is_open().await.is_err()
            }
            _ => false,
        }
    }

    /// Follows the choice, and tries the keychain where that is it.
    pub async fn look(&self) {
        self.follow();
        if self.kept_in() == KeptIn::Keychain {
            // What it says stands in the view.
            let _ = self.try_keychain().await;
        }
    }

    /// Writes, reads and deletes an item, so that what is said of the keychain was seen (security.md F4).
    ///
    /// # Errors
    /// `keychain_*`.
    pub async fn try_keychain(&self) -> Result<()> {
        self.standing.saw_keychain(StoreState::Checking, None);
        let outcome = match &self.keychain {
            Some(keychain) => timeout(AT_START, try_out(keychain)).await.unwrap_or_else(|_| Err(silent())),
            None => Err(no_keychain()),
        };
        match &outcome {
            Ok(()) => self.standing.saw_keychain(StoreState::Ready, None),
            Err(error) => self.saw_keychain_fail(error),
        }
        outcome
    }

    /// From now on nothing is kept, because the person said so. For this process only: the next one asks the place that was
    /// chosen.
    pub fn use_memory_only(&self) {
        self.standing.use_memory_only(true);
    }

    /// Back from memory only.
    pub(in crate::token) fn use_chosen(&self) {
        self.standing.use_memory_only(false);
    }

    /// Makes the file where there is none, else opens it. It is not yet the place where secrets are kept.
    ///
    /// # Errors
    /// `passphrase_wrong`, `invalid_input` for a new passphrase that is too short, `store_failed`.
    pub async fn open_or_make_file(&self, passphrase: &Secret) -> Result<()> {
        self.saw_file(self.file()?.open_or_make(passphrase).await)
    }

    /// Opens the file that is there.
    ///
    /// # Errors
    /// `passphrase_wrong`, `store_failed`.
    pub async fn open_file(&self, passphrase: &Secret) -> Result<()> {
        self.saw_file(self.file()?.open(passphrase).await)
    }

    /// The file opens with another passphrase from now on.
    ///
    /// # Errors
    /// `passphrase_wrong`, `invalid_input` where the next one is too short, `store_failed`.
    pub async fn change_passphrase(&self, current: &Secret, next: &Secret) -> Result<()> {
        self.saw_file(self.file()?.change_passphrase(current, next).await)
    }

    /// Gives the file another name, so that another one can be made.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn set_file_aside(&self) -> Result<()> {
        self.saw_file(self.file()?.set_aside().await)
    }

    /// Forgets the file's key.
    pub fn lock_file(&self) {
        if let Some(file) = &self.file {
            file.close();
        }
    }

    /// Reads a secret; none where nothing is kept under this name.
    ///
    /// # Errors
    /// `keychain_*`, `passphrase_needed`, `store_failed`: whether something is kept cannot be told.
    pub async fn read(&self, name: &str) -> Result<Option<Secret>> {
        self.read_in(self.follow(), name).await
    }

    /// Keeps a secret, and has read it back before it says so.
    ///
    /// # Errors
    /// As for [`Self::read`]: it is not kept.
    pub async fn write(&self, name: &str, secret: &Secret) -> Result<()> {
        self.write_in(self.follow(), name, secret).await
    }

    /// Deletes a secret, also in memory only: it may have been kept before. Nothing kept is no error.
    ///
    /// # Errors
    /// As for [`Self::read`]: it may still be there.
    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.delete_what_is_there(name).await {
            // Without a keychain nothing is in it.
            Err(error) if error.code == ErrorCode::KeychainAbsent => Ok(()),
            outcome => outcome,
        }
    }

    /// The same for what is known to have been kept: a keychain that is not there now, as without a session, has it yet.
    ///
    /// # Errors
    /// As for [`Self::read`]: it may still be there.
    pub async fn delete_what_is_there(&self, name: &str) -> Result<()> {
        let place = self.follow();
        self.delete_left_behind(place, name).await;
        self.delete_in(place, name).await
    }
}

async fn try_out(keychain: &Keychain) -> Result<()> {
    let probe = Secret::new(uuid::Uuid::new_v4().to_string());
    // A name of its own: another process may be trying it out as well.
    let name = format!("{PROBE}-{}", probe.expose());
    keychain.write(&name, &probe).await?;
    let kept = keychain.read(&name).await;
    keychain.delete(&name).await?;
    match kept? {
        Some(kept) if kept.same_as(probe.expose()) => Ok(()),
        _ => Err(lied(Place::Keychain)),
    }
}
