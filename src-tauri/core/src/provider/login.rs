//! A way in, as a provider file describes it: the grant, its fields, how the token is renewed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::{Field, FieldKind, FieldView};
use super::one_of::OneOf;
use super::request::{Client, TokenRequest, TokenRequestEncoding, TokenRequestTemplate};
use super::schema::Presentation;
use crate::event::Revoked;

/// A way in.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Unique in the file.
    pub id: String,
    /// As it is offered.
    pub label: String,
    /// What it is for.
    pub summary: String,
    /// What one should know before one uses it.
    pub warning: Option<String>,
    /// What is asked of the person. What is not secret is remembered with the connection.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// An issuer whose metadata (RFC 8414, OpenID Connect Discovery) gives `{authorization_endpoint}`,
    /// `{token_endpoint}` and `{device_authorization_endpoint}`.
    pub issuer: Option<String>,
    /// The grant.
    pub grant: Grant,
    /// What paths are appended to, where its token is for another server than the others.
    pub base_url: Option<String>,
    /// How its token is presented, where that differs.
    pub presentation: Option<Presentation>,
    /// How its token is renewed, beside a refresh token of OAuth.
    #[serde(default)]
    pub renewal: RenewBy,
    /// What is sent to end its tokens at the server when the person logs out, in this order.
    #[serde(default, rename = "revocation")]
    pub revocations: Vec<Revocation>,
}

/// A request that ends something at the server (RFC 7009, OpenID Connect RP-Initiated Logout, or the server's own).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// What it ends.
    pub what: Revoked,
    /// What is sent; left out where it names a token that there is not.
    pub request: TokenRequestTemplate,
    /// Statuses of an error that say that it was gone already.
    #[serde(default)]
    pub gone: Vec<u16>,
}

/// How a token set is got.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// With the browser (RFC 6749 section 4.1, with PKCE).
    AuthorizationCode(Box<AuthorizationCode>),
    /// With a browser elsewhere (RFC 8628).
    DeviceCode(DeviceCode),
    /// By a request that is described here.
    TokenRequest(Box<TokenRequest>),
    /// From the person, who has one already.
    Paste(Paste),
    /// A user name and a password with every request (RFC 7617).
    Basic(Basic),
}

/// RFC 6749 section 4.1 with RFC 7636.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationCode {
    /// Where the browser is sent.
    pub authorization_endpoint: String,
    /// A spelling of it that is also found in the vendor's documents: named where the first one is not there.
    pub other_spelling: Option<String>,
    /// Where the code is exchanged, and the token set refreshed.
    pub token_endpoint: String,
    /// Who asks.
    pub client: Client,
    /// How the token request is written.
    #[serde(default)]
    pub encoding: OneOf<TokenRequestEncoding>,
    /// What is asked for.
    pub scope: Option<String>,
    /// Where the browser comes back. Without a port: any free one.
    pub redirect_uri: String,
    /// What a refresh sends beside what RFC 6749 section 6 names.
    #[serde(default)]
    pub refresh_parameters: BTreeMap<String, String>,
    /// Whether an id token is left aside: for a server that gives one which cannot be checked.
    #[serde(default)]
    pub ignore_id_token: bool,
}

/// RFC 8628.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceCode {
    /// Where the codes are asked for.
    pub device_authorization_endpoint: String,
    /// Where the token is asked for, and the token set refreshed.
    pub token_endpoint: String,
    /// Who asks.
    pub client: Client,
    /// What is asked for.
    pub scope: Option<String>,
}

/// A token that the person has already.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paste {
    /// Which kind it is.
    pub token: PastedToken,
    /// The label of the field.
    pub label: String,
    /// Below the field.
    pub hint: Option<String>,
    /// Where the token stands in a pasted file of `name = value` lines.
    pub assignment: Option<String>,
    /// For a refresh token: where it was made, the first by default.
    #[serde(default, rename = "source")]
    pub sources: Vec<PasteSource>,
}

/// Which token is pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PastedToken {
    /// Used as it is, until it ends.
    AccessToken,
    /// Exchanged at once for an access token.
    RefreshToken,
    /// Used as it is. It has no end that anybody says.
    ApiKey,
}

/// Where a pasted refresh token was made.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasteSource {
    /// Unique in the login.
    pub id: String,
    /// As it is offered.
    pub label: String,
    /// Where it is refreshed.
    pub token_endpoint: String,
    /// The client that it was made for.
    pub client: Client,
}

/// RFC 7617.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basic {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// How a token is renewed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RenewBy {
    /// By a request of its own. `{access_token}`, `{refresh_token}` and what the login kept can stand in it.
    pub request: Option<TokenRequest>,
    /// Names without which that request cannot be sent, beside the tokens in it.
    pub needs: Vec<String>,
    /// By the login's request once more, where what it needs was kept.
    pub repeat: bool,
    /// What is sent when the new token is kept; `{old_access_token}` is the one that it replaces.
    pub after: Option<TokenRequestTemplate>,
    /// How long after its end a token can still be renewed; absent: as long as the server likes.
    pub grace_seconds: Option<u32>,
}

impl Login {
    /// The token requests that are described in it: the login's own, and the renewal's.
    pub fn token_requests(&self) -> impl Iterator<Item = &TokenRequest> {
        let of_grant = match &self.grant {
            Grant::TokenRequest(request) => Some(request.as_ref()),
            _ => None,
        };
        of_grant.into_iter().chain(&self.renewal.request)
    }

    /// The client that its tokens are made for.
    pub fn client(&self) -> Option<&Client> {
        match &self.grant {
            Grant::AuthorizationCode(grant) => Some(&grant.client),
            Grant::DeviceCode(grant) => Some(&grant.client),
            Grant::TokenRequest(request) => request.request.client.as_ref(),
            Grant::Paste(_) | Grant::Basic(_) => None,
        }
    }

    /// Whether an id token of this way in is left aside.
    pub fn ignores_id_token(&self) -> bool {
        matches!(&self.grant, Grant::AuthorizationCode(method) if method.ignore_id_token)
    }

    /// The names of what is remembered with the connection: fields that are no secret, and what answers give.
    pub fn remembered(&self) -> impl Iterator<Item = &str> {
        let fields = self.fields.iter().filter(|field| field.kind != FieldKind::Secret).map(|field| field.id.as_str());
        fields.chain(self.answered())
    }

    /// The names of what an answer to this login gives and the connection remembers.
    pub fn answered(&self) -> impl Iterator<Item = &str> {
        let of_grant = match &self.grant {
            Grant::TokenRequest(request) => Some(request),
            _ => None,
        };
        of_grant.into_iter().flat_map(|request| request.response.remember.keys()).map(String::as_str)
    }

    /// Every field that is drawn: those of the file, and that of a pasted token.
    pub fn field_views(&self) -> Vec<FieldView> {
        let own = self.fields.iter().map(FieldView::from);
        match &self.grant {
            Grant::Paste(paste) => paste.fields().into_iter().chain(own).collect(),
            _ => own.collect(),
        }
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
                kind: FieldKind::Choice,
                required: true,
                initial: self.sources.first().map(|source| source.id.clone()),
                choices: choices.map(|source| super::Choice::new(&source.id, &source.label, None)).collect(),
                ..FieldView::default()
            });
        }
        fields.push(FieldView {
            id: Self::TOKEN.to_owned(),
            label: self.label.clone(),
            hint: self.hint.clone(),
            note: Some("kept in the keychain".to_owned()),
            kind: FieldKind::Secret,
            lines: self.assignment.is_some(),
            required: true,
            ..FieldView::default()
        });
        fields
    }
}
