//! Checks: a saved request or a saved form that is sent on a schedule while the app is open, and what its answer must be.
//!
//! What is sent, and how, is known above: here is what was asked for (view.rs), what an answer amounts to (expectation.rs),
//! and which of them is due (checks.rs).

mod checks;
mod expectation;
mod view;

pub use checks::{Checks, Turn};
pub use expectation::{Expectation, ExpectedValue, Finding, Found, Must, Seen, Unmet, cut};
pub use view::{CheckOf, CheckView, SaveCheck};
