//! The format of a provider file. Keys that are not here are errors.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::Action;
use super::catalogue::{Catalogue, ListedEndpoint};
use super::field::Field;
use super::login::Login;
use super::mqtt::Mqtt;
use super::pages::Pages;
use super::request::RequestTemplate;

/// Authorization servers and resource server of one API.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Unique: lower case letters, digits and hyphens.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// The ways in, in a line.
    pub summary: String,
    /// The colour of its tile, in degrees.
    #[serde(default)]
    pub hue: u16,
    /// Where the vendor describes the login.
    pub docs: Option<String>,
    /// What a connection is made of.
    #[serde(default, rename = "parameter")]
    pub parameters: Vec<Field>,
    /// Addresses, made of the parameters. Each can be overridden for a connection.
    #[serde(default, rename = "address")]
    pub addresses: Vec<Address>,
    /// The resource server.
    pub api: Api,
    /// The ways in.
    #[serde(rename = "login")]
    pub logins: Vec<Login>,
    /// How long tokens live and how early they are renewed.
    #[serde(default)]
    pub renewal: Renewal,
    /// How a token is presented, where its login does not say it.
    #[serde(default)]
    pub presentation: Presentation,
    /// What says that a token is dead: any of these.
    #[serde(default = "unauthorized")]
    pub dead_token: Vec<Sign>,
    /// What says that a token may not do this: any of these.
    #[serde(default = "forbidden")]
    pub no_permission: Vec<Sign>,
    /// What says that the tenant is wrong which a header of `[api]` names: any of these.
    #[serde(default)]
    pub wrong_tenant: Vec<Sign>,
    /// Where an error answer says what is wrong (RFC 6901); the first that is there.
    #[serde(default = "messages")]
    pub error_message: Vec<String>,
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
    /// Live messages.
    pub mqtt: Option<Mqtt>,
    /// What this provider's claims mean.
    #[serde(default)]
    pub claims: BTreeMap<String, String>,
    /// What the endpoints have in common.
    #[serde(default)]
    pub catalogue: Catalogue,
    /// The calls that the API offers.
    #[serde(default, rename = "endpoint")]
    pub endpoints: Vec<ListedEndpoint>,
}

/// An address that can be overridden for a connection.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Its name in templates.
    pub id: String,
    /// As it is shown.
    pub label: String,
    /// What it usually is.
    pub url: String,
}

/// The resource server.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// What paths are appended to.
    pub base_url: String,
    /// Headers of every request; one that comes out empty is left out.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// How many requests a run may begin in a second.
    pub per_second: Option<u32>,
    /// What says that no more is taken today.
    pub daily_limit: Option<DailyLimit>,
}

/// A 429 that is not over in a moment: nothing more is sent before a person says so.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DailyLimit {
    /// What such an answer holds.
    pub contains: String,
    /// The words after which it says when it takes requests again: a date and a time, in UTC where it names no zone.
    pub resumes_after: Option<String>,
}

/// How long tokens live and how early they are renewed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
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

/// How a token is presented: in a header, or as a parameter of the query. By default `Authorization: Bearer`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Presentation {
    /// The header.
    pub header: Option<String>,
    /// What stands before the token (RFC 6750 section 2.1: `Bearer`); empty or absent: the token alone.
    pub prefix: Option<String>,
    /// Or: the name of the query parameter.
    pub query: Option<String>,
}

/// What an answer looks like that means something.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// Any of these statuses,
    pub status: Vec<u16>,
    /// and, where it is given, at this pointer (RFC 6901)
    pub at: Option<String>,
    /// any of these texts.
    #[serde(default)]
    pub is: Vec<String>,
    /// Where the answer names the permission that is missing (RFC 6901).
    pub missing: Option<String>,
}

impl Sign {
    fn of_status(status: u16) -> Vec<Self> {
        vec![Self { status: vec![status], at: None, is: Vec::new(), missing: None }]
    }
}

fn unauthorized() -> Vec<Sign> {
    Sign::of_status(401)
}

fn forbidden() -> Vec<Sign> {
    Sign::of_status(403)
}

fn messages() -> Vec<String> {
    ["/error_description", "/message", "/error/message", "/error", "/detail", "/title"].map(str::to_owned).into()
}

/// Who the token belongs to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// For a token without claims: asks the server.
    pub request: Option<RequestTemplate>,
    /// Where a name stands; the first that is there.
    #[serde(default)]
    pub name: Vec<Vec<String>>,
}

/// A value that is looked up once for a connection and can be chosen anew.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Deserialize, JsonSchema)]
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
    /// Asks for all pages of what the request gives.
    pub pages: Option<Pages>,
    /// Another list: the request is sent for each of its entries, `{value}`, and all that comes back is one list.
    pub of: Option<String>,
    /// Names that must be asked for one by one.
    pub names: Option<Names>,
}

/// A name that stands elsewhere.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Asks for one entry; `{value}` is its value.
    pub request: RequestTemplate,
    /// Where in the answer the name stands.
    pub at: String,
    /// Where the groups stand that the entry is in, by which it can be chosen too.
    pub groups: Option<Groups>,
    /// For how many entries at most.
    pub most: u32,
}

/// Groups, by what people call them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Groups {
    /// Where they stand in the answer.
    pub at: String,
    /// Where in one its name stands.
    pub name: String,
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
