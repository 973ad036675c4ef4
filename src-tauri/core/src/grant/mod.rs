//! Gets a token set: with the browser, by a token request, or from the person.

mod authorization_code;
mod device_code;
mod discovery;
mod id_token;
mod introspection;
mod issuer_keys;
mod oauth;
mod token_client;
mod token_request;
mod token_response;

pub use authorization_code::AuthorizationRequest;
pub use device_code::{DeviceAuthorization, Poll};
pub use discovery::Metadata;
pub use id_token::{Expected, check as check_id_token};
pub use introspection::Introspection;
pub use oauth::{OAuthClient, TokenEndpoint};
pub use token_client::TokenClient;
pub use token_request::urls;
pub use token_response::{End, TokenResponse, of_oauth};
