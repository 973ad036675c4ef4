//! Commands of curl: one that is pasted becomes a request, and a request becomes one. Nothing is run, evaluated or read from a
//! file (security.md H7), and no token stands in what is copied (F10).

mod command;
mod options;
mod read;
mod words;
mod write;

pub use read::read;
pub use write::write;
