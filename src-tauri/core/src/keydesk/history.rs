//! The exchanges that are kept.

use std::path::PathBuf;

use super::Keydesk;
use crate::error::{Error, Result};
use crate::event::may_be_cut;
use crate::explorer::ExplorerRequest;
use crate::history::{ComparedLine, ExchangeDetails, ExchangeQuery, ExchangeRow, Retention};
use crate::settings::Settings;

impl Keydesk {
    /// Exchanges, the newest first.
    ///
    /// # Errors
    /// `not_saved` when the file cannot be read.
    pub async fn list_exchanges(&self, query: ExchangeQuery) -> Result<Vec<ExchangeRow>> {
        self.history.settled().await;
        self.history.list(query).await
    }

    /// One of them, whole.
    ///
    /// # Errors
    /// `invalid_input` when it is gone, `not_saved` when the file cannot be read.
    pub async fn read_exchange(&self, exchange: i64) -> Result<ExchangeDetails> {
        self.history.read(exchange).await
    }

    /// Two of them, line by line.
    ///
    /// # Errors
    /// As for [`Keydesk::read_exchange`].
    pub async fn compare_exchanges(&self, one: i64, other: i64) -> Result<Vec<ComparedLine>> {
        self.history.compare(one, other).await
    }

    /// The request of an exchange, to be sent again from the explorer.
    ///
    /// # Errors
    /// As for [`Keydesk::read_exchange`]; `invalid_input` where its body is kept in part only.
    pub async fn exchange_request(&self, exchange: i64) -> Result<ExplorerRequest> {
        let exchange = self.history.read(exchange).await?;
        let built = exchange.request.as_deref().map(serde_json::from_str).transpose();
        let built = built.map_err(|error| Error::internal("read the request", error))?;
        let ExchangeDetails { row, sent_headers, sent_body, .. } = exchange;
        if built.is_none() && sent_body.as_deref().is_some_and(may_be_cut) {
            return Err(Error::input(
                "exchange",
                "Of so large a body only the beginning is kept: it cannot be sent again from here.",
            ));
        }
        let media_type = sent_headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-type"));
        let media_type = media_type.map(|header| header.value.clone()).unwrap_or_default();
        Ok(built.unwrap_or_else(|| ExplorerRequest::as_sent(&row.method, &row.url, &media_type, sent_body)))
    }

    /// Deletes all exchanges, or those of a connection.
    ///
    /// # Errors
    /// `not_saved` when the file cannot be written.
    pub async fn clear_exchanges(&self, connection: Option<String>) -> Result<()> {
        // What is still on its way to the file was there for the person already.
        self.history.settled().await;
        self.history.clear(connection).await
    }

    /// Writes exchanges as an HTTP Archive into the person's downloads, and says where.
    ///
    /// # Errors
    /// `not_saved` when they cannot be read, `not_written` when the disk refuses.
    pub async fn export_har(&self, query: ExchangeQuery, whole: bool) -> Result<PathBuf> {
        self.history.export_har(query, whole, &self.paths).await
    }
}

pub(super) fn retention(settings: &Settings) -> Retention {
    Retention { days: settings.history_days, megabytes: settings.history_megabytes }
}
