//! The token set of a connection: what it holds, where it is kept, how it stays fresh.

mod attempt;
mod failure;
mod gate;
mod introspection;
mod journal;
mod lasting;
mod moving;
mod patience;
mod renew_by;
mod renewal;
mod revocation;
mod slot;
mod store;
mod token_set;
mod view;

pub use renew_by::RenewalKind;
pub use renewal::{Owner, Tokens};
pub use revocation::{NotRevoked, Revocations};
pub use slot::Begun;
pub use store::{Place, SecretStore, StoreState, StoreView};
pub use token_set::{Bound, TokenSet};
pub use view::{KeptItem, KeptKind, Need, TokenDetails, TokenState, TokenView};
