use std::collections::BTreeMap;

use serde::Serialize;

/// What to fill in to reach one provider of the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// The provider file's `id`.
    pub provider: String,
    /// The provider's name for people.
    pub label: String,
    /// The provider file's parameters, by their names.
    pub parameters: BTreeMap<String, String>,
}

/// The providers that the sandbox at `url` answers for.
#[must_use]
pub fn offers(url: &str) -> Vec<Offer> {
    vec![relay(url)]
}

fn relay(url: &str) -> Offer {
    let parameters = [
        ("api_url", format!("{url}/relay/api")),
        ("auth_url", format!("{url}/relay/auth")),
        ("legacy_auth_url", format!("{url}/relay/legacy")),
        // No port: the listener takes any free one (RFC 8252 §7.3).
        ("redirect_base", "http://127.0.0.1".to_owned()),
        // Relay's legacy server knows this port only (providers.md §1.1).
        ("legacy_redirect_base", "http://localhost:8079".to_owned()),
    ];
    Offer {
        provider: "relay".to_owned(),
        label: "Relay".to_owned(),
        parameters: parameters.map(|(name, value)| (name.to_owned(), value)).into(),
    }
}
