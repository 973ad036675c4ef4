//! What a person typed for a login: checked, completed by what the keychain has, and told apart into what is remembered,
//! what is kept, and what lives for the request (security.md D13).

use std::collections::BTreeMap;

use url::Url;

use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::grant::Metadata;
use crate::keydesk::Keydesk;
use crate::provider::{
    DISCOVERED, Encoding, Field, FieldKind, Grant, Inputs, Keep, Login, TokenRequestTemplate, Variables, beginning,
    fill, fill_url,
};
use crate::secret::Secret;
use crate::token::{Begun, Bound, TokenSet};
use crate::transport::parse_url;

/// The field of a login that says where the browser comes back.
pub(super) const REDIRECT_URI: &str = "redirect_uri";

/// A login that is ready to be asked for.
#[derive(Clone)]
pub(in crate::keydesk) struct Entry {
    pub account: Account,
    pub login: Login,
    pub inputs: Inputs,
    /// The secrets that stay with the token set.
    pub kept: BTreeMap<String, Secret>,
    /// What else the login is made with.
    pub made_with: Variables,
    /// Whether every secret that was typed is among what is kept.
    pub repeatable: bool,
    /// What the issuer says of itself.
    pub metadata: Option<Metadata>,
    /// When it began: a log-out in between ends it.
    pub begun: Begun,
}

/// What a person typed.
pub(in crate::keydesk) struct Typed<'a> {
    pub fields: &'a BTreeMap<String, Secret>,
    /// The secret fields that are to be kept.
    pub keep: &'a [String],
}

impl Keydesk {
    /// Takes what was typed for a login, and looks its issuer up where it has one.
    ///
    /// # Errors
    /// `invalid_input` that names the field, or why the issuer cannot be used.
    pub(in crate::keydesk) async fn enter(&self, connection: &str, login: &str, typed: &Typed<'_>) -> Result<Entry> {
        let account = self.account(connection)?;
        let again = account.connection.login.as_deref() == Some(login);
        let (account, login) = account.at(login)?;
        self.follow_log_out_of(connection).await;
        let begun = self.tokens.begin(connection);
        // What the keychain has of the last login; unreadable is none.
        let _ = self.tokens.at_hand(&account.owner).await;
        let before = self.tokens.of_login(&account.owner, &login.id);
        let mut entry = Entry {
            inputs: Inputs::new(&account.owner.variables, &account.provider, &login),
            account,
            kept: BTreeMap::new(),
            made_with: Variables::new(),
            repeatable: true,
            metadata: None,
            begun,
            login,
        };
        let (secret, plain): (Vec<_>, Vec<_>) =
            entry.login.fields.clone().into_iter().partition(|field| field.kind == FieldKind::Secret);
        for field in plain {
            // What was left empty at another way in says nothing of this one.
            if !again && entry.inputs.plain.get(&field.id).is_some_and(String::is_empty) {
                entry.inputs.plain.remove(&field.id);
            }
            entry.take_plain(&field, typed)?;
        }
        entry.discover().await?;
        // Only now is it known whether what is kept belongs to this login.
        let before = before.filter(|set| entry.is_made_as(set));
        for field in secret {
            entry.take_secret(&field, typed, before.as_ref().and_then(|set| set.kept.get(&field.id)))?;
        }
        Ok(entry)
    }
}

impl Entry {
    /// Whether a token set came by a login like this: the same account, at the same servers. Else what it keeps is not
    /// for this one (security.md F2).
    fn is_made_as(&self, set: &TokenSet) -> bool {
        let origin = |url: &Url| url.origin().ascii_serialization();
        let endpoint = match &self.login.grant {
            Grant::AuthorizationCode(method) => self.url(&method.token_endpoint).ok(),
            Grant::DeviceCode(method) => self.url(&method.token_endpoint).ok(),
            _ => None,
        };
        let same_servers = self.bound().is_ok_and(|bound| bound.token_origins == set.bound.token_origins)
            && endpoint.as_ref().map(origin) == set.bound.token_endpoint.as_ref().map(origin);
        let fields = self.login.fields.iter().filter(|field| field.kind != FieldKind::Secret);
        let mut same = fields.filter(|field| field.id != REDIRECT_URI).map(|field| {
            let made = set.made_with.get(&field.id).map(String::as_str).unwrap_or_default();
            made == self.made_with.get(&field.id).map(String::as_str).unwrap_or_default()
        });
        same_servers && same.all(|same| same)
    }

    fn take_secret(&mut self, field: &Field, typed: &Typed, before: Option<&Secret>) -> Result<()> {
        let before = before.filter(|_| field.keep != Keep::Never);
        // Sent empty it is meant to be empty; not sent, what is kept is meant.
        let value = typed.fields.get(&field.id).or(before).filter(|value| !value.expose().trim().is_empty());
        let Some(value) = value.cloned() else { return self.leave_empty(field) };
        let keeps = match field.keep {
            Keep::Always => true,
            Keep::Asked => typed.keep.contains(&field.id),
            Keep::Never => false,
        };
        if keeps {
            self.kept.insert(field.id.clone(), value.clone());
        }
        self.repeatable &= keeps;
        self.inputs.secret.insert(field.id.clone(), value);
        Ok(())
    }

    fn take_plain(&mut self, field: &Field, typed: &Typed) -> Result<()> {
        // What was remembered is shown in the form: left empty, it is meant to be empty.
        let value = match typed.fields.get(&field.id) {
            Some(value) => value.expose().trim().to_owned(),
            None => self.inputs.plain.get(&field.id).or(field.initial.as_ref()).cloned().unwrap_or_default(),
        };
        if value.is_empty() {
            self.made_with.insert(field.id.clone(), value);
            return self.leave_empty(field);
        }
        field.check_kind(&value)?;
        if field.kind == FieldKind::Choice && !field.choices.iter().any(|choice| choice.value == value) {
            return Err(Error::input(&field.id, format!("{} is none of the choices.", field.label)));
        }
        let chosen = field.choices.iter().find(|choice| choice.value == value);
        let set = chosen.map(|choice| choice.set.clone()).unwrap_or_default();
        for (name, value) in set.into_iter().chain([(field.id.clone(), value)]) {
            self.made_with.insert(name.clone(), value.clone());
            self.inputs.plain.insert(name, value);
        }
        Ok(())
    }

    /// What is remembered with the connection: what its fields hold, secrets apart.
    pub fn remembered(&self) -> impl Iterator<Item = (String, String)> {
        let plain = self.login.fields.iter().filter(|field| field.kind != FieldKind::Secret);
        plain.filter_map(|field| Some((field.id.clone(), self.made_with.get(&field.id)?.clone())))
    }

    fn leave_empty(&mut self, field: &Field) -> Result<()> {
        if !field.optional {
            return Err(Error::input(&field.id, format!("{} is needed.", field.label)));
        }
        self.inputs.plain.insert(field.id.clone(), String::new());
        Ok(())
    }

    /// Finds the endpoints by the issuer. One that the connection overrides stays.
    async fn discover(&mut self) -> Result<()> {
        let Some(template) = &self.login.issuer else { return Ok(()) };
        let issuer = fill(template, &self.inputs, Encoding::Plain)?;
        let metadata = self.account.owner.client.discover(issuer.trim()).await?;
        for (name, url) in DISCOVERED.into_iter().zip(metadata.endpoints()) {
            if let Some(url) = url {
                let used = self.inputs.plain.entry(name.to_owned()).or_insert_with(|| url.to_string());
                // So that a renewal goes where the login went.
                self.made_with.insert(name.to_owned(), used.clone());
            }
        }
        self.metadata = Some(metadata);
        Ok(())
    }

    /// Fills a template of the login.
    ///
    /// # Errors
    /// `discovery_failed` where the issuer does not offer it.
    pub fn fill(&self, template: &str) -> Result<String> {
        fill(template, &self.inputs, Encoding::Plain).map_err(|error| match &self.metadata {
            Some(metadata) if DISCOVERED.iter().any(|name| template == format!("{{{name}}}")) => Error::new(
                ErrorCode::DiscoveryFailed,
                format!(
                    "{} does not offer this login: its metadata names no {}.",
                    metadata.issuer,
                    template.trim_matches(['{', '}']).replace('_', " ")
                ),
            ),
            _ => error,
        })
    }

    /// Fills an address of the login, and looks at it.
    ///
    /// # Errors
    /// As for [`Entry::fill`], and `invalid_input` when it cannot be used.
    pub fn url(&self, template: &str) -> Result<Url> {
        self.fill(template).and_then(|_| parse_url(&fill_url(template, &self.inputs)?))
    }

    /// What its token set is bound to.
    ///
    /// # Errors
    /// `invalid_input` when an address is none.
    pub fn bound(&self) -> Result<Bound> {
        let requests = self.login.token_requests().flat_map(|request| {
            let steps = request.steps.iter().map(|step| &step.request);
            steps.chain([&request.request])
        });
        let after = self.login.renewal.after.iter();
        let revocations = self.login.revocations.iter().map(|revocation| &revocation.request);
        // What the issuer does not offer is not sent.
        let revocations = revocations.filter(|request| self.fill(beginning(&request.url)).is_ok());
        let after = after.chain(revocations);
        let origin = |template: &TokenRequestTemplate| self.origin(template);
        let mut token_origins = requests.chain(after).map(origin).collect::<Result<Vec<_>>>()?;
        token_origins.sort();
        token_origins.dedup();
        Ok(Bound {
            provider: Some(self.account.provider.id.clone()),
            login: Some(self.login.id.clone()),
            token_endpoint: None,
            client_id: None,
            confidential: false,
            token_origins,
            origins: self.account.owner.origins.to_vec(),
        })
    }

    /// The server that a request goes to. What stands in its path may be known later only.
    fn origin(&self, template: &TokenRequestTemplate) -> Result<String> {
        let url = self.fill(beginning(&template.url))?;
        Ok(parse_url(&url)?.origin().ascii_serialization())
    }

    /// With what stays of what was typed.
    pub fn keeping(&self, set: TokenSet) -> TokenSet {
        set.keeping(self.kept.clone(), self.made_with.clone(), self.repeatable)
    }
}
