//! Gets a token set: with the browser, by a token request, or from the person.

mod authorization_code;
mod token_request;
mod token_response;

pub use authorization_code::AuthorizationRequest;
pub use token_request::{TokenClient, TokenEndpoint};
pub use token_response::{TokenResponse, of_oauth};
