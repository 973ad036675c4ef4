//! A request of an API, from its template to its answer: prepare, present the token, send, send once more where the
//! token was dead.

mod meaning;
mod prepared;
mod send;

pub use meaning::error_of;
pub use prepared::{Prepared, Values};
pub use send::{Exchange, Sender};

pub(crate) use send::header_value;
