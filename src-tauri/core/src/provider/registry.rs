//! The providers that are known: those built in. A file with a mistake would stop no other.

use std::sync::Arc;

use super::schema::{Action, Provider};
use super::template;
use crate::error::{Error, ErrorCode, Result};

/// The built-in files. This list, the sandbox and the tests are the only places that name a provider.
const BUILT_IN: [&str; 1] = [include_str!("../../../providers/relay.toml")];

/// The providers that are known.
pub struct Registry {
    providers: Vec<Arc<Provider>>,
}

impl Registry {
    /// The built-in providers.
    pub fn built_in() -> Self {
        let parsed = BUILT_IN.iter().map(|text| parse(text));
        let good = parsed.filter_map(|outcome| {
            outcome.inspect_err(|error| tracing::error!(%error, "a provider file is set aside")).ok()
        });
        Self { providers: good.map(Arc::new).collect() }
    }

    /// All of them, in their order.
    pub fn all(&self) -> &[Arc<Provider>] {
        &self.providers
    }

    /// The one with this id.
    ///
    /// # Errors
    /// `unknown_provider`.
    pub fn get(&self, id: &str) -> Result<&Arc<Provider>> {
        let found = self.providers.iter().find(|provider| provider.id == id);
        found.ok_or_else(|| Error::new(ErrorCode::UnknownProvider, format!("There is no provider “{id}”.")))
    }
}

/// Reads a provider file.
///
/// # Errors
/// `invalid_input` with line and key of the first mistake.
pub fn parse(text: &str) -> Result<Provider> {
    let provider: Provider =
        toml::from_str(text).map_err(|error| Error::new(ErrorCode::InvalidInput, error.to_string()))?;
    let mistakes: Vec<String> = provider.actions.iter().flat_map(|action| mistakes(&provider, action)).collect();
    if mistakes.is_empty() { Ok(provider) } else { Err(Error::new(ErrorCode::InvalidInput, mistakes.join("; "))) }
}

/// What the types cannot say.
fn mistakes(provider: &Provider, action: &Action) -> Vec<String> {
    let mut found = Vec::new();
    let id = &action.id;
    let ways = usize::from(action.request.is_some())
        + usize::from(action.list.is_some())
        + usize::from(!action.parts.is_empty());
    if ways != 1 {
        found.push(format!("action {id}: needs one of request, list and part"));
    }
    let lists = action.fields.iter().filter_map(|field| field.list.as_ref()).chain(action.list.as_ref());
    found.extend(lists.filter(|list| provider.list(list).is_none()).map(|list| format!("action {id}: no list {list}")));
    if let Some(request) = &action.request {
        let known = |name: &str| {
            action.fields.iter().any(|field| field.id == name)
                || provider.variables.iter().any(|variable| variable.id == name)
        };
        let unknown = template::names(&request.url).filter(|name| request.url.starts_with('/') && !known(name));
        found.extend(unknown.map(|name| format!("action {id}: nothing gives {name}")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_file_is_good() {
        for text in BUILT_IN {
            parse(text).unwrap();
        }
        assert_eq!(Registry::built_in().all().len(), BUILT_IN.len());
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let error = parse(&format!("colour = 1\n{}", BUILT_IN[0])).unwrap_err();
        assert!(error.message.contains("colour"), "{}", error.message);
    }
}
