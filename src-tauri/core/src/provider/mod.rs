//! A provider is a file: its schema, the check of it, the registry of those that are known, and the templates in it.

mod action;
mod catalogue;
mod check;
mod endpoint;
mod field;
mod login;
mod mqtt;
mod one_of;
mod pages;
mod presented;
mod registry;
mod request;
mod schema;
mod summary;
mod template;
mod then;
mod transfer;
mod view;

/// What every connection gives to templates: names of this installation and of the connection, safe in a URL.
pub const BUILT_IN_NAMES: [&str; 2] = ["installation_id", "connection_id"];

/// What discovery gives to the templates of a login with an issuer.
pub const DISCOVERED: [&str; 4] =
    ["authorization_endpoint", "token_endpoint", "device_authorization_endpoint", "revocation_endpoint"];

pub use action::{Action, Computed, Scheme};
pub use check::{JSON_SCHEMA, Problem, ProviderCheck};
pub use endpoint::{BodyKind, Endpoint, EndpointBody, EndpointParameter, ParameterPlace};
pub use field::{Choice, Field, FieldKind, FieldView, Keep, is_exact};
pub use login::{AuthorizationCode, Basic, DeviceCode, Grant, Login, Paste, PastedToken, Revocation};
pub use mqtt::{Mqtt, MqttPlace};
pub use pages::{PageScheme, Pages, Pick};
pub use presented::Presented;
pub use registry::{Registry, SetAside};
pub use request::{
    Client, ClientAuthentication, ExpiresFormat, RequestTemplate, TokenRequest, TokenRequestEncoding,
    TokenRequestTemplate, TokenResponseTemplate,
};
pub use schema::{Api, DailyLimit, Groups, Identity, List, Names, Provider, Renewal, Sign, Variable};
pub use summary::{LoginGrant, LoginMethodView, ProviderView};
pub use template::{Encoding, Inputs, Lookup, Variables, beginning, fill, fill_url, whole_placeholder};
pub use then::Then;
pub use transfer::{Chunks, Download, Multipart, Ready, TransferKind, TransferStep, Upload};
pub use view::{ChartView, PlaceView, ResultView, RowAction, RowFormat, ViewColumn, ViewRow, ViewSection};
