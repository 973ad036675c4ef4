//! Actions: forms, live lists, previews, calls.

use super::Keydesk;
use crate::action::{ActionRequest, ActionView, CallAnswer, CallRequest, RequestPreview};
use crate::error::Result;
use crate::provider::Choice;

impl Keydesk {
    /// Sends any request of an API, with the token.
    ///
    /// # Errors
    /// `invalid_input`, `login_needed`, or why there was no answer. A status is no error: see [`CallAnswer::error`].
    pub async fn call(&self, request: &CallRequest) -> Result<CallAnswer> {
        self.desk.call(self.account(&request.connection)?, request).await
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

    /// A picture that an answer names, as a `data:` URL. The token is presented to the connection’s own servers only.
    ///
    /// # Errors
    /// `invalid_input` of `url`, `unexpected_answer` when it is no picture or a large one, or why there is none.
    pub async fn read_image(&self, connection: &str, url: &str) -> Result<String> {
        self.desk.image(&self.account(connection)?, url).await
    }

    /// What will be sent.
    ///
    /// # Errors
    /// `invalid_input` that names the field which is not filled well.
    pub async fn preview_request(&self, request: ActionRequest) -> Result<RequestPreview> {
        self.desk.preview(self.account(&request.connection)?, request).await
    }
}
