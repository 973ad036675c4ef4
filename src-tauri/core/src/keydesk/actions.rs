//! Actions: forms, live lists, previews, runs.

use std::sync::PoisonError;

use super::Keydesk;
use crate::action::{ActionRequest, ActionView, CallAnswer, CallRequest, RequestPreview, RunEvent, RunView, Stop};
use crate::error::Result;
use crate::provider::Choice;

impl Keydesk {
    /// Sends any request of an API, with the token.
    ///
    /// # Errors
    /// `invalid_input`, `login_needed`, or why there was no answer. A status is no error: see [`CallAnswer::error`].
    pub async fn call(&self, request: &CallRequest) -> Result<CallAnswer> {
        self.desk.call(&self.account(&request.connection)?, request).await
    }

    /// The forms of a connection's provider.
    ///
    /// # Errors
    /// `unknown_connection`.
    pub fn list_actions(&self, connection: &str) -> Result<Vec<ActionView>> {
        Ok(self.account(connection)?.actions().map(ActionView::from).collect())
    }

    /// The entries of a live list.
    ///
    /// # Errors
    /// Why the server did not give it.
    pub async fn list_choices(&self, connection: &str, list: &str) -> Result<Vec<Choice>> {
        self.desk.choices(&self.account(connection)?, list).await
    }

    /// What will be sent.
    ///
    /// # Errors
    /// `invalid_input` that names the field which is not filled well.
    pub async fn preview_request(&self, request: &ActionRequest) -> Result<RequestPreview> {
        self.desk.preview(&self.account(&request.connection)?, request).await
    }

    /// Carries out an action over its targets and returns when all is done. `progress` hears of each result.
    ///
    /// # Errors
    /// `invalid_input` that names the field which is not filled well. What fails later is in the results.
    pub async fn start_run(
        &self,
        request: &ActionRequest,
        progress: impl Fn(RunEvent) + Send + Sync,
    ) -> Result<RunView> {
        let run = uuid::Uuid::new_v4().to_string();
        let account = self.account(&request.connection)?.in_run(&run);
        let stop = Stop::default();
        self.runs().insert(run.clone(), stop.clone());
        let outcome = self.desk.run(&account, request, &run, &stop, progress).await;
        self.runs().remove(&run);
        outcome
    }

    /// Begins no further request of a run. One that is over stays as it is.
    pub fn stop_run(&self, run: &str) {
        if let Some(stop) = self.runs().get(run) {
            stop.stop();
        }
    }

    fn runs(&self) -> std::sync::MutexGuard<'_, std::collections::HashMap<String, Stop>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
