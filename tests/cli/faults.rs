//! What goes wrong while a token is renewed, brought about for real: commands that are killed, several at once, servers
//! and keychains that fail, a clock that is wrong (docs/requirements.md, “Faults”).

mod clock;
mod endpoint;
mod keychain;
mod killed;
mod processes;
mod script;
mod stage;
