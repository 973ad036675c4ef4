//! Sends a file: piece by piece, or whole.

use std::mem;

use reqwest::Method;

use super::body::FileBody;
use super::carrier::Carrier;
use super::chosen::Source;
use super::hitch::Hitch;
use super::work::Work;
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::{Exchange, Load};
use crate::provider::{Chunks, Multipart, Upload};

impl Work {
    /// Sends what is not over yet.
    ///
    /// # Errors
    /// What needs a person.
    pub(super) async fn send(&mut self, carrier: &mut Carrier, upload: &Upload) -> Result<()> {
        if self.reached.file {
            return Ok(());
        }
        let source = self.source.clone();
        let source = source.ok_or_else(|| Error::input("file", "Choose a file first."))?;
        loop {
            let sent = match (&upload.chunks, &upload.multipart) {
                (Some(chunks), _) => self.next_chunk(carrier, upload, chunks, &source).await,
                (None, Some(multipart)) => self.whole(carrier, multipart, &source).await,
                (None, None) => Err(Hitch::Over(Error::new(ErrorCode::Internal, "The provider file sends no file."))),
            };
            match sent {
                Ok(()) if self.reached.file => break,
                Ok(()) => {}
                Err(hitch) => {
                    check(&source).await?;
                    carrier.after(hitch).await?;
                }
            }
        }
        carrier.live.reached(source.size);
        Ok(())
    }

    async fn next_chunk(
        &mut self,
        carrier: &Carrier,
        upload: &Upload,
        chunks: &Chunks,
        source: &Source,
    ) -> std::result::Result<(), Hitch> {
        let from = u64::from(self.reached.chunks) * u64::from(chunks.bytes);
        let length = (source.size - from).min(chunks.bytes.into());
        let is_last = from + length == source.size;
        let number = self.reached.chunks + 1;
        check(source).await?;
        self.reached.taken.give("chunk", &number.into());
        let prepared = carrier.means.desk.prepare(&self.order, &chunks.request, &self.reached.taken).await?;
        carrier.turn().await;
        let body = FileBody::piece(source, &carrier.live, from, length);
        // One of many is worth no word; the last one stands for all.
        let account = if is_last { self.order.account.clone() } else { self.order.account.clone().quiet() };
        // From here on the server may have it, whatever becomes of this: a rest, an end, an answer that is lost.
        let was_lost = mem::replace(&mut self.reached.lost, true);
        if is_last {
            self.keep();
        }
        let sent = carrier.means.sender.send_file(&account, &prepared, &body).await;
        let is_told = sent.as_ref().map_or_else(|no| !no.sent, |it| it.answer.status < 500);
        self.reached.lost = was_lost || !is_told;
        let sent = carrier.judge(&account.provider, sent, true);
        match sent {
            Ok(Exchange { answer, .. }) => {
                carrier.answered(&answer.body);
                let good = if is_last { &chunks.done } else { &chunks.more };
                if !good.contains(&answer.status) {
                    let what = if is_last { "waits for more of the file" } else { "takes the file for whole" };
                    let what = format!("After piece {number} the server {what}.");
                    let error = Error::new(ErrorCode::UnexpectedAnswer, what).with_status(answer.status);
                    return Err(Hitch::Over(error));
                }
                (self.reached.chunks, self.reached.lost) = (number, false);
                self.reached.file = is_last;
                self.keep();
                Ok(())
            }
            // It may have the piece, and refuse to take it twice: what is asked afterwards tells.
            Err(Hitch::Over(error)) if is_last && was_lost && is_refusal(&error) && !upload.after.is_empty() => {
                (self.reached.doubt, self.reached.file) = (Some(error), true);
                Ok(())
            }
            Err(hitch) => {
                carrier.live.reached(from);
                Err(hitch)
            }
        }
    }

    async fn whole(
        &mut self,
        carrier: &Carrier,
        multipart: &Multipart,
        source: &Source,
    ) -> std::result::Result<(), Hitch> {
        check(source).await?;
        let account = &self.order.account;
        let prepared = carrier.means.desk.prepare(&self.order, &multipart.request, &self.reached.taken).await?;
        carrier.turn().await;
        let body = FileBody::form(source, &carrier.live, &multipart.field);
        let sent = carrier.means.sender.send_file(account, &prepared, &body).await;
        // A server that may have all of it may have done with it what it does: a person says whether it is sent once more.
        let again = sent.is_ok() || !body.gauge().is_over() || prepared.method != Method::POST;
        match carrier.judge(&account.provider, sent, again) {
            Ok(Exchange { answer, .. }) => {
                carrier.answered(&answer.body);
                self.reached.file = true;
                Ok(())
            }
            Err(hitch) => {
                carrier.live.reached(0);
                Err(hitch)
            }
        }
    }
}

/// Whether a server said no to what was sent, not to who sent it.
fn is_refusal(error: &Error) -> bool {
    matches!(error.code, ErrorCode::BadRequest | ErrorCode::NotFound)
}

/// That the file is still the one that was chosen.
async fn check(source: &Source) -> Result<()> {
    match tokio::fs::metadata(&source.path).await {
        Ok(metadata) if source.is(&metadata) => Ok(()),
        _ => Err(source.has_changed()),
    }
}
