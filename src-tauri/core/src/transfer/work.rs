//! What a transfer is made of, and how far it is: what it goes on with after a rest.

use std::mem;

use serde_json::Value;

use super::carrier::Carrier;
use super::chosen::Source;
use super::kept::Keeper;
use super::part::{Part, SaveTo};
use super::view::TransferState;
use crate::action::{Filled, Order};
use crate::error::{Error, ErrorCode, Result};
use crate::provider::Upload;

/// What a transfer is made of.
pub struct Work {
    /// The form.
    pub order: Order,
    /// What is sent.
    pub source: Option<Source>,
    /// Where it is put.
    pub to: SaveTo,
    /// How far it is.
    pub reached: Reached,
    /// Where that is kept.
    keeper: Option<Keeper>,
}

/// How far a transfer is.
#[derive(Default)]
pub struct Reached {
    /// Requests before the file that are over.
    pub before: usize,
    /// Requests after it that are over.
    pub after: usize,
    /// What their answers gave.
    pub taken: Filled,
    /// Pieces that are over.
    pub chunks: u32,
    /// Whether the server may have the piece that comes next: it was sent, and no answer came.
    pub lost: bool,
    /// Why the server did not take the last piece, though it may have it.
    pub doubt: Option<Error>,
    /// Whether the file is over.
    pub file: bool,
    /// What of a download is there.
    pub part: Option<Part>,
}

impl Work {
    /// Nothing is done yet, or what another process did of the same.
    pub fn new(order: Order, source: Option<Source>, to: SaveTo, keeper: Option<Keeper>) -> Self {
        let mut reached = Reached::default();
        if let Some(keeper) = &keeper {
            keeper.known(&mut reached);
        }
        if let Some(source) = &source {
            reached.taken.give("file_size", &Value::from(source.size));
        }
        let mut work = Self { order, source, to, reached, keeper };
        work.reached.file = work.source.as_ref().is_some_and(|source| work.done() >= source.size);
        work
    }

    /// How many bytes are over.
    pub fn done(&self) -> u64 {
        let of_chunks = || {
            let chunks = self.order.action.upload.as_ref()?.chunks.as_ref()?;
            Some(u64::from(self.reached.chunks) * u64::from(chunks.bytes))
        };
        self.reached.part.as_ref().map(|part| part.done).or_else(of_chunks).unwrap_or_default()
    }

    /// Keeps how far it is, for another process.
    pub fn keep(&self) {
        let Some(keeper) = &self.keeper else { return };
        // What is not on the disk is not there.
        if self.reached.part.as_ref().is_none_or(|part| part.sync().is_ok()) {
            keeper.keep(&self.reached, self.order.action.upload.is_some());
        }
    }

    /// Nobody goes on with it: it is over, or another one of the same may begin.
    pub fn forget(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            keeper.forget();
        }
    }

    /// Carries it out from where it is.
    ///
    /// # Errors
    /// What needs a person.
    pub async fn carry_out(&mut self, carrier: &mut Carrier) -> Result<()> {
        let (upload, download) = (self.order.action.upload.clone(), self.order.action.download.clone());
        if let Some(upload) = upload {
            // What was begun before a rest may no longer be there. It is begun anew once.
            let mut renewable = self.reached.before > 0;
            loop {
                match self.send_up(carrier, &upload).await {
                    Err(error) if renewable && error.code == ErrorCode::NotFound => {
                        renewable = false;
                        // What was taken is taken again.
                        let taken = mem::take(&mut self.reached.taken);
                        self.reached = Reached { taken, ..Reached::default() };
                        carrier.live.reached(0);
                    }
                    // The server never said that it has the file: what it said of the last piece is why.
                    sent => break sent.map_err(|error| self.reached.doubt.clone().unwrap_or(error))?,
                }
            }
        }
        if let Some(download) = download {
            carrier.work_in(TransferState::Preparing);
            self.fetch(carrier, &download).await?;
        }
        Ok(())
    }

    /// Sends the file, with what the provider's file asks before it and after it.
    async fn send_up(&mut self, carrier: &mut Carrier, upload: &Upload) -> Result<()> {
        carrier.work_in(TransferState::Preparing);
        self.steps_before(carrier, &upload.steps).await?;
        carrier.work_in(TransferState::Running);
        self.send(carrier, upload).await?;
        if !upload.after.is_empty() {
            carrier.work_in(TransferState::Processing);
            self.steps_after(carrier, &upload.after).await?;
        }
        Ok(())
    }

    /// Removes what of a download is there, unless it is whole.
    pub fn discard(&mut self) {
        self.forget();
        if let Some(part) = self.reached.part.take() {
            part.discard();
        }
    }
}
