//! The core of Keydesk: everything that needs no window.
//!
//! [`Keydesk`] is the façade, one method for each command. Below it are the rooms; each may use those under it only:
//!
//! ```text
//! activity   what happened
//! action     a provider's forms, live lists, one action over many targets
//! exchange   template -> prepared request -> exchange: present the token, send, send once more
//! token      token set, renewal, the secret store
//! grant      get a token set: authorization code, refresh, paste
//! redirect   receive the authorization response
//! connection an account at a provider
//! provider   schema, registry, templates
//! ground     transport jwt secret redact error event clock paths browser settings
//! ```

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
mod provider;
mod redact;
mod redirect;
mod secret;
mod settings;
mod token;
mod transport;

pub use action::{
    ActionRequest, ActionView, Argument, ArgumentKind, FieldValue, RequestPreview, RunEvent, RunView, TargetResult,
};
pub use activity::{ActivityEntry, ActivityQuery};
pub use browser::{Browser, SystemBrowser};
pub use clock::{Clock, SystemClock};
pub use error::{Error, ErrorCode, OAuthError, Result};
pub use event::{ActivityEvent, CopyForm, Ignored, KeptIn, ReceiveBy, RenewalCause, Signal};
pub use jwt::{ClaimView, DecodedToken, Masked, Member, TokenKind};
pub use keydesk::{
    AddConnection, AppStatus, ConnectionView, Doors, EditConnection, FinishLogin, ImportToken, Keydesk, LoginState,
    LoginView, StartLogin,
};
pub use paths::Paths;
pub use provider::{
    Choice, FieldKind, FieldView, LoginGrant, LoginMethodView, ProviderView, ResultView, RowFormat, ViewColumn,
    ViewRow, ViewSection,
};
pub use redirect::{SCHEME_REDIRECT_URI, URI_SCHEME};
pub use secret::Secret;
pub use settings::{Settings, Theme};
pub use token::{KeptItem, KeptKind, KeychainState, SecretStore, TokenDetails, TokenState, TokenView};
pub use transport::Transport;
