//! Receives the authorization response (RFC 6749 section 4.1.2), by listener, URI scheme or paste. All three end in
//! [`Attempts::receive`], where the response meets its login by `state`. What does not belong to a waiting login
//! changes nothing and ends none.

mod attempts;
mod listener;
mod response;

pub use attempts::{Attempts, Waiting};
pub use listener::{Listener, Listening};
pub use response::AuthorizationResponse;

/// The private-use URI scheme of this app: a domain name reversed (RFC 8252 section 7.1).
pub const URI_SCHEME: &str = "dev.keydesk";
/// The one redirect URI of that scheme.
pub const SCHEME_REDIRECT_URI: &str = "dev.keydesk:/callback";
/// The longest redirect that is looked at, in bytes.
pub const LONGEST: usize = crate::local_http::LONGEST;
