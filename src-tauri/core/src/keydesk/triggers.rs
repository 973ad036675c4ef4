//! Triggers: filled forms that were saved.

use super::Keydesk;
use crate::action::Order;
use crate::error::{Error, Result};
use crate::event::Signal;
use crate::run::{RunOptions, SaveTrigger, Started, TriggerView};

impl Keydesk {
    /// The saved forms, in the order in which they were added.
    pub fn list_triggers(&self) -> Vec<TriggerView> {
        self.triggers.all()
    }

    /// Saves a filled form.
    ///
    /// # Errors
    /// `invalid_input` that names the field: not filled well, a name that another one has.
    pub fn save_trigger(&self, save: SaveTrigger) -> Result<TriggerView> {
        let (order, ..) = Order::of(self.account(&save.connection)?, save.request())?;
        order.is_no_transfer()?;
        if order.action.private && !order.action.changes {
            return Err(Error::input("name", "What this form holds is kept in no file, so it cannot be saved."));
        }
        let saved = self.triggers.save(save)?;
        self.events.signal(Signal::TriggersChanged);
        Ok(saved)
    }

    /// Removes a saved form.
    ///
    /// # Errors
    /// `invalid_input` when there is none.
    pub fn remove_trigger(&self, trigger: &str) -> Result<()> {
        self.triggers.remove(trigger)?;
        self.events.signal(Signal::TriggersChanged);
        Ok(())
    }

    /// Sends a saved form.
    ///
    /// # Errors
    /// As for [`Keydesk::start_run`].
    pub async fn start_trigger(&self, trigger: &str, options: &RunOptions) -> Result<Started> {
        self.start_run(self.triggers.get(trigger)?.request(), options).await
    }
}
