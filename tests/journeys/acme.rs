//! A provider of one's own for trying a key of the format: an API key, and whatever a test writes below it.

use std::collections::BTreeMap;

use keydesk_core::{AddConnection, ConnectionView, LogIn, SaveProvider, Secret};

use crate::house::House;

const FILE: &str = r#"
id = "acme"
name = "Acme"
summary = "A key"
[[parameter]]
id = "base_url"
label = "Address"
[api]
base_url = "{base_url}/v1"
headers = { X-Tenant = "the-tenant" }
[[login]]
id = "key"
label = "Key"
summary = "From your account page."
[login.grant.paste]
token = "api_key"
label = "Key"
"#;
pub const TOKEN: &str = "the-key-of-acme";

/// A connection with it, logged in.
pub struct Acme {
    pub house: House,
    pub connection: ConnectionView,
}

impl Acme {
    /// Whose servers are there, and whose file ends with `more`.
    pub async fn at(base_url: &str, more: &str) -> Self {
        let house = House::new();
        let text = format!("{FILE}{more}");
        house.keydesk.save_provider(&SaveProvider { text, replaces: None, file: None }).unwrap();
        let parameters = BTreeMap::from([("base_url".to_owned(), base_url.to_owned())]);
        let request = AddConnection { provider: "acme".to_owned(), label: None, parameters, ca: None, sandbox: false };
        let connection = house.keydesk.add_connection(request).unwrap();
        let this = Self { house, connection };
        this.log_in().await;
        this
    }

    pub async fn log_in(&self) {
        let fields = [("token".to_owned(), Secret::new(TOKEN))].into();
        let (connection, login) = (self.connection.id.clone(), "key".to_owned());
        self.house.keydesk.log_in(LogIn { connection, login, fields, keep: Vec::new() }).await.unwrap();
    }
}
