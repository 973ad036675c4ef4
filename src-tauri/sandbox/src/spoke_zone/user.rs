use super::fixtures::{CUSTOMER, OTHER_CUSTOMER};
use crate::account::{FAMILY_NAME, GIVEN_NAME, PASSWORD, USERNAME};

/// The user above all customers ("super role" in seed 2).
pub(super) const SUPER_USERNAME: &str = "super@hillside.example";
/// A user of another customer, who may look and not write.
pub(super) const OTHER_USERNAME: &str = "bob@lakeside.example";

/// What a user may do (seed 2: different levels of tokens). The names are the sandbox's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Super,
    Operator,
    Viewer,
}

impl Role {
    /// As the demo claim `demo_permissions` lists them.
    pub(super) fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Super => &["devices:read", "devices:create", "data-files:write", "ota-files:read"],
            Self::Operator => &["devices:read", "data-files:write", "ota-files:read"],
            Self::Viewer => &["devices:read", "ota-files:read"],
        }
    }
}

/// A person. All have the sandbox's one password.
#[derive(Debug)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) username: &'static str,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) customer: u64,
    pub(super) role: Role,
}

static USERS: [User; 3] = [
    User {
        id: 1,
        username: USERNAME,
        first_name: GIVEN_NAME,
        last_name: FAMILY_NAME,
        customer: CUSTOMER,
        role: Role::Operator,
    },
    User {
        id: 2,
        username: SUPER_USERNAME,
        first_name: "Sam",
        last_name: "Whitaker",
        customer: CUSTOMER,
        role: Role::Super,
    },
    User {
        id: 3,
        username: OTHER_USERNAME,
        first_name: "Bob",
        last_name: "Marsh",
        customer: OTHER_CUSTOMER,
        role: Role::Viewer,
    },
];

/// Who these belong to.
pub(super) fn log_in(username: &str, password: &str) -> Option<&'static User> {
    let named = |user: &&User| user.username.eq_ignore_ascii_case(username.trim());
    USERS.iter().find(named).filter(|_| password == PASSWORD)
}
