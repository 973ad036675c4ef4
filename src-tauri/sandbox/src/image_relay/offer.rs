use std::collections::BTreeMap;

use super::{IMAGE_RELAY_CLIENT_ID, IMAGE_RELAY_CLIENT_SECRET, IMAGE_RELAY_KEY};
use crate::account::{PASSWORD, USERNAME};
use crate::offer::{Offer, logins};

pub(crate) fn offer(url: &str) -> Offer {
    Offer {
        provider: "image-relay".to_owned(),
        label: "Image Relay".to_owned(),
        parameters: BTreeMap::from([
            ("subdomain".to_owned(), "hillside".to_owned()),
            ("tenant_url".to_owned(), format!("{url}/image-relay")),
        ]),
        logins: logins([
            (
                "browser",
                &[
                    ("client_id", IMAGE_RELAY_CLIENT_ID),
                    ("client_secret", IMAGE_RELAY_CLIENT_SECRET),
                    // No port: the listener takes any free one (RFC 8252 §7.3).
                    ("redirect_uri", "http://127.0.0.1/callback"),
                ],
            ),
            ("api_key", &[("token", IMAGE_RELAY_KEY)]),
            ("basic", &[("username", USERNAME), ("password", PASSWORD)]),
        ]),
    }
}
