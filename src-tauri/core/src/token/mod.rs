//! The token set of a connection: what it holds, where it is kept, how it stays fresh.

mod asking;
mod attempt;
mod failure;
mod forgetting;
mod gate;
mod introspection;
mod journal;
mod keeping;
mod lasting;
mod logged_out;
mod moving;
mod notes;
mod owner;
mod patience;
mod renew_by;
mod renewal;
mod revocation;
mod slot;
mod store;
mod token_set;
mod tokens;
mod view;

pub use forgetting::Ended;
pub use owner::Owner;
pub use renew_by::RenewalKind;
pub use revocation::{NotRevoked, Revocations};
pub use slot::Begun;
pub use store::{Place, SecretStore, StoreState, StoreView};
pub use token_set::{Bound, TokenSet};
pub use tokens::Tokens;
pub use view::{KeptItem, KeptKind, Need, TokenDetails, TokenState, TokenView};
