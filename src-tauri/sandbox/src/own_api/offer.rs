use std::collections::BTreeMap;

use crate::account::{PASSWORD, USERNAME};
use crate::offer::{Offer, logins};

pub(crate) fn offer(url: &str) -> Offer {
    Offer {
        provider: "world-of-workflows".to_owned(),
        label: "World of Workflows".to_owned(),
        parameters: BTreeMap::from([("base_url".to_owned(), format!("{url}/own-api"))]),
        logins: logins([("request", &[("username", USERNAME), ("password", PASSWORD)])]),
    }
}
