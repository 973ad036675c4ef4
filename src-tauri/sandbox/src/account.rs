//! The one account that every provider of the sandbox knows.

/// The demo account's user name.
pub const USERNAME: &str = "alice@hillside.example";
/// The demo account's password. It guards nothing, and the login page prints it.
pub const PASSWORD: &str = "sandbox";

pub(crate) const GIVEN_NAME: &str = "Alice";
pub(crate) const FAMILY_NAME: &str = "Rodriguez";
/// "Auth User ID" in seed 0.
pub(crate) const SUBJECT: &str = "98071da3-572b-4552-be88-8907a9ad03ef";

/// Whether these are the demo account's.
pub(crate) fn accepts(username: &str, password: &str) -> bool {
    username.trim().eq_ignore_ascii_case(USERNAME) && password == PASSWORD
}
