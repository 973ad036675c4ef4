use std::collections::BTreeMap;

use serde::Serialize;

use crate::relay::{RELAY_API_KEY, SUBSCRIBER_ID};
use crate::{another_api, image_relay, own_api, spoke_zone, wazo};

/// What to fill in to reach one provider of the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// The provider file's `id`.
    pub provider: String,
    /// The provider's name for people.
    pub label: String,
    /// The provider file's parameters, by their names.
    pub parameters: BTreeMap<String, String>,
    /// What to type at each of its logins: by the login's id, then by the field's. These are demo
    /// values and no secrets; the home page prints them.
    pub logins: BTreeMap<String, BTreeMap<String, String>>,
}

/// The providers that the sandbox at `url` answers for.
#[must_use]
pub fn offers(url: &str) -> Vec<Offer> {
    vec![
        relay(url),
        image_relay::offer(url),
        spoke_zone::offer(url),
        wazo::offer(url),
        own_api::offer(url),
        another_api::offer(url),
    ]
}

fn relay(url: &str) -> Offer {
    let parameters = [
        ("api_url", format!("{url}/relay/api")),
        ("alerts_url", format!("{url}/relay/alerts")),
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
        logins: logins([
            ("browser", &[]),
            ("browser_legacy", &[]),
            ("refresh_token", &[]),
            ("access_token", &[]),
            ("api_key", &[("token", RELAY_API_KEY), ("subscriber_id", SUBSCRIBER_ID)]),
        ]),
    }
}

/// Demo values by login and field.
pub(crate) fn logins<const N: usize>(
    logins: [(&str, &[(&str, &str)]); N],
) -> BTreeMap<String, BTreeMap<String, String>> {
    let own = |fields: &[(&str, &str)]| {
        fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
    };
    logins.map(|(login, fields)| (login.to_owned(), own(fields))).into()
}
