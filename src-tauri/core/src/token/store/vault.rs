//! What the two files of the passphrase store are to each other: the passphrase opens the key, the key opens the secrets.
//! Every change reads the secrets again behind a lock, so that two processes that keep something at once lose nothing.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use age::x25519::Identity;

use super::files::{self, Files};
use super::key::{self, NotOpened};
use super::sealed::{self, Secrets};
use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;

pub(super) struct Vault {
    files: Files,
    opened: Mutex<Option<Opened>>,
}

/// The key, and what its file held when the passphrase opened it. Another key file, as after a change of the passphrase, is
/// opened anew: what this key encrypts might not be read with that one.
#[derive(Clone)]
pub(super) struct Opened {
    identity: Identity,
    key_file: Vec<u8>,
}

impl Vault {
    pub fn new(folder: PathBuf) -> Self {
        Self { files: Files::new(folder), opened: Mutex::default() }
    }

    pub fn exists(&self) -> bool {
        self.files.key.exists()
    }

    /// The key, while it is that of the file.
    pub fn opened(&self) -> Result<Opened> {
        let key_file = files::read(&self.files.key)?.ok_or_else(|| self.missing())?;
        let mut held = self.held();
        // Else it was opened by what is the passphrase no more.
        *held = held.take().filter(|opened| opened.key_file == key_file);
        held.clone().ok_or_else(|| Error::new(ErrorCode::PassphraseNeeded, "The passphrase of the file is needed."))
    }

    /// Forgets the key.
    pub fn close(&self) {
        *self.held() = None;
    }

    pub fn open_or_make(&self, passphrase: &Secret) -> Result<()> {
        if !self.exists() && self.make(passphrase)? {
            return Ok(());
        }
        self.open(passphrase)
    }

    pub fn open(&self, passphrase: &Secret) -> Result<()> {
        let opened = self.unlock(passphrase)?;
        // What is damaged is told now and not at the first use.
        self.secrets(&opened)?;
        *self.held() = Some(opened);
        Ok(())
    }

    /// Encrypts the key with another passphrase. The key stays the same, and so do the secrets.
    pub fn change_passphrase(&self, current: &Secret, next: &Secret) -> Result<()> {
        key::check(next, "next")?;
        let Opened { identity, key_file: before } = self.unlock(current)?;
        let key_file = self.encrypted(&identity, next)?;
        let _lock = self.files.lock()?;
        if files::read(&self.files.key)?.as_ref() != Some(&before) {
            return Err(Error::new(ErrorCode::StoreFailed, "Another Keydesk has changed the passphrase meanwhile."));
        }
        files::write(&self.files.key, &key_file)?;
        *self.held() = Some(Opened { identity, key_file });
        Ok(())
    }

    /// Gives both files other names, as where the passphrase is lost: then another one can be made.
    pub fn set_aside(&self) -> Result<()> {
        let _lock = self.files.lock()?;
        self.close();
        // The key last: without it the other file would count as damaged.
        for file in [&self.files.secrets, &self.files.key].into_iter().filter(|file| file.exists()) {
            files::set_aside_as(file, ".old")?;
        }
        Ok(())
    }

    pub fn get(&self, name: &str) -> Result<Option<Secret>> {
        Ok(self.secrets(&self.opened()?)?.remove(name))
    }

    pub fn set(&self, name: &str, secret: &Secret) -> Result<()> {
        self.change(|secrets| {
            secrets.insert(name.to_owned(), secret.clone());
            true
        })
    }

    pub fn remove(&self, name: &str) -> Result<()> {
        self.change(|secrets| secrets.remove(name).is_some())
    }

    /// Whether it was made; another process may have been faster.
    fn make(&self, passphrase: &Secret) -> Result<bool> {
        key::check(passphrase, "passphrase")?;
        let identity = Identity::generate();
        let key_file = self.encrypted(&identity, passphrase)?;
        let _lock = self.files.lock()?;
        if self.exists() {
            return Ok(false);
        }
        if self.files.secrets.exists() {
            let aside = files::set_aside(&self.files.secrets)?;
            let key = self.files.key.display();
            let message =
                format!("There is a file of secrets, and {key} is missing. It was set aside as {}.", aside.display());
            return Err(Error::new(ErrorCode::StoreFailed, message));
        }
        files::write(&self.files.key, &key_file)?;
        *self.held() = Some(Opened { identity, key_file });
        Ok(true)
    }

    /// Opens the key with the passphrase: 0.3 to 0.5 s.
    fn unlock(&self, passphrase: &Secret) -> Result<Opened> {
        let key_file = files::read(&self.files.key)?.ok_or_else(|| self.missing())?;
        let name = self.files.key.display();
        match key::decrypt(&key_file, passphrase) {
            Ok(identity) => Ok(Opened { identity, key_file }),
            Err(NotOpened::Wrong) => {
                Err(Error::new(ErrorCode::PassphraseWrong, format!("This passphrase does not open {name}.")))
            }
            Err(NotOpened::TooMuchWork) => {
                let message = format!("{name} asks for more work and memory than Keydesk spends on a passphrase.");
                Err(Error::new(ErrorCode::StoreFailed, message))
            }
            Err(NotOpened::Damaged) => Err(self.give_up_key(&key_file)),
        }
    }

    /// Without its key nothing in the other file can be read either.
    fn give_up_key(&self, damaged: &[u8]) -> Error {
        let set_aside = || {
            let _lock = self.files.lock()?;
            if files::read(&self.files.key)?.as_deref() != Some(damaged) {
                return Err(Error::new(ErrorCode::StoreFailed, "The file of secrets has just changed: try again."));
            }
            let aside = files::set_aside(&self.files.key)?;
            if self.files.secrets.exists() {
                files::set_aside(&self.files.secrets)?;
            }
            Ok(aside)
        };
        set_aside().map_or_else(|error| error, |aside| damaged_file(&self.files.key, &aside))
    }

    /// What the file holds; nothing where there is none yet.
    fn secrets(&self, opened: &Opened) -> Result<Secrets> {
        let sealed = files::read(&self.files.secrets)?;
        let Some(sealed) = sealed else { return Ok(Secrets::new()) };
        if let Some(secrets) = sealed::unseal(&opened.identity, &sealed) {
            return Ok(secrets);
        }
        let _lock = self.files.lock()?;
        self.secrets_behind_lock(opened)
    }

    /// The same, and sets aside what is damaged: nobody is writing it now.
    fn secrets_behind_lock(&self, opened: &Opened) -> Result<Secrets> {
        let Some(sealed) = files::read(&self.files.secrets)? else { return Ok(Secrets::new()) };
        if let Some(secrets) = sealed::unseal(&opened.identity, &sealed) {
            return Ok(secrets);
        }
        if files::read(&self.files.key)?.as_ref() != Some(&opened.key_file) {
            return Err(Error::new(ErrorCode::PassphraseNeeded, "The passphrase of the file was changed."));
        }
        let aside = files::set_aside(&self.files.secrets)?;
        Err(damaged_file(&self.files.secrets, &aside))
    }

    fn change(&self, change: impl FnOnce(&mut Secrets) -> bool) -> Result<()> {
        let _lock = self.files.lock()?;
        let opened = self.opened()?;
        let mut secrets = self.secrets_behind_lock(&opened)?;
        if !change(&mut secrets) {
            return Ok(());
        }
        let sealed = sealed::seal(&opened.identity, &secrets);
        files::write(
            &self.files.secrets,
            &sealed.map_err(|error| files::failed(&self.files.secrets, "encrypted", &error))?,
        )
    }

    fn encrypted(&self, identity: &Identity, passphrase: &Secret) -> Result<Vec<u8>> {
        key::encrypt(identity, passphrase).map_err(|error| files::failed(&self.files.key, "encrypted", &error))
    }

    fn missing(&self) -> Error {
        Error::new(ErrorCode::StoreFailed, format!("{} is missing.", self.files.key.display()))
    }

    fn held(&self) -> MutexGuard<'_, Option<Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn damaged_file(path: &std::path::Path, aside: &std::path::Path) -> Error {
    let (path, aside) = (path.display(), aside.display());
    let message = format!("{path} is damaged. It was set aside as {aside}; what it held needs a new login.");
    Error::new(ErrorCode::StoreFailed, message)
}
