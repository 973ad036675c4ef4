//! What goes wrong while a token is renewed, brought about for real: commands that are killed, several at once, servers
//! and keychains that fail, a clock that is wrong (docs/requirements.md, “Faults”).

mod away;
mod clock;
mod disk;
mod endpoint;
mod keychain;
mod killed;
mod memory;
mod people;
mod processes;
mod script;
pub mod stage;
mod texts;
