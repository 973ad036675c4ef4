use std::collections::BTreeMap;

use super::client::DEFAULT_SCOPE;
use super::{ANOTHER_API_CLIENT_ID, ANOTHER_API_CLIENT_SECRET, ANOTHER_API_CONFIDENTIAL_CLIENT_ID, ANOTHER_API_KEY};
use crate::account::{PASSWORD, USERNAME};
use crate::offer::{Offer, logins};

pub(crate) fn offer(url: &str) -> Offer {
    let issuer = format!("{url}/oauth");
    let (issuer, client_id) = (("issuer", issuer.as_str()), ("client_id", ANOTHER_API_CLIENT_ID));
    let person = [("username", USERNAME), ("password", PASSWORD)];
    let confidential =
        [issuer, ("client_id", ANOTHER_API_CONFIDENTIAL_CLIENT_ID), ("client_secret", ANOTHER_API_CLIENT_SECRET)];
    Offer {
        provider: "another-api".to_owned(),
        label: "Another API".to_owned(),
        parameters: BTreeMap::from([("base_url".to_owned(), format!("{url}/oauth/api"))]),
        logins: logins([
            ("browser", &[issuer, client_id, ("scope", DEFAULT_SCOPE)]),
            ("client_credentials", &confidential),
            ("password", &[issuer, client_id, person[0], person[1]]),
            ("device_code", &[issuer, client_id]),
            ("api_key", &[("token", ANOTHER_API_KEY)]),
            ("api_key_query", &[("token", ANOTHER_API_KEY)]),
            ("basic", &person),
        ]),
    }
}
