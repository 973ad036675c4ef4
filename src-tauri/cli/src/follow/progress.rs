//! What a run prints while it goes on: a line for each target that is through, and at a terminal how far it is.

use keydesk_core::{Keydesk, RunQuery, RunView, TargetState};

use super::view::line;
use crate::context::Context;
use crate::failure::Failure;

/// Rows that are read at once.
const PAGE: u32 = 500;
/// Takes the last line of a terminal away.
pub const CLEAR: &str = "\r\x1b[K";

pub struct Progress<'a> {
    context: &'a Context,
    run: String,
    /// Whether rows are printed: those of several targets, in words.
    rows: bool,
    /// How many are printed.
    printed: u32,
}

impl<'a> Progress<'a> {
    pub fn new(context: &'a Context, run: &str, total: u32) -> Self {
        let rows = total > 1 && !context.output.is_json();
        Self { context, run: run.to_owned(), rows, printed: 0 }
    }

    /// It went on.
    pub async fn moved(&mut self, keydesk: &Keydesk, run: &RunView) -> Result<(), Failure> {
        if run.counts.total > 1 {
            self.context.output.draw(CLEAR);
            self.print(keydesk, false).await?;
            self.context.output.draw(&far(run));
        }
        Ok(())
    }

    /// It is over, or rests.
    pub async fn end(&mut self, keydesk: &Keydesk) -> Result<(), Failure> {
        self.context.output.draw(CLEAR);
        self.print(keydesk, true).await
    }

    /// Prints the rows that are through: in their order, up to the first that is not, or at the end all.
    async fn print(&mut self, keydesk: &Keydesk, all: bool) -> Result<(), Failure> {
        while self.rows {
            let query = RunQuery { offset: self.printed, limit: PAGE, ..RunQuery::default() };
            let rows = keydesk.read_run(&self.run, query).await?.rows;
            let is_through = |state| !matches!(state, TargetState::Waiting | TargetState::Sending);
            let through: Vec<_> = if all {
                rows.iter().filter(|row| is_through(row.state)).map(line).collect()
            } else {
                rows.iter().take_while(|row| is_through(row.state)).map(line).collect()
            };
            if !through.is_empty() {
                self.context.output.print(&through.join("\n"))?;
            }
            self.printed += if all { rows.len() } else { through.len() } as u32;
            if rows.len() < PAGE as usize || (!all && through.len() < rows.len()) {
                break;
            }
        }
        Ok(())
    }
}

/// How far it is.
fn far(run: &RunView) -> String {
    let counts = &run.counts;
    let mut text = format!("{} of {}", counts.over(), counts.total);
    for (count, what) in [(counts.failed, "failed"), (counts.unknown, "unknown")] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    match (&run.waits_until, run.seconds_left) {
        (Some(until), _) => text.push_str(&format!(", waits until {until}")),
        (None, Some(left)) => text.push_str(&format!(", {}/s, {left} s left", run.rate)),
        (None, None) => {}
    }
    text
}
