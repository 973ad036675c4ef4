//! Runs: an action over many targets, kept in a file from the first moment on, so that nothing is sent twice silently
//! (security.md H8). A look at one thing, which changes nothing, is a run too, but in memory only.

mod attend;
mod books;
mod counts;
mod csv;
mod export;
mod holder;
mod judge;
mod left;
mod live;
mod parcel;
mod reading;
mod runner;
mod runs;
mod step;
mod table;
#[cfg(test)]
mod tests;
mod trigger;
mod view;
mod writing;

pub use counts::RunCounts;
pub use csv::{CsvPreview, CsvProblem, preview_csv};
pub use export::RunFormat;
pub use runs::{Runs, Started};
pub use trigger::{SaveTrigger, TriggerView, Triggers};
pub use view::{RunEvent, RunOptions, RunPage, RunQuery, RunRow, RunState, RunView, TargetState};
