//! The core of Keydesk: everything that needs no window.
//!
//! [`Keydesk`] is the façade, one method for each command. Below it are the rooms; each may use those under it only:
//!
//! ```text
//! activity   what happened
//! action     a provider's forms, live lists, one action over many targets
//! exchange   template -> prepared request -> exchange: present the token, send, send once more
//! account    a connection with its provider, ready to be used
//! token      token set, renewal, the secret store
//! grant      get a token set: authorization code, device code, any token request, refresh
//! redirect   receive the authorization response
//! connection an account at a provider
//! provider   schema, check, registry, templates
//! ground     transport pointer jwt secret redact error event clock paths browser settings
//! ```

mod account;
mod action;
mod activity;
mod browser;
mod clock;
mod concurrent;
mod connection;
mod error;
mod event;
mod exchange;
mod grant;
mod jwt;
mod keydesk;
mod paths;
mod pointer;
mod provider;
mod redact;
mod redirect;
mod secret;
mod settings;
mod token;
mod transport;

pub use action::{
    ActionRequest, ActionView, Argument, ArgumentKind, CallAnswer, CallRequest, FieldValue, RequestPreview, RunEvent,
    RunView, TargetResult,
};
pub use activity::{ActivityEntry, ActivityQuery};
pub use browser::{Browser, SystemBrowser};
pub use clock::{Clock, SystemClock};
pub use connection::AddressView;
pub use error::{Error, ErrorCode, OAuthError, Result};
pub use event::{ActivityEvent, CopyForm, Ignored, KeptIn, ReceiveBy, RenewalCause, Revoked, Signal};
pub use jwt::{ClaimView, DecodedToken, Masked, Member, TokenKind};
pub use keydesk::{
    AddConnection, AppStatus, ConnectionView, DeviceView, Doors, EditConnection, FinishLogin, Keydesk, LogIn,
    LogOutView, LoginState, LoginView, SaveProvider, StartLogin,
};
pub use paths::Paths;
pub use provider::{
    Choice, FieldKind, FieldView, JSON_SCHEMA, Keep, LoginGrant, LoginMethodView, Problem, ProviderCheck, ProviderView,
    ResultView, RowFormat, SetAside, ViewColumn, ViewRow, ViewSection,
};
pub use redirect::{SCHEME_REDIRECT_URI, URI_SCHEME};
pub use secret::Secret;
pub use settings::{Settings, Theme};
pub use token::{
    KeptItem, KeptKind, KeychainState, NotRevoked, RenewalKind, Revocations, SecretStore, TokenDetails, TokenState,
    TokenView,
};
pub use transport::Transport;
