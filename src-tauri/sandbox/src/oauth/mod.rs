//! What any authorization server does, whichever provider's it is.

mod access_token;
mod authorization_request;
mod authorization_response;
mod code;
mod error;
mod form;
mod grant;
mod jwt;
mod ledger;
mod login_page;
mod parameters;
mod pkce;
mod redirect_uri;

pub(crate) use access_token::Presented;
pub(crate) use authorization_request::{AuthorizationRequest, Pkce, Refusal, Rules};
pub(crate) use authorization_response::authorization_response;
pub(crate) use code::Redemption;
pub(crate) use error::{OauthError, no_store};
pub(crate) use form::form;
pub(crate) use grant::Grant;
pub(crate) use jwt::Signer;
pub(crate) use ledger::Ledger;
pub(crate) use login_page::{LoginPage, cannot_start};
pub(crate) use parameters::Parameters;
pub(crate) use redirect_uri::{RedirectUri, with_query};
