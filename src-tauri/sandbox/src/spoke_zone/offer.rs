use std::collections::BTreeMap;

use super::demo_token::demo_token;
use super::fixtures::{CUSTOMER, DEMO_CPU_ID, DEMO_DEVICE, DEMO_UUID, NEW_IDENTIFIER};
use super::user::SUPER_USERNAME;
use crate::account::{PASSWORD, USERNAME};
use crate::offer::{Offer, logins};

pub(crate) fn offer(url: &str) -> Offer {
    let (device, customer, token) = (DEMO_DEVICE.to_string(), CUSTOMER.to_string(), demo_token());
    let user = ("username", USERNAME);
    let above = ("username", SUPER_USERNAME);
    let password = ("password", PASSWORD);
    Offer {
        provider: "spoke-zone".to_owned(),
        label: "Spoke Zone".to_owned(),
        parameters: BTreeMap::from([
            ("api_url".to_owned(), format!("{url}/spoke-zone")),
            // The same port: who begins as MQTT does is let in as such.
            ("mqtt_url".to_owned(), url.replacen("http", "mqtt", 1)),
        ]),
        logins: logins([
            ("user", &[user, password]),
            ("device", &[("cpu_id", DEMO_CPU_ID), ("uuid", DEMO_UUID), ("token", &token)]),
            ("device_secrets", &[user, password, ("device", &device), ("cpu_id", DEMO_CPU_ID)]),
            ("new_device", &[above, password, ("customer_id", &customer), ("identifier", NEW_IDENTIFIER)]),
        ]),
    }
}
