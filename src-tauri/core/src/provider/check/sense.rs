//! Whether a file of the right shape makes sense: placeholders that something gives, ids that are unique, addresses that
//! can be used.

use std::collections::BTreeSet;

use toml::de::DeValue;

use super::answer::{is_token_in_path, of_action};
use super::document::{Document, Node};
use super::{Problem, is_this_machine, nearest};
use crate::provider::login::{Grant, Login, PastedToken};
use crate::provider::schema::{Presentation, Provider};
use crate::provider::template::names;
use crate::provider::{BUILT_IN_NAMES, DISCOVERED};

/// What does not make sense.
pub(super) fn problems(document: &Document, provider: &Provider) -> Vec<Problem> {
    let mut sense = Sense { document, found: Vec::new() };
    let root = document.root.get_ref();
    let id = root.get("id");
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if let Some(id) = id.filter(|_| provider.id.is_empty() || !provider.id.chars().all(good)) {
        sense.say(id, "id", "An id is made of lower case letters, digits and hyphens.");
    }
    if let Some(logins) = root.get("login").filter(|_| provider.logins.is_empty()) {
        sense.say(logins, "login", "A provider needs a way in.");
    }
    sense.parameters(root.get("parameter"));
    for key in ["parameter", "address", "login", "action", "list", "variable"] {
        sense.unique(root.get(key), key);
    }
    if RESERVED.contains(&provider.id.as_str())
        && let Some(id) = id
    {
        sense.say(id, "id", "No file of this name can be made on every system.");
    }
    let parameters = of_parameters(provider);
    sense.templates(root.get("api"), "api", &parameters);
    sense.addresses(root.get("address"), provider);
    let connection = of_connection(provider);
    sense.templates(root.get("presentation"), "presentation", &connection);
    let mut looked_up = connection.clone();
    looked_up.extend(provider.variables.iter().map(|variable| variable.id.as_str()));
    looked_up.insert("value");
    sense.templates(root.get("identity"), "identity", &looked_up);
    sense.templates(root.get("list"), "list", &looked_up);
    sense.each(root.get("action"), "action", &provider.actions, |action| of_action(action, &looked_up));
    sense.each(root.get("login"), "login", &provider.logins, |login| of_login(login, &connection));
    sense.presentations(root.get("login"), provider);
    sense.actions(root.get("action"), provider);
    sense.lists(root.get("list"), provider);
    sense.variables(root.get("variable"), provider);
    sense.messages(root.get("mqtt"), provider, &connection);
    sense.catalogue(root.get("catalogue"), provider, &looked_up);
    sense.endpoints(root.get("endpoint"), provider, &looked_up);
    sense.found
}

/// Names that Windows keeps for devices.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

pub(super) struct Sense<'a> {
    document: &'a Document<'a>,
    found: Vec<Problem>,
}

impl Sense<'_> {
    pub(super) fn say(&mut self, node: &Node, key: &str, message: &str) {
        self.suggest(node, key, message.to_owned(), None);
    }

    pub(super) fn suggest(&mut self, node: &Node, key: &str, message: String, suggestion: Option<String>) {
        let line = self.document.line(node.span().start);
        self.found.push(Problem { line, key: key.to_owned(), message, suggestion });
    }

    /// Ids that stand twice.
    fn unique(&mut self, list: Option<&Node>, key: &str) {
        let mut seen = BTreeSet::new();
        for item in list.and_then(|list| list.get_ref().as_array()).into_iter().flatten() {
            let Some(id) = item.get_ref().get("id") else { continue };
            if !seen.insert(id.get_ref().as_str().unwrap_or_default()) {
                self.say(id, &format!("{key}.id"), "This id stands twice.");
            }
        }
    }

    /// Every text of a list's items, with the names that are known in each.
    fn each<'p, T>(
        &mut self,
        list: Option<&Node>,
        key: &str,
        items: &'p [T],
        known: impl Fn(&'p T) -> BTreeSet<&'p str>,
    ) {
        let nodes = list.and_then(|list| list.get_ref().as_array());
        for (node, item) in nodes.into_iter().flatten().zip(items) {
            self.templates(Some(node), key, &known(item));
        }
    }

    /// Every text below a node: its placeholders must be known, and an address that can be read must be usable.
    pub(super) fn templates(&mut self, node: Option<&Node>, key: &str, known: &BTreeSet<&str>) {
        let Some(node) = node else { return };
        match node.get_ref() {
            DeValue::String(text) => {
                if text.rfind('{') > text.rfind('}') {
                    self.say(node, key, "A “{” is never closed.");
                }
                for name in names(text).filter(|name| !known.contains(name) && !is_token_in_path(name, key, text)) {
                    let suggestion = nearest(name, known.iter().copied());
                    self.suggest(node, key, format!("Nothing gives “{name}”."), suggestion);
                }
                if text.starts_with("http:") && !on_this_machine(text) && !key.ends_with("redirect_uri") {
                    self.say(node, key, "An address must be https, or http on this machine.");
                }
                if text.starts_with("mqtt:") && !on_this_machine(text) {
                    self.say(node, key, "The address of a broker must be mqtts, or mqtt on this machine.");
                }
            }
            DeValue::Array(items) => items.iter().for_each(|item| self.templates(Some(item), key, known)),
            DeValue::Table(table) => {
                for (name, node) in table {
                    self.templates(Some(node), &format!("{key}.{}", name.get_ref()), known);
                }
            }
            _ => {}
        }
    }

    /// An address is made of parameters and of the addresses above it.
    fn addresses(&mut self, addresses: Option<&Node>, provider: &Provider) {
        let nodes = addresses.and_then(|list| list.get_ref().as_array());
        let mut known = of_choices(provider);
        for (node, address) in nodes.into_iter().flatten().zip(&provider.addresses) {
            self.templates(Some(node), "address", &known);
            known.insert(&address.id);
        }
    }

    /// Fields: ids that stand twice, and choices between nothing.
    pub(super) fn fields(&mut self, owner: &Node, key: &str) {
        let fields = owner.get_ref().get("field");
        self.unique(fields, &format!("{key}.field"));
        for field in fields.and_then(|list| list.get_ref().as_array()).into_iter().flatten() {
            let value = |name: &str| field.get_ref().get(name);
            let kind = value("kind").and_then(|kind| kind.get_ref().as_str());
            if kind == Some("secret") && key != "login" {
                // Only what a login asks for goes to the keychain.
                self.say(field, &format!("{key}.field"), "A secret can only be a field of a login.");
            }
            if kind == Some("file") && key == "login" {
                self.say(field, &format!("{key}.field"), "Only an upload can have a file.");
            }
            if kind == Some("choice") && value("choices").is_none() && value("list").is_none() {
                self.say(field, &format!("{key}.field"), "A choice needs choices or a list.");
            }
        }
    }

    fn parameters(&mut self, parameters: Option<&Node>) {
        for parameter in parameters.and_then(|list| list.get_ref().as_array()).into_iter().flatten() {
            let kind = parameter.get_ref().get("kind").and_then(|kind| kind.get_ref().as_str());
            if kind == Some("secret") {
                self.say(parameter, "parameter.kind", "A secret can only be a field of a login.");
            }
            if kind == Some("file") {
                self.say(parameter, "parameter.kind", "Only an upload can have a file.");
            }
        }
    }

    fn presentations(&mut self, logins: Option<&Node>, provider: &Provider) {
        let both = |it: &Presentation| it.header.is_some() && it.query.is_some();
        const BOTH: &str = "A token stands in a header or in the query, not in both.";
        if let Some(node) = self.document.root.get_ref().get("presentation").filter(|_| both(&provider.presentation)) {
            self.say(node, "presentation", BOTH);
        }
        let nodes = logins.and_then(|list| list.get_ref().as_array());
        for (node, login) in nodes.into_iter().flatten().zip(&provider.logins) {
            self.base_url(node, login, provider);
            self.answers(node, login);
            let twice = login.presentation.as_ref().is_some_and(both);
            self.fields(node, "login");
            if let Some(node) = node.get_ref().get("presentation").filter(|_| twice) {
                self.say(node, "login.presentation", BOTH);
            }
        }
    }

    /// The origins of a token are known before its login's fields are.
    fn base_url(&mut self, node: &Node, login: &Login, provider: &Provider) {
        let known = of_parameters(provider);
        let unknown = login.base_url.iter().flat_map(|url| names(url)).find(|name| !known.contains(name));
        if let (Some(name), Some(node)) = (unknown, node.get_ref().get("base_url")) {
            self.say(node, "login.base_url", &format!("“{name}” is not known before the login."));
        }
    }

    fn answers(&mut self, node: &Node, login: &Login) {
        for response in login.token_requests().map(|request| &request.response) {
            let secret = response.keep.values().chain(&response.refresh_token).chain([&response.access_token]);
            let secret: BTreeSet<&String> = secret.collect();
            if response.remember.values().any(|pointer| secret.contains(pointer)) {
                self.say(node, "login", "What is remembered must not be secret: this is a token, or what is kept.");
            }
        }
        if login.renewal.request.as_ref().is_some_and(|request| !request.response.remember.is_empty()) {
            self.say(node, "login.renewal", "Only the answer to a login is remembered, not that to a renewal.");
        }
        if let Grant::Paste(paste) = &login.grant
            && paste.token == PastedToken::RefreshToken
            && paste.sources.is_empty()
        {
            self.say(node, "login.grant.paste", "A pasted refresh token needs a source: where it is refreshed.");
        }
    }

    fn actions(&mut self, actions: Option<&Node>, provider: &Provider) {
        let nodes = actions.and_then(|list| list.get_ref().as_array());
        for (node, action) in nodes.into_iter().flatten().zip(&provider.actions) {
            let asks = [action.request.is_some(), action.list.is_some(), !action.parts.is_empty()];
            let ways = asks.into_iter().chain([action.upload.is_some(), action.download.is_some()]);
            if ways.filter(|way| *way).count() != 1 {
                self.say(node, "action", "An action needs one of request, list, part, upload and download.");
            }
            self.fields(node, "action");
            self.answer(node, action);
            self.transfer(node, action);
            self.view(node, action, provider);
            for list in action.fields.iter().filter_map(|field| field.list.as_ref()).chain(&action.list) {
                self.known_list(node, "action", list, provider);
            }
            let fields = || action.fields.iter().map(|field| field.id.as_str());
            if let Some(each) = action.each.as_deref().filter(|each| !fields().any(|field| field == *each)) {
                self.suggest(node, "action.each", format!("There is no field “{each}”."), nearest(each, fields()));
            }
            for login in action.logins.iter().filter(|login| provider.login(login).is_none()) {
                let known = provider.logins.iter().map(|login| login.id.as_str());
                self.suggest(node, "action.logins", format!("There is no login “{login}”."), nearest(login, known));
            }
        }
    }
}

/// What parameters and their choices give.
fn of_choices(provider: &Provider) -> BTreeSet<&str> {
    let mut known: BTreeSet<&str> = BUILT_IN_NAMES.into();
    known.extend(provider.parameters.iter().map(|parameter| parameter.id.as_str()));
    let choices = provider.parameters.iter().flat_map(|parameter| &parameter.choices);
    known.extend(choices.flat_map(|choice| choice.set.keys()).map(String::as_str));
    known
}

/// What is known before any login: that, and the addresses made of it.
fn of_parameters(provider: &Provider) -> BTreeSet<&str> {
    let mut known = of_choices(provider);
    known.extend(provider.addresses.iter().map(|address| address.id.as_str()));
    known
}

/// What a connection gives.
fn of_connection(provider: &Provider) -> BTreeSet<&str> {
    let mut known = of_parameters(provider);
    known.extend(provider.logins.iter().flat_map(Login::remembered));
    known
}

/// What a login gives beside: its fields, what discovery finds, what it takes and keeps, and its tokens.
fn of_login<'a>(login: &'a Login, connection: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let mut known = connection.clone();
    known.extend(login.fields.iter().map(|field| field.id.as_str()));
    let choices = login.fields.iter().flat_map(|field| &field.choices);
    known.extend(choices.flat_map(|choice| choice.set.keys()).map(String::as_str));
    known.extend(["access_token", "refresh_token", "id_token", "old_access_token"]);
    if login.issuer.is_some() {
        known.extend(DISCOVERED);
    }
    for request in login.token_requests() {
        known.extend(request.steps.iter().flat_map(|step| step.take.keys()).map(String::as_str));
        known.extend(request.response.keep.keys().map(String::as_str));
    }
    known
}

fn on_this_machine(text: &str) -> bool {
    let host = text.split("://").nth(1).unwrap_or(text).split('/').next().unwrap_or_default();
    is_this_machine(host) || host.starts_with('{')
}
