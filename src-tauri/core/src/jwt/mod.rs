//! What a token says, read on this machine (RFC 7515, 7516, 7519), and whether its signature holds (RFC 8725). Nothing here
//! reaches a server: keys are handed in, and what a token itself names as its key is never looked at.

mod algorithm;
mod claims;
mod compare;
mod fault;
mod header;
mod keys;
mod masked;
mod members;
mod permissions;
mod registered;
mod times;
mod token;
mod validity;
mod verdict;
mod verify;
mod visible;

pub use claims::{ClaimHint, ClaimView};
pub use compare::{ComparedClaim, Comparison, Difference};
pub use fault::{TokenFault, TokenPart, TokenProblem};
pub use keys::{KeyFault, Keys, SecretForm};
pub use masked::Masked;
pub use members::Member;
pub use permissions::PermissionList;
pub use token::{DecodedToken, LONGEST, TokenKind};
pub use validity::{TimeState, TimeVerdict};
pub use verdict::{NotValid, SignatureVerdict, Unproven};
pub use verify::check_signature;
pub use visible::visible;

pub(crate) use claims::claims_of;
pub(crate) use members::Members;
