//! An account at a provider: parameters, label, the way in. Nothing secret is here.

mod store;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::provider::{Field, FieldKind, Provider, Variables};

pub use store::Connections;

/// An account at a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Unique; also the name of its keychain item.
    pub id: String,
    /// The provider's id.
    pub provider: String,
    /// As the person calls it.
    pub label: String,
    /// What the provider's parameters are set to, and any variable that is overridden.
    pub parameters: BTreeMap<String, String>,
    /// Whether it goes to the sandbox.
    #[serde(default)]
    pub sandbox: bool,
    /// The way in that was used last.
    pub login: Option<String>,
    /// Who logged in, once known.
    pub identity: Option<String>,
}

impl Connection {
    /// What the provider file's placeholders stand for: parameters, then what their choices set, then overrides.
    pub fn variables(&self, provider: &Provider) -> Variables {
        let mut variables = Variables::new();
        for parameter in &provider.parameters {
            let Some(value) = self.parameters.get(&parameter.id).or(parameter.initial.as_ref()) else { continue };
            variables.insert(parameter.id.clone(), value.clone());
            if let Some(choice) = parameter.choices.iter().find(|choice| &choice.value == value) {
                variables.extend(choice.set.clone());
            }
        }
        variables.extend(self.parameters.clone());
        variables
    }

    /// The second line under its label: the chosen environment, or that it is the sandbox.
    pub fn detail(&self, provider: &Provider) -> String {
        if self.sandbox {
            return "Sandbox".to_owned();
        }
        let shown = provider.parameters.iter().filter_map(|parameter| {
            let value = self.parameters.get(&parameter.id).or(parameter.initial.as_ref())?;
            let choice = parameter.choices.iter().find(|choice| &choice.value == value);
            Some(choice.map_or_else(|| value.clone(), |choice| choice.label.clone()))
        });
        shown.collect::<Vec<_>>().join(", ")
    }
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
    };
    if let Some(unknown) = given.keys().find(|name| !known(name)) {
        return Err(Error::input(unknown, format!("{} has no parameter “{unknown}”.", provider.name)));
    }
    provider.parameters.iter().try_for_each(|parameter| check_parameter(parameter, given))
}

fn check_parameter(parameter: &Field, given: &BTreeMap<String, String>) -> Result<()> {
    let value = given.get(&parameter.id).or(parameter.initial.as_ref()).map_or("", |value| value.trim());
    if value.is_empty() && !parameter.optional {
        return Err(Error::input(&parameter.id, format!("{} is needed.", parameter.label)));
    }
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
            sandbox: false,
            login: None,
            identity: None,
        }
    }

    #[test]
    fn an_environment_picks_hosts_and_client_identifiers_and_an_override_wins() {
        let registry = Registry::built_in();
        let provider = registry.get("relay").unwrap();
        assert_eq!(relay(&[]).variables(provider)["cli_client_id"], "83756T4P");
        let qa = relay(&[("environment", "qa"), ("api_url", "http://127.0.0.1:1")]).variables(provider);
        assert_eq!(qa["sdk_client_id"], "rGGK996c");
        assert_eq!(qa["api_url"], "http://127.0.0.1:1");
    }

    #[test]
    fn a_choice_that_is_not_offered_names_its_field() {
        let registry = Registry::built_in();
        let provider = registry.get("relay").unwrap();
        let given = BTreeMap::from([("environment".to_owned(), "moon".to_owned())]);
        assert_eq!(check_parameters(provider, &given).unwrap_err().field.as_deref(), Some("environment"));
    }
}
