//! Transfers: a file that is sent, or one that is fetched. It goes over in pieces, so that memory stays small, and goes on by
//! itself where it was cut.
//!
//! 1. What the provider's file asks before it: a job is made, a link is waited for.
//! 2. The file. Up: a piece at a time, or whole as a part of a form. Down: into `NAME.part`, which takes its name when all
//!    of it is there; never over another file.
//! 3. What it asks after it, until the server has worked the file in.
//!
//! What was cut is tried again: the same piece, or the range that is missing (RFC 9110 section 14), ever later. A server that
//! asks to wait is obeyed, and the pace is that of all requests of the connection. What needs a person ends as failed, and
//! goes on where it was when the person says so.

mod ask;
mod body;
mod carrier;
mod carry;
mod chosen;
mod download;
mod given;
mod hitch;
mod kept;
mod live;
mod part;
mod step;
mod transfers;
mod upload;
mod view;
mod work;

pub use body::{quoted, whole_file};
pub use chosen::{ChosenFile, ChosenFiles, Source};
pub use part::SaveTo;
pub use transfers::{Means, Transfers};
pub use view::{TransferState, TransferView};
