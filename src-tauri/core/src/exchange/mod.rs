//! A request of an API, from its template to its answer: prepare, present the token, send, send once more where the
//! token was dead.

mod address;
mod daily;
mod long;
mod meaning;
mod prepared;
mod refusal;
mod send;

pub use long::{Given, Load};
pub use meaning::{error_of, error_unless};
pub use prepared::{Filling, Prepared, Values};
pub use refusal::{Challenge, ChallengeParameter, Reason, Refusal, Refused};
pub use send::{Exchange, NoAnswer, Sender};

pub(crate) use send::header_value;
