//! The core of Keydesk: everything that needs no window.
//!
//! [`Keydesk`] is the façade, one method for each command. Below it are the rooms; each uses those under it only, as the table in
//! ARCHITECTURE.md says and tests/window/rooms.rs checks.

mod account;
mod action;
mod activity;
mod answer;
mod broker;
mod browser;
mod check;
mod clock;
mod concurrent;
mod connection;
mod damaged;
mod dial;
mod error;
mod event;
mod exchange;
mod explorer;
mod file_name;
mod grant;
mod history;
mod jwt;
mod kept_list;
mod keydesk;
mod last_words;
mod local_http;
mod lock_file;
mod mqtt;
mod openapi;
mod pace;
mod paths;
mod picture;
mod pointer;
mod provider;
mod quoted_string;
mod redact;
mod redirect;
mod run;
mod secret;
mod settings;
mod shared_file;
mod speed;
mod sqlite;
mod token;
mod transfer;
mod transport;

pub use action::{
    ActionRequest, ActionView, Argument, ArgumentKind, CallAnswer, CallRequest, FieldValue, RequestPreview, Row,
};
pub use activity::{ActivityEntry, ActivityQuery};
pub use answer::{
    AnswerMatch, AnswerMatches, AnswerShape, HexRow, JsonFault, JsonFaultReason, JsonKind, JsonRow, JsonShape,
    JsonValue, TableRow, TableShape, TextRow,
};
pub use broker::{AskView, BrokerSettings, BrokerView, GrantView, ProgramView};
pub use browser::{Browser, SystemBrowser};
pub use check::{CheckOf, CheckView, Expectation, ExpectedValue, Finding, Found, Must, SaveCheck, Unmet};
pub use clock::{Clock, SystemClock};
pub use connection::AddressView;
pub use damaged::DamagedFile;
pub use error::{Error, ErrorCode, OAuthError, Result};
pub use event::{
    ActivityEvent, CopyForm, ExchangeSource, GrantFor, Ignored, KeptIn, NotHandedOut, ReceiveBy, RenewalCause, Revoked,
    Signal,
};
pub use exchange::{Challenge, ChallengeParameter, Reason, Refusal};
pub use explorer::{
    AnswerKind, BodyPart, Catalogue, Draft, ExplorerPreview, ExplorerRequest, Hop, PagesState, ReadCurl, Removed,
    RequestBody, RequestRow, SavedRequest, SendState, SentView, Variable,
};
pub use grant::Introspection;
pub use history::{ComparedLine, ExchangeDetails, ExchangeQuery, ExchangeRow, ExchangeStatus, Side};
pub use jwt::{
    ClaimHint, ClaimView, ComparedClaim, Comparison, DecodedToken, Difference, KeyFault, Keys,
    LONGEST as LONGEST_TOKEN, Masked, Member, NotValid, PermissionList, SecretForm, SignatureVerdict, TimeState,
    TimeVerdict, TokenFault, TokenKind, TokenPart, TokenProblem, Unproven, check_signature, visible,
};
pub use keydesk::{
    AddConnection, AppStatus, CheckWith, ConnectionView, DeviceView, Doors, EditConnection, FinishLogin, Keydesk,
    LogIn, LogOutView, LoginState, LoginView, RefusedAnswer, SaveProvider, StartLogin, VerifiedToken, VerifyToken,
    WhichToken,
};
pub use last_words::tell_faults_by_place;
pub use mqtt::{
    MessagePage, MessagePlace, MessageQuery, MessageRow, MqttOffer, MqttState, MqttSubscription, MqttSuggestion,
    MqttView, SubscriptionState,
};
pub use paths::Paths;
pub use provider::{
    BodyKind, ChartView, Choice, Endpoint, EndpointParameter, FieldKind, FieldView, JSON_SCHEMA, Keep, LoginGrant,
    LoginMethodView, ParameterPlace, PlaceView, Problem, ProviderCheck, ProviderView, ResultView, RowAction, RowFormat,
    SetAside, TransferKind, ViewColumn, ViewRow, ViewSection,
};
pub use redact::steers;
pub use redirect::{SCHEME_REDIRECT_URI, URI_SCHEME};
pub use run::{
    CsvPreview, CsvProblem, RunCounts, RunEvent, RunFormat, RunOptions, RunPage, RunQuery, RunRow, RunState, RunView,
    SaveTrigger, Started, TargetState, TriggerView,
};
pub use secret::Secret;
pub use settings::{Settings, Theme};
pub use token::{
    KeptItem, KeptKind, Need, NotRevoked, RenewalKind, Revocations, SecretStore, StoreState, StoreView, TokenDetails,
    TokenState, TokenView,
};
pub use transfer::{ChosenFile, SaveTo, TransferState, TransferView};
pub use transport::{Phases, Transport};
