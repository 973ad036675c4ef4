//! Transfers: files that are sent and fetched.

use std::path::Path;

use super::Keydesk;
use crate::action::ActionRequest;
use crate::error::Result;
use crate::transfer::{ChosenFile, SaveTo, TransferView};

impl Keydesk {
    /// A person chose this file for an upload.
    ///
    /// # Errors
    /// `invalid_input` of `file` when it is none, cannot be read, or is empty.
    pub fn choose_file(&self, path: &Path) -> Result<ChosenFile> {
        self.transfers.choose(path)
    }

    /// Begins to send the file with this id, or to fetch one to there.
    ///
    /// # Errors
    /// `invalid_input` that names the field which is not filled well. What fails later is in the transfer.
    pub fn start_transfer(&self, request: ActionRequest, file: Option<&str>, to: SaveTo) -> Result<TransferView> {
        let account = self.account(&request.connection)?;
        self.transfers.start(account, request, file, to)
    }

    /// All transfers since the start, or those of a connection, the newest first.
    pub fn list_transfers(&self, connection: Option<&str>) -> Vec<TransferView> {
        self.transfers.list(connection)
    }

    /// Lets a transfer rest until a person says so.
    ///
    /// # Errors
    /// `invalid_input` when there is none of this id, or it is over.
    pub async fn pause_transfer(&self, transfer: &str) -> Result<TransferView> {
        self.transfers.pause(transfer).await
    }

    /// Goes on with a transfer that rests or failed, where it was.
    ///
    /// # Errors
    /// `invalid_input` when there is none of this id, or it is over.
    pub fn resume_transfer(&self, transfer: &str) -> Result<TransferView> {
        let account = self.account(&self.transfers.connection_of(transfer)?)?;
        self.transfers.resume(account, transfer)
    }

    /// Ends a transfer for good, and removes what of a download is there.
    ///
    /// # Errors
    /// `invalid_input` when there is none of this id, or it is over.
    pub async fn stop_transfer(&self, transfer: &str) -> Result<TransferView> {
        self.transfers.stop(transfer).await
    }

    /// Takes a transfer that is over from the list. A file that was fetched stays.
    ///
    /// # Errors
    /// `invalid_input` when there is none of this id, or it is under way.
    pub async fn remove_transfer(&self, transfer: &str) -> Result<()> {
        self.transfers.remove(transfer).await
    }
}
