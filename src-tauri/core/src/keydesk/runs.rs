//! Runs: an action over many targets.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Keydesk;
use crate::action::ActionRequest;
use crate::error::Result;
use crate::run::{
    CsvPreview, RunFormat, RunOptions, RunPage, RunQuery, RunRow, RunView, Started, TargetState, preview_csv,
};

impl Keydesk {
    /// Begins to carry out an action over its targets.
    ///
    /// # Errors
    /// `invalid_input` that names the field which is not filled well, `confirm_needed` when there are more targets than the
    /// settings let go without a word. What fails later is in the run.
    pub async fn start_run(&self, request: ActionRequest, options: &RunOptions) -> Result<Started> {
        let account = self.account(&request.connection)?;
        self.runs.start(account, request, options, self.settings.get().ask_above).await
    }

    /// How a run stands, and what moves in it from now on.
    ///
    /// # Errors
    /// `invalid_input` when there is none of this id.
    pub async fn watch_run(&self, run: &str) -> Result<Started> {
        self.runs.watch(run).await
    }

    /// Begins no further request of a run until a person says so.
    ///
    /// # Errors
    /// `invalid_input` when it is not under way here.
    pub async fn pause_run(&self, run: &str) -> Result<RunView> {
        self.runs.pause(run).await
    }

    /// Goes on with a paused or interrupted run. What is unknown stays so.
    ///
    /// # Errors
    /// `invalid_input` when it is over, or its form can no more be filled.
    pub async fn resume_run(&self, run: &str) -> Result<Started> {
        let connection = self.runs.watch(run).await?.run.connection;
        self.runs.resume(self.account(&connection)?, run).await
    }

    /// Begins no further request of a run, for good.
    ///
    /// # Errors
    /// `invalid_input` when it is over.
    pub async fn stop_run(&self, run: &str) -> Result<RunView> {
        self.runs.stop(run).await
    }

    /// Begins another run over those targets of one that are in these states. What is unknown may be done twice then.
    ///
    /// # Errors
    /// `invalid_input` when it is under way, or nothing is left to be tried again.
    pub async fn retry_run(&self, run: &str, which: Vec<TargetState>) -> Result<Started> {
        let connection = self.runs.watch(run).await?.run.connection;
        self.runs.retry(self.account(&connection)?, run, which).await
    }

    /// All runs, or those of a connection, the newest first.
    ///
    /// # Errors
    /// `internal` when they cannot be read.
    pub async fn list_runs(&self, connection: Option<String>) -> Result<Vec<RunView>> {
        self.runs.list(connection).await
    }

    /// Some rows of a run.
    ///
    /// # Errors
    /// `invalid_input` when there is none of this id.
    pub async fn read_run(&self, run: &str, query: RunQuery) -> Result<RunPage> {
        self.runs.read(run, query).await
    }

    /// A row of a run with its body.
    ///
    /// # Errors
    /// `invalid_input` when there is none.
    pub async fn read_run_row(&self, run: &str, number: u32) -> Result<RunRow> {
        self.runs.read_row(run, number).await
    }

    /// Writes the results of a run to the person's downloads, beside what is there, and says where.
    ///
    /// # Errors
    /// `invalid_input` when there is none of this id, or `internal` when it cannot be written.
    pub async fn export_run(&self, run: &str, format: RunFormat) -> Result<PathBuf> {
        self.runs.export(run, format, &self.paths).await
    }

    /// The same, to anywhere.
    ///
    /// # Errors
    /// As for [`Keydesk::export_run`].
    pub async fn write_run(&self, run: &str, format: RunFormat, to: &mut (impl std::io::Write + Send)) -> Result<()> {
        let run = self.runs.watch(run).await?.run;
        self.runs.write(&run, format, to).await
    }

    /// Deletes a run.
    ///
    /// # Errors
    /// `invalid_input` when it is under way.
    pub async fn remove_run(&self, run: &str) -> Result<()> {
        self.runs.remove(run).await
    }

    /// What a CSV would fill. Nothing is sent.
    ///
    /// # Errors
    /// `invalid_input` when it is none.
    pub fn preview_csv(
        &self,
        connection: &str,
        action: &str,
        text: &str,
        mapping: Option<BTreeMap<String, String>>,
    ) -> Result<CsvPreview> {
        preview_csv(self.account(connection)?, action, text, mapping)
    }
}
