//! A provider file of tests: a key to log in with, one form that sends a file and one that fetches one. How they do so stands in
//! each test.

/// Its parameters and its way in.
pub const KEY: &str = r#"
id = "drive"
name = "Drive"
summary = "A key"
[[parameter]]
id = "url"
label = "URL"
[api]
base_url = "{url}"
[[login]]
id = "key"
label = "Key"
summary = "A key."
[login.grant.paste]
token = "api_key"
label = "Key"
"#;

/// A form that sends a file, as far as its `[action.upload]`.
#[must_use]
pub fn send(id: &str) -> String {
    let rest = "changes = true\n[[action.field]]\nid = \"file\"\nlabel = \"File\"\nkind = \"file\"\n";
    form(id, "upload", rest)
}

/// A form that fetches a file, as far as its `[action.download]`.
#[must_use]
pub fn fetch(id: &str) -> String {
    form(id, "download", "")
}

fn form(id: &str, icon: &str, rest: &str) -> String {
    let view = "view = { kind = \"json\" }\n";
    format!(
        "[[action]]\nid = \"{id}\"\nlabel = \"{id}\"\nsummary = \"A file.\"\nicon = \"{icon}\"\nsubmit = \"Go\"\n{view}{rest}"
    )
}
