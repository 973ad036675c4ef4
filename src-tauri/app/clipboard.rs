//! The clipboard. A token is kept out of clipboard histories, as far as the system lets us, and taken off again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keydesk_core::{Error, ErrorCode, Secret};

/// The system's clipboard, held as long as the app runs: under X11 its text goes with its owner.
#[derive(Clone, Default)]
pub struct Clipboard {
    held: Arc<Mutex<Option<arboard::Clipboard>>>,
    /// The secret that is to be taken off again.
    lent: Arc<Mutex<Option<Secret>>>,
}

impl Clipboard {
    /// Puts a text there.
    ///
    /// # Errors
    /// `clipboard_failed`.
    pub async fn write(&self, text: String) -> Result<(), Error> {
        self.with(move |clipboard| clipboard.set_text(text)).await
    }

    /// Puts a secret there, and after so many seconds takes it off again unless something else is there by then. 0 leaves
    /// it there.
    ///
    /// # Errors
    /// `clipboard_failed`.
    pub async fn write_secret(&self, secret: Secret, seconds: u32) -> Result<(), Error> {
        let written = secret.clone();
        self.with(move |clipboard| set_secret(clipboard, &written)).await?;
        if seconds > 0 {
            *self.lent.lock().unwrap_or_else(PoisonError::into_inner) = Some(secret.clone());
            let this = self.clone();
            tauri::async_runtime::spawn(async move {
                tokio::time::sleep(Duration::from_secs(seconds.into())).await;
                this.clear_if(secret).await;
            });
        }
        Ok(())
    }

    /// Takes off now what was to be taken off later: the app ends, and what holds its text then keeps it.
    pub async fn take_back(&self) {
        let lent = self.lent.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(secret) = lent {
            self.clear_if(secret).await;
        }
    }

    async fn clear_if(&self, secret: Secret) {
        let cleared = self.with(move |clipboard| match clipboard.get_text() {
            Ok(text) if secret.same_as(&text) => clipboard.clear(),
            _ => Ok(()),
        });
        if let Err(error) = cleared.await {
            tracing::warn!(%error, "the clipboard was not cleared");
        }
    }

    /// Off the window's thread: another program may be slow to hand its text over.
    async fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut arboard::Clipboard) -> Result<T, arboard::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let held = self.held.clone();
        let act = move || {
            let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
            let clipboard = match held.as_mut() {
                Some(clipboard) => clipboard,
                None => held.insert(arboard::Clipboard::new()?),
            };
            act(clipboard)
        };
        let done = tokio::task::spawn_blocking(act).await;
        let outcome = done.map_err(|fault| Error::of_task("use the clipboard", &fault))?;
        outcome.map_err(|error| Error::new(ErrorCode::ClipboardFailed, format!("The clipboard refused ({error}).")))
    }
}

#[cfg(target_os = "linux")]
fn set_secret(clipboard: &mut arboard::Clipboard, secret: &Secret) -> Result<(), arboard::Error> {
    use arboard::SetExtLinux;
    clipboard.set().exclude_from_history().text(secret.expose())
}

#[cfg(target_os = "macos")]
fn set_secret(clipboard: &mut arboard::Clipboard, secret: &Secret) -> Result<(), arboard::Error> {
    use arboard::SetExtApple;
    clipboard.set().exclude_from_history().text(secret.expose())
}

#[cfg(windows)]
fn set_secret(clipboard: &mut arboard::Clipboard, secret: &Secret) -> Result<(), arboard::Error> {
    use arboard::SetExtWindows;
    clipboard.set().exclude_from_history().exclude_from_cloud().exclude_from_monitoring().text(secret.expose())
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn set_secret(clipboard: &mut arboard::Clipboard, secret: &Secret) -> Result<(), arboard::Error> {
    clipboard.set_text(secret.expose())
}
