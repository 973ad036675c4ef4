//! What any authorization server does, whichever provider's it is.

mod access_token;
mod authorization_request;
mod code;
mod error;
mod grant;
mod jwt;
mod ledger;
mod parameters;
mod pkce;
mod redirect_uri;

pub(crate) use access_token::Presented;
pub(crate) use authorization_request::{AuthorizationRequest, Refusal, Rules};
pub(crate) use code::Redemption;
pub(crate) use error::{OauthError, no_store};
pub(crate) use grant::Grant;
pub(crate) use jwt::Signer;
pub(crate) use ledger::Ledger;
pub(crate) use parameters::Parameters;
pub(crate) use redirect_uri::{RedirectUri, with_query};
