//! A provider is a file: its schema, the registry of those that are known, and the templates in it.

mod field;
mod registry;
mod schema;
mod template;
mod view;

pub use field::{Choice, Field, FieldKind, FieldView};
pub use registry::Registry;
pub use schema::{
    Action, AuthorizationCode, Computed, Grant, Identity, List, LoginGrant, LoginMethodView, Names, Paste, PastedToken,
    Presentation, Provider, ProviderView, Renewal, RequestTemplate, Scheme, Variable,
};
pub use template::{Encoding, Variables, fill};
pub use view::{ResultView, RowFormat, ViewColumn, ViewRow, ViewSection};
