//! A request of an API, from its template to its answer: prepare, present the token, send, send once more where the
//! token was dead.

mod address;
mod daily;
mod long;
mod meaning;
mod measured;
mod next_page;
mod prepared;
mod refusal;
mod send;
mod telling;
mod way;

pub use long::{Given, Load};
pub use meaning::{error_of, error_unless};
pub use measured::Measured;
pub use next_page::{next_link, with_parameter};
pub use prepared::{Filling, Prepared, Values, address};
pub use refusal::{Challenge, ChallengeParameter, Reason, Refusal, Refused};
pub use send::{Exchange, NoAnswer, Sender};

pub(crate) use send::header_value;
