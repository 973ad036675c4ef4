//! An account at a provider: parameters, label, the way in. Nothing secret is here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;

use crate::dial::Broker;
use crate::error::{Error, ErrorCode, Result};
use crate::kept_list::{KeptList, Listed};
use crate::provider::{Encoding, Field, FieldKind, Login, Provider, Variables, fill};
use crate::transport::parse_url;

/// An account at a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Unique; also the name of its keychain item.
    pub id: String,
    /// The provider's id.
    pub provider: String,
    /// As the person calls it.
    pub label: String,
    /// What the provider's parameters are set to, any variable or address that is overridden, and what the last login
    /// remembered.
    pub parameters: BTreeMap<String, String>,
    /// A certificate authority in PEM that is trusted for this connection alone.
    #[serde(default)]
    pub ca: Option<String>,
    /// Whether it goes to the sandbox.
    #[serde(default)]
    pub sandbox: bool,
    /// The way in that was used last.
    pub login: Option<String>,
    /// Who logged in, once known.
    pub identity: Option<String>,
    /// What a newer version has written here. It stays.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

/// The connections of this person.
pub type Connections = KeptList<Connection>;

impl Listed for Connection {
    const CALLED: &'static str = "connection";
    const ALL: &'static str = "connections";

    fn id(&self) -> &str {
        &self.id
    }

    fn unknown(id: &str) -> Error {
        Error::new(ErrorCode::UnknownConnection, format!("There is no connection “{id}”."))
    }
}

impl Connection {
    /// What the provider file's placeholders stand for: parameters, then what their choices set, then addresses made of
    /// these; what the connection overrides goes before all.
    pub fn variables(&self, provider: &Provider, installation_id: &str) -> Variables {
        let short: String = self.id.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        let mut variables = Variables::from([
            ("installation_id".to_owned(), installation_id.to_owned()),
            ("connection_id".to_owned(), short),
        ]);
        for parameter in &provider.parameters {
            let value = self.parameters.get(&parameter.id).or(parameter.initial.as_ref());
            let value = shortened(value.map(|value| value.trim()).unwrap_or_default());
            variables.insert(parameter.id.clone(), value.to_owned());
            if let Some(choice) = parameter.choices.iter().find(|choice| choice.value == value) {
                variables.extend(choice.set.clone());
            }
        }
        for address in &provider.addresses {
            // Made of what it stands after, with what is overridden of that.
            let overridden = self.parameters.get(&address.id);
            let url = overridden.cloned().or_else(|| fill(&address.url, &variables, Encoding::Plain).ok());
            variables.extend(url.map(|url| (address.id.clone(), url)));
        }
        let is_parameter = |id: &String| provider.parameters.iter().any(|parameter| &parameter.id == id);
        variables.extend(self.parameters.clone().into_iter().filter(|(id, _)| !is_parameter(id)));
        variables
    }

    /// The addresses that can be overridden, as they are used and as they usually are.
    pub fn addresses(&self, provider: &Provider) -> Vec<AddressView> {
        let own = |id: &String| provider.addresses.iter().any(|a| &a.id == id) || sets_address(provider, id);
        let usual = Self {
            parameters: self
                .parameters
                .iter()
                .filter(|(id, _)| !own(id))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
            ..self.clone()
        };
        let (usual, used) = (usual.variables(provider, ""), self.variables(provider, ""));
        let chosen = provider.parameters.iter().flat_map(|parameter| parameter.choices.first());
        let chosen = chosen.flat_map(|choice| choice.set.keys()).filter(|id| sets_address(provider, id));
        let chosen = chosen.map(|id| (id, words(id)));
        let named = provider.addresses.iter().map(|address| (&address.id, address.label.clone()));
        let value = |variables: &Variables, id: &String| variables.get(id).cloned().unwrap_or_default();
        let view = |(id, label): (&String, String)| AddressView {
            id: id.clone(),
            label,
            value: value(&used, id),
            usual: value(&usual, id),
        };
        chosen.chain(named).map(view).collect()
    }

    /// The second line under its label: the chosen environment, or that it is the sandbox.
    pub fn detail(&self, provider: &Provider) -> String {
        if self.sandbox {
            return "Sandbox".to_owned();
        }
        // What tells connections apart: an environment, and what one had to type.
        let telling = |parameter: &&Field| {
            parameter.choices.iter().any(|choice| !choice.set.is_empty())
                || (parameter.kind == FieldKind::Text && parameter.initial.is_none())
        };
        let shown = provider.parameters.iter().filter(telling).filter_map(|parameter| {
            let value = self.parameters.get(&parameter.id).or(parameter.initial.as_ref())?.trim();
            let choice = parameter.choices.iter().find(|choice| choice.value == value);
            let shown = choice.map_or(value, |choice| choice.label.as_str());
            let shown = shown.split_once("://").map_or(shown, |(_, host)| host.trim_end_matches('/'));
            (!shown.is_empty()).then(|| shown.to_owned())
        });
        shown.collect::<Vec<_>>().join(", ")
    }
}

/// An address to which paths are appended, without the slash at its end.
fn shortened(value: &str) -> &str {
    if value.contains("://") { value.trim_end_matches('/') } else { value }
}

/// Whether a choice sets this to an address.
fn sets_address(provider: &Provider, id: &str) -> bool {
    let choices = provider.parameters.iter().flat_map(|parameter| &parameter.choices);
    choices.filter_map(|choice| choice.set.get(id)).any(|value| value.contains("://"))
}

/// A name of templates as people read it: `auth_url` is “Auth URL”.
fn words(id: &str) -> String {
    let words = id.split('_').map(|word| match word {
        "url" | "api" => word.to_uppercase(),
        _ => word.to_owned(),
    });
    let text = words.collect::<Vec<_>>().join(" ");
    text.chars().next().map(|first| first.to_uppercase().chain(text.chars().skip(1)).collect()).unwrap_or_default()
}

/// An address of a connection.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AddressView {
    /// Its name in the provider's file.
    pub id: String,
    /// As it is shown.
    pub label: String,
    /// As it is used.
    pub value: String,
    /// As it is where the connection does not say otherwise.
    pub usual: String,
}

/// Checks what was typed for a connection.
///
/// # Errors
/// `invalid_input` that names the field.
pub fn check_parameters(provider: &Provider, given: &BTreeMap<String, String>) -> Result<()> {
    let known = |name: &String| {
        let choices = provider.parameters.iter().flat_map(|parameter| &parameter.choices);
        provider.parameters.iter().any(|parameter| &parameter.id == name)
            || choices.flat_map(|choice| choice.set.keys()).any(|key| key == name)
            || provider.variables.iter().any(|variable| &variable.id == name)
            || provider.addresses.iter().any(|address| &address.id == name)
            || provider.logins.iter().flat_map(Login::remembered).any(|remembered| remembered == name)
    };
    if let Some(unknown) = given.keys().find(|name| !known(name)) {
        return Err(Error::input(unknown, format!("{} has no parameter “{unknown}”.", provider.name)));
    }
    let addresses = provider.addresses.iter().filter_map(|address| Some((address, given.get(&address.id)?)));
    for (address, url) in addresses {
        let of_broker = address.url.starts_with("mqtt");
        let good = if of_broker { Broker::parse(url).map(drop) } else { parse_url(url).map(drop) };
        good.map_err(|error| Error { field: Some(address.id.clone()), ..error })?;
    }
    provider.parameters.iter().try_for_each(|parameter| check_parameter(parameter, given))
}

fn check_parameter(parameter: &Field, given: &BTreeMap<String, String>) -> Result<()> {
    let value = given.get(&parameter.id).or(parameter.initial.as_ref()).map_or("", |value| value.trim());
    if value.is_empty() && !parameter.optional {
        return Err(Error::input(&parameter.id, format!("{} is needed.", parameter.label)));
    }
    parameter.check_kind(value)?;
    let chosen = parameter.choices.iter().any(|choice| choice.value == value);
    if parameter.kind == FieldKind::Choice && !chosen {
        return Err(Error::input(&parameter.id, format!("{} is none of the choices.", parameter.label)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Registry;

    fn relay(parameters: &[(&str, &str)]) -> Connection {
        Connection {
            id: "c".to_owned(),
            provider: "relay".to_owned(),
            label: "Relay".to_owned(),
            parameters: parameters.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            ca: None,
            sandbox: false,
            login: None,
            identity: None,
            others: Map::new(),
        }
    }

    #[test]
    fn an_environment_picks_hosts_and_client_identifiers_and_an_override_wins() {
        let registry = Registry::built_in();
        let provider = registry.get("relay").unwrap();
        assert_eq!(relay(&[]).variables(&provider, "here")["cli_client_id"], "83756T4P");
        let qa = relay(&[("environment", "qa"), ("api_url", "http://127.0.0.1:1")]).variables(&provider, "here");
        assert_eq!(qa["sdk_client_id"], "rGGK996c");
        assert_eq!(qa["api_url"], "http://127.0.0.1:1");
    }

    #[test]
    fn a_choice_that_is_not_offered_names_its_field() {
        let registry = Registry::built_in();
        let provider = registry.get("relay").unwrap();
        let given = BTreeMap::from([("environment".to_owned(), "moon".to_owned())]);
        assert_eq!(check_parameters(&provider, &given).unwrap_err().field.as_deref(), Some("environment"));
    }
}
