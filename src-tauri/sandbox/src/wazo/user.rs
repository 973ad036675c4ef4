use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::Server;
use super::caller::Caller;
use super::failure::Failure;
use super::list::List;
use super::tenant::{ANNEX, HILLSIDE, TOP, is_within};
use super::token::uuid;
use crate::account::{FAMILY_NAME, GIVEN_NAME, SUBJECT, USERNAME};

/// May everything, in all tenants.
const SUPER_USERNAME: &str = "super@hillside.example";
/// Of a tenant below the demo account's, and with no more than every user has.
const OTHER_USERNAME: &str = "bob@hillside.example";

struct Email {
    uuid: &'static str,
    address: &'static str,
    main: bool,
    confirmed: bool,
}

/// A person. All have the sandbox's one password, until it is changed.
pub(super) struct User {
    pub(super) uuid: &'static str,
    pub(super) username: &'static str,
    pub(super) tenant: &'static str,
    pub(super) acl: &'static [&'static str],
    first_name: &'static str,
    last_name: &'static str,
    emails: &'static [Email],
}

pub(super) static USERS: [User; 3] = [
    User {
        uuid: SUBJECT,
        username: USERNAME,
        tenant: HILLSIDE,
        // Of what the sandbox answers, `calld.status.read` is what this one may not do.
        acl: &["auth.users.me.#", "auth.tenants.read", "confd.infos.read", "confd.status.read"],
        first_name: GIVEN_NAME,
        last_name: FAMILY_NAME,
        emails: &[
            Email {
                uuid: "b1a8c2c4-6a3f-4c0d-9a77-3f1f7f7f0a01",
                address: "alice.rodriguez@hillside.example",
                main: true,
                confirmed: true,
            },
            Email {
                uuid: "b1a8c2c4-6a3f-4c0d-9a77-3f1f7f7f0a02",
                address: "alice@annex.example",
                main: false,
                confirmed: false,
            },
        ],
    },
    User {
        uuid: "0d8f4f3a-93a5-4b35-a7a1-6a0f5f2c9b10",
        username: SUPER_USERNAME,
        tenant: TOP,
        acl: &["#"],
        first_name: "Sam",
        last_name: "Whitaker",
        emails: &[],
    },
    User {
        uuid: "5f5f3f0e-2a7e-4f0a-9a0b-1f2d3c4b5a69",
        username: OTHER_USERNAME,
        tenant: ANNEX,
        acl: &["auth.users.me.#"],
        first_name: "Bob",
        last_name: "Marsh",
        emails: &[],
    },
];

impl User {
    /// By the username or a confirmed e-mail address (providers.md §5.1).
    pub(super) fn called(login: &str) -> Option<&'static Self> {
        let is = |name: &str| name.eq_ignore_ascii_case(login);
        let mailed = |user: &User| user.emails.iter().any(|email| email.confirmed && is(email.address));
        USERS.iter().find(|user| is(user.username) || mailed(user))
    }

    fn info(&self) -> Value {
        let email = |email: &Email| {
            json!({
                "uuid": email.uuid,
                "address": email.address,
                "main": email.main,
                "confirmed": email.confirmed,
            })
        };
        json!({
            "uuid": self.uuid,
            "username": self.username,
            "firstname": self.first_name,
            "lastname": self.last_name,
            "emails": self.emails.iter().map(email).collect::<Vec<_>>(),
            "enabled": true,
            "purpose": "user",
            "tenant_uuid": self.tenant,
            "authentication_method": "default",
        })
    }
}

/// The user that a path names, if the tenant sees it.
pub(super) fn visible(uuid: &str, tenant: &str) -> Result<&'static User, Failure> {
    let known = USERS.iter().find(|user| user.uuid == uuid && is_within(user.tenant, tenant));
    known.ok_or_else(|| Failure::unknown_user(uuid))
}

/// GET `/users/{uuid}` (providers.md §5.2). `me` is no UUID.
pub(super) async fn user(
    State(server): State<Arc<Server>>,
    Path(user): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Failure> {
    let user = uuid(&user)?;
    let caller = Caller::demand(&server, &headers, &format!("auth.users.{user}.read"))?;
    let tenant = caller.tenant(&headers)?;
    let is_seen =
        |row: &Value| row["uuid"] == user && row["tenant_uuid"].as_str().is_some_and(|own| is_within(own, &tenant));
    match server.users.all().into_iter().find(is_seen) {
        Some(added) => Ok(Json(added)),
        None => Ok(Json(visible(&user, &tenant)?.info())),
    }
}

/// GET `/users`: those of one tenant, with `recurse` of those below too.
pub(super) async fn users(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Failure> {
    let caller = Caller::demand(&server, &headers, "auth.users.read")?;
    let tenant = caller.tenant(&headers)?;
    let list = List::read(query.as_deref(), &["username", "firstname", "lastname"], Some("username"))?;
    let seen = USERS.iter().map(User::info).chain(server.users.all());
    let seen = seen.filter(|user| list.covers(user["tenant_uuid"].as_str().unwrap_or_default(), &tenant));
    Ok(Json(list.apply(seen.collect(), &["uuid", "username", "firstname", "lastname"])))
}
