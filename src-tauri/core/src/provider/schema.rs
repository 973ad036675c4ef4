//! The format of a provider file. Keys that are not here are errors.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::field::{Field, FieldKind, FieldView};
use super::view::ResultView;

/// Authorization servers and resource server of one API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Unique, lower case.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// The ways in, in a line.
    pub summary: String,
    /// The colour of its tile, in degrees.
    pub hue: u16,
    /// Where the vendor describes the login.
    pub docs: Option<String>,
    /// What a connection is made of.
    #[serde(default, rename = "parameter")]
    pub parameters: Vec<Field>,
    /// The resource server.
    pub api: Api,
    /// The ways in.
    #[serde(rename = "login")]
    pub logins: Vec<Login>,
    /// How long tokens live and how early they are renewed.
    #[serde(default)]
    pub renewal: Renewal,
    /// How a token is presented.
    #[serde(default)]
    pub presentation: Presentation,
    /// What says that a token is dead.
    pub dead_token: Sign,
    /// What says that a token may not do this.
    pub no_permission: Sign,
    /// Who the token belongs to.
    pub identity: Option<Identity>,
    /// Values that are looked up once for a connection.
    #[serde(default, rename = "variable")]
    pub variables: Vec<Variable>,
    /// Live lists.
    #[serde(default, rename = "list")]
    pub lists: Vec<List>,
    /// Forms.
    #[serde(default, rename = "action")]
    pub actions: Vec<Action>,
    /// What this provider's claims mean.
    #[serde(default)]
    pub claims: BTreeMap<String, String>,
}

/// The resource server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// What paths are appended to.
    pub base_url: String,
}

/// A way in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Unique in the file.
    pub id: String,
    /// As it is offered.
    pub label: String,
    /// What it is for.
    pub summary: String,
    /// The grant.
    pub grant: Grant,
}

/// How a token set is got.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// With the browser (RFC 6749 section 4.1, with PKCE).
    AuthorizationCode(AuthorizationCode),
    /// From the person, who has one already.
    Paste(Paste),
}

/// RFC 6749 section 4.1 with RFC 7636.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationCode {
    /// Where the browser is sent.
    pub authorization_endpoint: String,
    /// Where the code is exchanged, and the token set refreshed.
    pub token_endpoint: String,
    /// The client identifier.
    pub client_id: String,
    /// What is asked for.
    pub scope: Option<String>,
    /// Where the browser comes back. Without a port: any free one.
    pub redirect_uri: String,
}

/// A token that the person has already.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paste {
    /// Which kind it is.
    pub token: PastedToken,
    /// The label of the field.
    pub label: String,
    /// Below the field.
    pub hint: Option<String>,
    /// For a refresh token: where it was made, the first by default.
    #[serde(default, rename = "source")]
    pub sources: Vec<PasteSource>,
}

/// Which token is pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PastedToken {
    /// Used as it is, until it ends.
    AccessToken,
    /// Exchanged at once for an access token.
    RefreshToken,
}

/// Where a pasted refresh token was made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasteSource {
    /// Unique in the login.
    pub id: String,
    /// As it is offered.
    pub label: String,
    /// Where it is refreshed.
    pub token_endpoint: String,
    /// The client identifier that it was made for.
    pub client_id: String,
}

/// How long tokens live and how early they are renewed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Renewal {
    /// Seconds before the end from which a token is not used any more; less for short lives.
    pub margin_seconds: u32,
    /// The lifetime where the answer names none.
    pub lifetime_seconds: Option<u32>,
}

impl Default for Renewal {
    fn default() -> Self {
        Self { margin_seconds: 60, lifetime_seconds: None }
    }
}

/// How a token is presented.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presentation {
    /// The header.
    pub header: String,
    /// What stands before the token (RFC 6750 section 2.1: `Bearer`).
    pub prefix: Option<String>,
}

impl Default for Presentation {
    fn default() -> Self {
        Self { header: "Authorization".to_owned(), prefix: Some("Bearer".to_owned()) }
    }
}

/// What an answer looks like that means something.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// Any of these statuses.
    pub status: Vec<u16>,
}

/// Who the token belongs to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// For a token without claims: asks the server.
    pub request: Option<RequestTemplate>,
    /// Where a name stands; the first that is there.
    pub name: Vec<Vec<String>>,
}

/// A request of the API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestTemplate {
    /// The HTTP method.
    #[serde(default = "get")]
    pub method: String,
    /// A path below the base URL, or a whole URL.
    pub url: String,
    /// The query.
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    /// A JSON body. A text that is one placeholder becomes that field's value, of its own kind.
    pub body: Option<serde_json::Value>,
}

fn get() -> String {
    "GET".to_owned()
}

/// A value that is looked up once for a connection and can be chosen anew.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name in templates.
    pub id: String,
    /// As it is shown.
    pub label: String,
    /// The live list that it comes from: the first entry.
    pub list: String,
}

/// A live list: what can be chosen, asked of the server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Unique in the file.
    pub id: String,
    /// What to ask.
    pub request: RequestTemplate,
    /// Where in the answer the entries stand (RFC 6901).
    pub items: String,
    /// Where in an entry the value stands.
    pub value: String,
    /// Where in an entry the label stands.
    pub label: Option<String>,
    /// Names that must be asked for one by one.
    pub names: Option<Names>,
}

/// A name that stands elsewhere.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Asks for one entry; `{value}` is its value.
    pub request: RequestTemplate,
    /// Where in the answer the name stands.
    pub at: String,
    /// For how many entries at most.
    pub most: u32,
}

/// A form, and what it sends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Unique in the file.
    pub id: String,
    /// As it is offered.
    pub label: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// A Lucide icon.
    pub icon: String,
    /// The word on its button.
    pub submit: String,
    /// Whether it changes something.
    #[serde(default)]
    pub changes: bool,
    /// The field whose values each get a request of their own.
    pub each: Option<String>,
    /// The fields.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// What it sends,
    pub request: Option<RequestTemplate>,
    /// or the list that it shows,
    pub list: Option<String>,
    /// or the parts that its answer is put together from.
    #[serde(default, rename = "part")]
    pub parts: Vec<Part>,
    /// What is computed from the answer and put into it.
    #[serde(default)]
    pub computed: Vec<Computed>,
    /// How the answer is shown.
    pub view: ResultView,
}

/// A value that is computed from an answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Computed {
    /// Its name in the answer.
    pub name: String,
    /// How it is computed.
    pub scheme: Scheme,
    /// What stands before it.
    #[serde(default)]
    pub prefix: String,
    /// Where the texts stand that it is made of, one after the other.
    pub of: Vec<String>,
}

/// How a value is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// MD5, as a number of base 62.
    Md5Base62,
}

/// A part of an answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name in the answer.
    pub name: String,
    /// Asked of the server; without it, the part is who the token belongs to.
    pub request: Option<RequestTemplate>,
}

/// A provider as the interface shows it.
#[derive(Debug, Clone, Serialize, Type)]
#[allow(missing_docs)] // as in `Provider`
pub struct ProviderView {
    pub id: String,
    pub name: String,
    pub summary: String,
    pub hue: u16,
    pub docs: Option<String>,
    pub parameters: Vec<FieldView>,
    pub logins: Vec<LoginMethodView>,
}

/// Which grant a way in uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LoginGrant {
    /// With the browser.
    AuthorizationCode,
    /// By pasting a token.
    Paste,
}

/// A way in as the interface shows it.
#[derive(Debug, Clone, Serialize, Type)]
#[allow(missing_docs)] // as in `Login`
pub struct LoginMethodView {
    pub id: String,
    pub label: String,
    pub summary: String,
    pub grant: LoginGrant,
    pub fields: Vec<FieldView>,
}

impl From<&Provider> for ProviderView {
    fn from(provider: &Provider) -> Self {
        Self {
            id: provider.id.clone(),
            name: provider.name.clone(),
            summary: provider.summary.clone(),
            hue: provider.hue,
            docs: provider.docs.clone(),
            parameters: provider.parameters.iter().map(FieldView::from).collect(),
            logins: provider.logins.iter().map(LoginMethodView::from).collect(),
        }
    }
}

impl From<&Login> for LoginMethodView {
    fn from(login: &Login) -> Self {
        let (grant, fields) = match &login.grant {
            Grant::AuthorizationCode(_) => (LoginGrant::AuthorizationCode, Vec::new()),
            Grant::Paste(paste) => (LoginGrant::Paste, paste.fields()),
        };
        Self { id: login.id.clone(), label: login.label.clone(), summary: login.summary.clone(), grant, fields }
    }
}

impl Paste {
    /// The id of the field that the token is pasted into.
    pub const TOKEN: &str = "token";
    /// The id of the field that says where it was made.
    pub const SOURCE: &str = "source";

    fn fields(&self) -> Vec<FieldView> {
        let mut fields = Vec::new();
        if self.sources.len() > 1 {
            let choices = self.sources.iter();
            fields.push(FieldView {
                id: Self::SOURCE.to_owned(),
                label: "Made by".to_owned(),
                initial: self.sources.first().map(|source| source.id.clone()),
                choices: choices
                    .map(|source| super::Choice { value: source.id.clone(), label: source.label.clone(), detail: None })
                    .collect(),
                ..blank(FieldKind::Choice)
            });
        }
        fields.push(FieldView {
            id: Self::TOKEN.to_owned(),
            label: self.label.clone(),
            hint: self.hint.clone(),
            note: Some("kept in the keychain".to_owned()),
            ..blank(FieldKind::Secret)
        });
        fields
    }
}

fn blank(kind: FieldKind) -> FieldView {
    FieldView {
        id: String::new(),
        label: String::new(),
        hint: None,
        note: None,
        kind,
        required: true,
        placeholder: None,
        initial: None,
        choices: Vec::new(),
        list: None,
    }
}

impl Provider {
    /// The way in with this id.
    pub fn login(&self, id: &str) -> Option<&Login> {
        self.logins.iter().find(|login| login.id == id)
    }

    /// The action with this id.
    pub fn action(&self, id: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.id == id)
    }

    /// The live list with this id.
    pub fn list(&self, id: &str) -> Option<&List> {
        self.lists.iter().find(|list| list.id == id)
    }
}
