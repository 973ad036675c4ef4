//! The token set of a connection: what it holds, where it is kept, how it stays fresh.

mod gate;
mod renewal;
mod store;
mod token_set;
mod view;

pub use renewal::{Owner, Tokens};
pub use store::{KeychainState, SecretStore};
pub use token_set::{Bound, TokenSet};
pub use view::{KeptItem, KeptKind, TokenDetails, TokenState, TokenView};
