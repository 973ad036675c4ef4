//! A provider as the interface shows it.

use serde::Serialize;
use specta::Type;

use super::field::FieldView;
use super::login::{Grant, Login};
use super::schema::Provider;

/// A provider as the interface shows it.
#[derive(Debug, Clone, Serialize, Type)]
#[allow(missing_docs)] // as in `Provider`
pub struct ProviderView {
    pub id: String,
    pub name: String,
    pub summary: String,
    pub hue: u16,
    pub docs: Option<String>,
    /// Whether the person added it.
    pub own: bool,
    pub parameters: Vec<FieldView>,
    pub logins: Vec<LoginMethodView>,
}

/// What a way in asks of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LoginGrant {
    /// A login that waits for the browser.
    AuthorizationCode,
    /// A login that waits for a browser elsewhere.
    DeviceCode,
    /// Fields are sent, and the answer is there at once.
    Request,
    /// What is typed is the token.
    Paste,
}

/// A way in as the interface shows it.
#[derive(Debug, Clone, Serialize, Type)]
#[allow(missing_docs)] // as in `Login`
pub struct LoginMethodView {
    pub id: String,
    pub label: String,
    pub summary: String,
    pub warning: Option<String>,
    pub grant: LoginGrant,
    pub fields: Vec<FieldView>,
}

impl ProviderView {
    /// What can be seen of a provider.
    pub fn of(provider: &Provider, own: bool) -> Self {
        Self {
            id: provider.id.clone(),
            name: provider.name.clone(),
            summary: provider.summary.clone(),
            hue: provider.hue,
            docs: provider.docs.clone(),
            own,
            parameters: provider.parameters.iter().map(FieldView::from).collect(),
            logins: provider.logins.iter().map(LoginMethodView::from).collect(),
        }
    }
}

impl From<&Grant> for LoginGrant {
    fn from(grant: &Grant) -> Self {
        match grant {
            Grant::AuthorizationCode(_) => Self::AuthorizationCode,
            Grant::DeviceCode(_) => Self::DeviceCode,
            Grant::TokenRequest(_) => Self::Request,
            Grant::Paste(_) | Grant::Basic(_) => Self::Paste,
        }
    }
}

impl From<&Login> for LoginMethodView {
    fn from(login: &Login) -> Self {
        Self {
            id: login.id.clone(),
            label: login.label.clone(),
            summary: login.summary.clone(),
            warning: login.warning.clone(),
            grant: LoginGrant::from(&login.grant),
            fields: login.field_views(),
        }
    }
}
