//! The beginning of a provider file, for tests.

pub(super) const ACME: &str = r#"
id = "acme"
name = "Acme"
summary = "A key"
[api]
base_url = "https://acme.example/v1"
[[login]]
id = "key"
label = "API key"
summary = "From your account page."
[login.grant.paste]
token = "api_key"
label = "API key"
"#;
