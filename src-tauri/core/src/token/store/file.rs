//! Secrets in a file that a passphrase opens: for machines without a keychain, and for people who want none.

use std::path::PathBuf;
use std::sync::Arc;

use super::vault::Vault;
use super::view::StoreState;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// The file. What it does is done on a thread that may wait: for the disk, for another process, for the passphrase.
pub(super) struct FileStore(Arc<Vault>);

impl FileStore {
    /// The files in this folder. Nothing is read yet.
    pub fn new(folder: PathBuf) -> Self {
        Self(Arc::new(Vault::new(folder)))
    }

    pub fn exists(&self) -> bool {
        self.0.exists()
    }

    pub fn state(&self) -> StoreState {
        match self.0.opened() {
            Ok(_) => StoreState::Ready,
            Err(_) if self.exists() => StoreState::Locked,
            Err(_) => StoreState::Absent,
        }
    }

    /// Forgets the key.
    pub fn close(&self) {
        self.0.close();
    }

    /// Opens the file that is there.
    pub async fn open(&self, passphrase: &Secret) -> Result<()> {
        let passphrase = passphrase.clone();
        self.apart(move |vault| vault.open(&passphrase)).await
    }

    /// Makes the file where there is none, else opens it.
    pub async fn open_or_make(&self, passphrase: &Secret) -> Result<()> {
        let passphrase = passphrase.clone();
        self.apart(move |vault| vault.open_or_make(&passphrase)).await
    }

    pub async fn change_passphrase(&self, current: &Secret, next: &Secret) -> Result<()> {
        let (current, next) = (current.clone(), next.clone());
        self.apart(move |vault| vault.change_passphrase(&current, &next)).await
    }

    /// Gives it another name.
    pub async fn set_aside(&self) -> Result<()> {
        self.apart(Vault::set_aside).await
    }

    pub async fn read(&self, name: &str) -> Result<Option<Secret>> {
        let name = name.to_owned();
        self.apart(move |vault| vault.get(&name)).await
    }

    pub async fn write(&self, name: &str, secret: &Secret) -> Result<()> {
        let (name, secret) = (name.to_owned(), secret.clone());
        self.apart(move |vault| vault.set(&name, &secret)).await
    }

    pub async fn delete(&self, name: &str) -> Result<()> {
        let name = name.to_owned();
        self.apart(move |vault| vault.remove(&name)).await
    }

    async fn apart<T: Send + 'static>(&self, work: impl FnOnce(&Vault) -> Result<T> + Send + 'static) -> Result<T> {
        let vault = self.0.clone();
        let done = tokio::task::spawn_blocking(move || work(&vault)).await;
        done.map_err(|fault| Error::of_task("use the file of secrets", &fault))?
    }
}
