//! The explorer: any request, and what is kept of it.

use std::collections::HashSet;
use std::sync::Arc;

use super::Keydesk;
use crate::account::Account;
use crate::error::{Error, Result};
use crate::explorer::{
    Catalogue, Draft, Explorer, ExplorerPreview, ExplorerRequest, ReadCurl, SavedRequest, SentView, Variable, docs,
    fetch,
};

/// The stack of the thread that reads a document, in bytes.
const DEEP: usize = 32 * 1024 * 1024;

impl Keydesk {
    /// What an API has.
    ///
    /// # Errors
    /// `not_saved` when what was imported cannot be read.
    pub async fn read_catalogues(&self, connection: &str) -> Result<Vec<Catalogue>> {
        let account = self.account(connection)?;
        let has = self.desk.variables(&account).await;
        self.explorer.catalogues(&account, &has).await
    }

    /// Reads a document and keeps what it describes.
    ///
    /// # Errors
    /// `unknown_connection`, `invalid_input` of `text` when it cannot be understood; `not_saved`.
    pub async fn import_catalogue(&self, connection: String, text: String) -> Result<Catalogue> {
        let base = self.account(&connection)?.api_url()?;
        let (reply, read) = tokio::sync::oneshot::channel();
        // A document can be large and deep, and its parser may end on one that is made to hurt.
        std::thread::Builder::new()
            .name("document".to_owned())
            .stack_size(DEEP)
            .spawn(move || drop(reply.send(Catalogue::imported(&text, &base))))
            .map_err(|error| Error::internal("start a thread", error))?;
        let catalogue = read.await.map_err(|_| Error::input("text", "This document cannot be understood."))??;
        self.explorer.keep_catalogue(connection, catalogue.clone()).await?;
        Ok(catalogue)
    }

    /// Forgets a catalogue that was imported.
    ///
    /// # Errors
    /// `not_saved`.
    pub async fn remove_catalogue(&self, connection: String, catalogue: String) -> Result<()> {
        self.explorer.remove_catalogue(connection, catalogue).await
    }

    /// The text of a document at an address that the person has just confirmed; asked for without any token.
    ///
    /// # Errors
    /// `invalid_input` of `url`, or why there is none.
    pub async fn fetch_document(&self, url: &str) -> Result<String> {
        fetch(&self.means.transport, url).await
    }

    /// Opens what describes an endpoint in the person's browser. The window names the endpoint and no address, so nothing is opened
    /// that stands in no catalogue (security.md J6).
    ///
    /// # Errors
    /// `invalid_input` where nothing describes it; `browser_failed`.
    pub async fn open_docs(&self, connection: &str, endpoint: &str) -> Result<()> {
        let url = docs(&self.read_catalogues(connection).await?, endpoint)?;
        let browser = self.browser.clone();
        // Some systems' openers run as long as the browser does.
        let opened = tokio::task::spawn_blocking(move || browser.open(&url)).await;
        opened.map_err(|error| Error::internal("open the browser", error))?
    }

    /// What is open in the explorer.
    ///
    /// # Errors
    /// `not_saved`; also in all below.
    pub async fn list_drafts(&self, connection: String) -> Result<Vec<Draft>> {
        self.explorer.drafts(connection).await
    }

    /// Keeps a draft as it is now.
    ///
    /// # Errors
    /// `unknown_connection`; see above.
    pub async fn save_draft(&self, draft: Draft) -> Result<()> {
        self.connections.get(&draft.connection)?;
        self.explorer.save_draft(draft).await
    }

    /// Forgets a draft, and its answer.
    ///
    /// # Errors
    /// See above.
    pub async fn close_draft(&self, draft: String) -> Result<()> {
        self.explorer.close_draft(draft).await
    }

    /// The saved requests of a connection.
    ///
    /// # Errors
    /// See above.
    pub async fn list_saved_requests(&self, connection: String) -> Result<Vec<SavedRequest>> {
        self.explorer.saved(connection).await
    }

    /// Keeps a request under a name.
    ///
    /// # Errors
    /// `unknown_connection`, `invalid_input` of `name`; see above.
    pub async fn save_request(&self, saved: SavedRequest) -> Result<SavedRequest> {
        self.connections.get(&saved.connection)?;
        self.explorer.save(saved).await
    }

    /// Forgets a saved request.
    ///
    /// # Errors
    /// See above.
    pub async fn remove_saved_request(&self, saved: String) -> Result<()> {
        self.explorer.remove_saved(saved).await
    }

    /// The variables of a connection.
    ///
    /// # Errors
    /// See above.
    pub async fn list_variables(&self, connection: String) -> Result<Vec<Variable>> {
        self.explorer.variables(connection).await
    }

    /// Keeps them, in place of all.
    ///
    /// # Errors
    /// `unknown_connection`, `invalid_input` of `variables`; see above.
    pub async fn set_variables(&self, connection: String, variables: Vec<Variable>) -> Result<Vec<Variable>> {
        self.connections.get(&connection)?;
        self.explorer.set_variables(connection, variables).await
    }

    /// What will be sent.
    ///
    /// # Errors
    /// `invalid_input` that names what cannot be sent; see above.
    pub async fn preview_explorer_request(
        &self,
        connection: &str,
        request: &ExplorerRequest,
    ) -> Result<ExplorerPreview> {
        self.explorer.preview(&self.account(connection)?, request).await
    }

    /// The same as a command of curl, with one that asks for the token in its place.
    ///
    /// # Errors
    /// As for [`Keydesk::preview_explorer_request`].
    pub async fn copy_as_curl(&self, connection: &str, request: &ExplorerRequest) -> Result<String> {
        let account = self.account(connection)?;
        self.explorer.copy_as_curl(&account, request, &self.known_by(&account)).await
    }

    /// What the command line knows a connection by: its name, where that is its own and no option.
    fn known_by(&self, account: &Account) -> String {
        let (id, label) = (&account.connection.id, &account.connection.label);
        let same = self.connections.all().iter().filter(|other| other.label == *label || other.id == *label).count();
        if same == 1 && !label.starts_with('-') { label.clone() } else { id.clone() }
    }

    /// A command of curl as a request. Nothing is run.
    ///
    /// # Errors
    /// `invalid_input` of `text` when it is none.
    pub fn read_curl(&self, connection: &str, text: &str) -> Result<ReadCurl> {
        self.explorer.read_curl(&self.account(connection)?, text)
    }

    /// Begins to send a request. `elsewhere`: the origin of another server than the connection's that the person was asked
    /// about, as [`Keydesk::preview_explorer_request`] names it; there it goes without the token.
    ///
    /// # Errors
    /// `other_origin` where the person must be asked, also when it leads to another one than that by now; `not_written` when
    /// the answer cannot be kept; as for [`Keydesk::preview_explorer_request`]. What fails later is in the view.
    pub async fn send_request(
        &self,
        connection: &str,
        draft: Option<String>,
        request: ExplorerRequest,
        elsewhere: Option<&str>,
    ) -> Result<SentView> {
        Explorer::send(&self.explorer, self.account(connection)?, draft, request, elsewhere).await
    }

    /// How a request that was sent stands.
    ///
    /// # Errors
    /// `invalid_input` when there is none of this id; also in all below.
    pub async fn read_sent(&self, answer: &str) -> Result<SentView> {
        self.explorer.read(answer).await
    }

    /// Ends a request that is under way. What is there of its answer stays.
    ///
    /// # Errors
    /// See above.
    pub async fn cancel_sent(&self, answer: &str) -> Result<SentView> {
        self.explorer.cancel(answer).await
    }

    /// Begins to load all pages of the list whose first one this answer is; into another answer.
    ///
    /// # Errors
    /// See above.
    pub async fn load_all_pages(&self, answer: &str) -> Result<SentView> {
        let connection = self.explorer.read(answer).await?.connection;
        Explorer::load_all_pages(&self.explorer, self.account(&connection)?, answer).await
    }

    /// Deletes the answers that nothing refers to any more.
    pub(super) async fn tidy_answers(self: &Arc<Self>) {
        // What cannot be read now is not deleted.
        let _ = self.explorer.tidy(HashSet::new()).await;
    }
}
