//! A server that answers as it is told, also badly, and remembers what it was asked.

mod answer;
mod received;
mod server;

pub use answer::Answer;
pub use received::Received;
pub use server::FakeServer;
