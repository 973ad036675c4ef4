//! The keyboard of a page: typing, chords, and where the focus is.

use super::{Page, words};
use crate::wait::wait_for;
use crate::{Failure, Outcome, keys};

/// Keeps the last key that came, and hears it before the page does: what the page made of it stands in the event itself.
const LISTEN: &str =
    "if (!window.lastKey) addEventListener('keydown', (event) => { window.lastKey.event = event; }, true);
    window.lastKey = { event: null };";
/// A command is taken when the page keeps the browser from its own use of it. A page that is another by now took it too.
const TAKEN: &str = "return !window.lastKey || (window.lastKey.event?.defaultPrevented ?? false)";

impl Page {
    /// Types at where the focus is.
    ///
    /// # Errors
    /// The window cannot be reached.
    pub async fn type_text(&self, text: &str) -> Outcome {
        for character in text.chars() {
            let capital = character.is_uppercase();
            let key = character.to_string().replace('+', "Plus").replace(' ', "Space");
            self.press(&if capital { format!("Shift+{key}") } else { key }).await?;
        }
        Ok(())
    }

    /// Presses a chord: `Ctrl+K`, `Ctrl+Enter`, `Tab`, `ArrowDown`. A command that the window has no use for yet, because the
    /// view it belongs to is still opening, is pressed again.
    ///
    /// # Errors
    /// A key's name is unknown, the window has no use for the command, or it cannot be reached.
    pub async fn press(&self, chord: &str) -> Outcome {
        if !keys::is_command(chord) {
            return self.press_once(chord).await;
        }
        let press = async || self.is_taken(chord).await.transpose();
        let pressed = wait_for(press, self.patience, &format!("the window to take {chord}")).await;
        self.or_testify(pressed.and_then(|done| done)).await
    }

    async fn press_once(&self, chord: &str) -> Outcome {
        Ok(self.client.perform_actions(keys::actions_of(chord)?).await?)
    }

    /// Presses it. The answer is `None` where the window let it pass.
    async fn is_taken(&self, chord: &str) -> Outcome<Option<()>> {
        self.execute(LISTEN, Vec::new()).await?;
        self.press_once(chord).await?;
        Ok(self.execute(TAKEN, Vec::new()).await?.as_bool().unwrap_or_default().then_some(()))
    }

    /// The accessible name, or else the tag, of what has the focus: for journeys by keyboard.
    ///
    /// # Errors
    /// The window cannot be reached.
    pub async fn focused(&self) -> Outcome<String> {
        let script = "const one = document.activeElement; return one ? (one.getAttribute('aria-label') \
            || (one.labels && one.labels[0] && one.labels[0].innerText) || one.innerText || one.tagName) : ''";
        Ok(words(self.execute(script, Vec::new()).await?.as_str().unwrap_or_default()))
    }

    /// Waits until the focus is on what is called so: what is typed before goes elsewhere.
    ///
    /// # Errors
    /// It is elsewhere still.
    pub async fn focus_on(&self, name: &str) -> Outcome {
        let ask = async || self.has_focus(name).await.ok()?.then_some(());
        let waited = wait_for(ask, self.patience, &format!("the focus to be on {name:?}")).await;
        self.or_testify(waited).await
    }

    /// Presses Tab until the focus is on what is called so.
    ///
    /// # Errors
    /// Not reached within 80 presses.
    pub async fn tab_to(&self, name: &str) -> Outcome {
        for _ in 0..80 {
            if self.has_focus(name).await? {
                return Ok(());
            }
            self.press("Tab").await?;
        }
        self.or_testify(Err(Failure::new(format!("Tab never reached {name:?}")))).await
    }

    async fn has_focus(&self, name: &str) -> Outcome<bool> {
        Ok(self.focused().await?.to_lowercase().starts_with(&name.to_lowercase()))
    }
}
